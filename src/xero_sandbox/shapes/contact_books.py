"""A contact on the wire with what the books say of it: its groups, and what is owed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.contact import Contact
from xero_sandbox.rules.amounts import ZERO, round_to
from xero_sandbox.shapes.contacts import contact_json

Json = dict[str, Any]
SIDES = {"AccountsReceivable": "ACCREC", "AccountsPayable": "ACCPAY"}


def whole_contact_json(one: Contact, books: Books, today: date) -> Json:
    """Return what look-ups and pages show."""
    shown = contact_json(one)
    shown["ContactGroups"] = [
        {"ContactGroupID": group.group_id, "Name": group.name, "Status": group.status}
        for group in books.organisation.groups.values()
        if group.status == "ACTIVE" and one.contact_id in group.contact_ids
    ]
    if one.is_customer or one.is_supplier:
        shown["Balances"] = {member: _owed(one, books, type_, today) for member, type_ in SIDES.items()}
    return shown


def _owed(one: Contact, books: Books, type_: str, today: date) -> dict[str, Decimal]:
    """Return what approved documents still owe, in the organisation's currency (that credits do not count: assumed)."""
    outstanding = overdue = ZERO
    for invoice in books.invoices_of_contact(one.contact_id):
        if invoice.type != type_ or invoice.status != "AUTHORISED":
            continue
        owed = invoice.amount_due / invoice.currency_rate
        outstanding += owed
        overdue += owed if invoice.due_date and invoice.due_date < today else ZERO
    return {"Outstanding": round_to(outstanding), "Overdue": round_to(overdue)}
