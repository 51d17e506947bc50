"""What the pages of documents share: where they are found, lines, sums, payments, files, history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from starlette.requests import Request

from xero_sandbox.books import Books
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.parts import badge, day, link, moment, money, number, table
from xero_sandbox.problems import not_found
from xero_sandbox.records.attached import Attachment, HistoryEntry
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice, LineItem
from xero_sandbox.records.payment import Payment
from xero_sandbox.rules.amounts import QUANTITY_STEP
from xero_sandbox.sandbox import Sandbox

Found = TypeVar("Found")
INCLUDING = {"Exclusive": "Amounts are without tax", "Inclusive": "Amounts hold their tax", "NoTax": "No tax"}
OVER = ("VOIDED", "DELETED")
CREDIT_NAMES = {"CreditNote": "Credit note", "Overpayment": "Overpayment", "Prepayment": "Prepayment"}
EACH_MAX = 200  # rows of a list
PAYMENT_STATUS = {"AUTHORISED": "PAID"}  # to people it is paid


def found_by_id(request: Request, look: Callable[[Books, str], Found | None]) -> tuple[Books, Found]:
    """Return what the id in the path names, in whichever organisation; raises a 404."""
    sandbox: Sandbox = request.app.state.sandbox
    for organisation_id in sandbox.world.organisations:
        books = sandbox.books(organisation_id)
        found = look(books, request.path_params["id"])
        if found is not None:
            return books, found
    raise not_found()


def way_back(books: Books) -> Markup:
    one = books.organisation
    return tag("p", link(f"/_sandbox/organisations/{one.organisation_id}", f"← {one.name}"))


def contact_link(books: Books, contact_id: str) -> Markup:
    return link(f"/_sandbox/contacts/{contact_id}", books.organisation.contacts[contact_id].name)


def invoice_link(one: Invoice) -> Markup:
    return link(f"/_sandbox/invoices/{one.invoice_id}", one.number or "without a number")


def credit_link(one: Credit) -> Markup:
    return link(f"/_sandbox/credits/{one.credit_id}", one.number or CREDIT_NAMES[one.noun])


def document_link(one: Invoice | Credit) -> Markup:
    return invoice_link(one) if isinstance(one, Invoice) else credit_link(one)


def currency(books: Books, code: str, rate: Decimal) -> str:
    base = books.organisation.base_currency
    return code if code == base else f"{code}, {rate} for 1 {base}"


def lines_table(lines: Sequence[LineItem], line_amount_types: str) -> Markup:
    heads = ("Description", "#Quantity", "#Price", "#Discount", "Account", "Tax", "Tracking", "#Tax amount", "#Amount")
    caption = f"Lines. {INCLUDING.get(line_amount_types, '')}."
    return table(caption, heads, [_line_row(line) for line in lines])


def sums(pairs: Iterable[tuple[str, Decimal]]) -> Markup:
    """Return amounts one below the other, as under the lines of an invoice."""
    shown = [(tag("dt", name), tag("dd", money(amount))) for name, amount in pairs]
    return tag("dl", shown, class_="sums")


def payments_table(books: Books, payments: Iterable[Payment], caption: str = "Payments") -> Markup:
    rows: list[list[Child]] = [
        [
            day(one.paid_on),
            document_link(books.document_of(one)),
            books.organisation.accounts[one.account_id].name,
            one.reference,
            badge(PAYMENT_STATUS.get(one.status, one.status)),
            "reconciled" if one.is_reconciled else "",
            tag("code", one.payment_id),
            number(f"{money(one.amount)} {books.document_of(one).currency}"),
        ]
        for one in payments
    ]
    heads = ("Date", "Document", "Account", "Reference", "Status", "Bank", "PaymentID", "#Amount")
    return table(caption, heads, rows)


def files_table(files: Iterable[Attachment]) -> Markup:
    rows: list[list[Child]] = [
        [one.file_name, one.mime_type, "shown online" if one.include_online else "", number(f"{len(one.content):,}")]
        for one in files
    ]
    return table("Attachments", ("File", "Type", "For the customer", "#Bytes"), rows) if rows else Markup("")


def history_table(history: Sequence[HistoryEntry]) -> Markup:
    rows: list[list[Child]] = [[moment(one.at), one.changes, one.user, one.details] for one in reversed(history)]
    return table("History", ("When", "What", "Who", "Details"), rows)


def _line_row(line: LineItem) -> list[Child]:
    discount = ""
    if line.discount_rate is not None:
        discount = f"{line.discount_rate.normalize() + 0:f} %"
    elif line.discount_amount is not None:
        discount = money(line.discount_amount)
    quantity = "" if line.quantity is None else f"{line.quantity.quantize(QUANTITY_STEP).normalize() + 0:f}"
    return [
        line.description,
        number(quantity),
        number("" if line.unit_amount is None else f"{line.unit_amount:,}"),
        number(discount),
        line.account_code,
        line.tax_type,
        ", ".join(f"{one.category}: {one.option}" for one in line.tracking),
        number(money(line.tax_amount)),
        number(money(line.line_amount)),
    ]
