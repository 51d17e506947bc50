"""An invoice or credit note as lines of print, for its PDF."""

from __future__ import annotations

from decimal import Decimal

from xero_sandbox.books import Books
from xero_sandbox.pdf import COLUMNS
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice, LineItem

TITLES = {"ACCREC": "INVOICE", "ACCPAY": "BILL"}
TEXT, NUMBER = 46, 12  # columns of a line's description, and of each number


def printed(one: Invoice | Credit, books: Books) -> list[str]:
    """Return the lines, none longer than a page is wide."""
    title = TITLES.get(one.type, "CREDIT NOTE")
    contact = books.organisation.contacts[one.contact_id]
    due = [f"Due        {one.due_date}"] if one.due_date else []
    reference = [f"Reference  {one.reference}"] if one.reference else []
    rule = "-" * COLUMNS
    head = [books.organisation.legal_name, "", f"{title} {one.number}", "", f"To         {contact.name}"]
    dates = [f"Date       {one.dated}", *due, *reference, f"Status     {one.status}", ""]
    columns = _columns("Description", "Quantity", "Price", one.currency)
    sums = [
        _columns("Subtotal", "", "", _money(one.sub_total)),
        _columns("Tax", "", "", _money(one.total_tax)),
        _columns("Total", "", "", _money(one.total)),
    ]
    lines = [part for line in one.lines for part in _line(line)]
    made = ["", "Printed by a sandbox that imitates Xero: nothing here is real."]
    return [text[:COLUMNS] for text in (*head, *dates, columns, rule, *lines, rule, *sums, *made)]


def _line(line: LineItem) -> list[str]:
    texts = [line.description[start : start + TEXT] for start in range(0, len(line.description), TEXT)] or [""]
    quantity = "" if line.quantity is None else f"{line.quantity.normalize() + 0:f}"
    first = _columns(texts[0], quantity, _money(line.unit_amount), _money(line.line_amount))
    return [first, *texts[1:]]


def _columns(text: str, quantity: str, price: str, amount: str) -> str:
    text = " ".join(text.split())[:TEXT]
    return f"{text:<{TEXT}} {quantity:>{NUMBER}} {price:>{NUMBER}} {amount:>{NUMBER}}"


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,}"
