"""One credit note, overpayment or prepayment: its lines, what it settled, its history."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.books import Books
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.documents import (
    CREDIT_NAMES,
    OVER,
    contact_link,
    currency,
    files_table,
    found_by_id,
    history_table,
    invoice_link,
    lines_table,
    payments_table,
    sums,
    way_back,
)
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import badge, day, facts, link, money, number, table
from xero_sandbox.records.credit import Credit


async def show_credit(request: Request) -> Response:
    books, credit = found_by_id(request, _look)
    title = f"{CREDIT_NAMES[credit.noun]} {credit.number}".strip()
    refunds = [books.organisation.payments[one] for one in credit.payment_ids]
    return page(
        title,
        way_back(books),
        tag("h1", title, " ", badge(credit.status)),
        tag("section", facts(_about(books, credit)), class_="sheet"),
        lines_table(credit.lines, credit.line_amount_types),
        _sums(credit),
        _allocations(books, credit),
        payments_table(books, refunds, "Refunds"),
        files_table(credit.attachments),
        history_table(credit.history),
    )


def _look(books: Books, credit_id: str) -> Credit | None:
    return books.organisation.credits.get(credit_id.lower())


def _about(books: Books, credit: Credit) -> list[tuple[str, Child]]:
    bank = credit.bank_transaction_id
    return [
        ("To" if credit.of_customer else "From", contact_link(books, credit.contact_id)),
        ("Type", credit.type),
        ("Reference", credit.reference),
        ("Date", day(credit.dated)),
        ("Due", day(credit.due_date) if credit.due_date else ""),
        ("Currency", currency(books, credit.currency, credit.currency_rate)),
        ("Fully used on", day(credit.fully_used_on) if credit.fully_used_on else ""),
        ("Made by", link(f"/_sandbox/bank-transactions/{bank}", "a bank transaction") if bank else ""),
        (f"{credit.noun}ID", tag("code", credit.credit_id)),
    ]


def _sums(credit: Credit) -> Markup:
    pairs = [("Subtotal", credit.sub_total), ("Tax", credit.total_tax), ("Total", credit.total)]
    pairs.append(("Allocated", credit.applied))
    if credit.refunded:
        pairs.append(("Refunded", credit.refunded))
    if credit.status not in OVER:
        pairs.append(("Left", credit.remaining))
    return sums(pairs)


def _allocations(books: Books, credit: Credit) -> Markup:
    rows: list[list[Child]] = [
        [
            day(one.dated),
            invoice_link(books.organisation.invoices[one.invoice_id]),
            tag("code", one.allocation_id),
            number(f"{money(one.amount)} {credit.currency}"),
        ]
        for one in credit.allocations
    ]
    return table("Allocations", ("Date", "Settles", "AllocationID", "#Amount"), rows)
