"""One bank transaction, with its lines."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.books import Books
from xero_sandbox.html import Child, tag
from xero_sandbox.pages.documents import (
    contact_link,
    credit_link,
    currency,
    files_table,
    found_by_id,
    history_table,
    lines_table,
    sums,
    way_back,
)
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import badge, day, facts
from xero_sandbox.records.bank_transaction import BankTransaction


async def show_bank_transaction(request: Request) -> Response:
    books, one = found_by_id(request, Books.bank_transaction)
    return page(
        "Bank transaction",
        way_back(books),
        tag("h1", "Bank transaction ", badge(one.status)),
        tag("section", facts(_about(books, one)), class_="sheet"),
        lines_table(one.lines, one.line_amount_types),
        sums([("Subtotal", one.sub_total), ("Tax", one.total_tax), ("Total", one.total)]),
        files_table(one.attachments),
        history_table(one.history),
    )


def _about(books: Books, one: BankTransaction) -> list[tuple[str, Child]]:
    return [
        ("Type", one.type),
        ("Contact", contact_link(books, one.contact_id) if one.contact_id else ""),
        ("Account", books.organisation.accounts[one.account_id].name),
        ("Reference", one.reference),
        ("Date", day(one.dated)),
        ("Currency", currency(books, one.currency, one.currency_rate)),
        ("Bank", "reconciled" if one.is_reconciled else ""),
        ("Made", credit_link(books.organisation.credits[one.credit_id]) if one.credit_id else ""),
        ("BankTransactionID", tag("code", one.transaction_id)),
    ]
