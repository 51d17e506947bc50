"""Documents in the short forms in which other documents embed them."""

from __future__ import annotations

from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.credit import Credit, CreditNoun
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.rules.amounts import CENT, ZERO, round_to
from xero_sandbox.wire.dates import day_string, dotnet_day

Json = dict[str, Any]
PLURALS = {
    CreditNoun.CREDIT_NOTE: "CreditNotes",
    CreditNoun.PREPAYMENT: "Prepayments",
    CreditNoun.OVERPAYMENT: "Overpayments",
}


def invoice_in_payment_json(one: Invoice, books: Books) -> Json:
    contact = books.organisation.contacts[one.contact_id]
    return {
        "Type": one.type,
        "InvoiceID": one.invoice_id,
        "InvoiceNumber": one.number,
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "HasErrors": False,
        "IsDiscounted": False,
        "Contact": {"ContactID": contact.contact_id, "Name": contact.name, "HasValidationErrors": False},
        "LineItems": [],
        "CurrencyCode": one.currency,
    }


def bare_invoice_json(one: Invoice) -> Json:
    """Return an invoice as allocations embed it [OAS]."""
    return {
        "InvoiceID": one.invoice_id,
        "InvoiceNumber": one.number,
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "HasErrors": False,
        "IsDiscounted": False,
        "LineItems": [],
    }


def payments_in_document_json(payment_ids: list[str], books: Books) -> list[Json]:
    """Return the short form in which documents embed payments [DOCKET]."""
    payments = (books.organisation.payments[payment_id] for payment_id in payment_ids)
    return [
        {
            "PaymentID": payment.payment_id,
            "Date": dotnet_day(payment.paid_on),
            "Amount": round_to(payment.amount, CENT),
            "Reference": payment.reference,
            "CurrencyRate": payment.currency_rate,
            "HasAccount": False,
            "HasValidationErrors": False,
        }
        for payment in payments
        if payment.status != "DELETED"
    ]


def credits_in_invoice_json(one: Invoice, books: Books) -> dict[str, list[Json]]:
    """Return what settled an invoice beside payments, each with how much of it (reference 8, "Effects")."""
    shown: dict[str, list[Json]] = {plural: [] for plural in PLURALS.values()}
    for credit_id in one.credit_ids:
        credit = books.organisation.credits[credit_id]
        applied = sum((part.amount for part in credit.allocations if part.invoice_id == one.invoice_id), ZERO)
        if applied:
            shown[PLURALS[credit.noun]].append(
                {
                    **identity_json(credit),
                    "AppliedAmount": round_to(applied),
                    "DateString": day_string(credit.dated),
                    "Date": dotnet_day(credit.dated),
                    "LineItems": [],
                    "Total": credit.total,
                }
            )
    return shown


def identity_json(one: Credit) -> Json:
    """Return a credit's ids: its own member, the older ID beside it, and a credit note's number."""
    shown: Json = {f"{one.noun}ID": one.credit_id, "ID": one.credit_id}
    is_note = one.noun is CreditNoun.CREDIT_NOTE
    return {**shown, "CreditNoteNumber": one.number, "HasErrors": False} if is_note else shown


def credit_in_payment_json(one: Credit, books: Books) -> Json:
    contact = books.organisation.contacts[one.contact_id]
    return {
        **identity_json(one),
        "Type": one.type,
        "Contact": {"ContactID": contact.contact_id, "Name": contact.name, "HasValidationErrors": False},
        "LineItems": [],
        "CurrencyCode": one.currency,
    }
