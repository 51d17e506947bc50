"""An invoice on the wire: whole, in pages, as a summary."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.rules.amounts import ZERO
from xero_sandbox.shapes.contacts import contact_in_document_json, contact_json
from xero_sandbox.shapes.embedded import credits_in_invoice_json, payments_in_document_json
from xero_sandbox.shapes.lines import line_json
from xero_sandbox.wire.dates import day_string, dotnet, dotnet_day, utc_string

Json = dict[str, Any]


def invoice_json(one: Invoice, books: Books, price_step: Decimal) -> Json:
    """Return everything: what a look-up and a write show."""
    shown = _head(one)
    shown["Contact"] = contact_json(books.organisation.contacts[one.contact_id])
    shown["LineItems"] = [line_json(line, books, price_step) for line in one.lines]
    return shown | _tail(one, books)


def paged_invoice_json(one: Invoice, books: Books, price_step: Decimal) -> Json:
    """Return what a page shows: lines too, the contact without its details."""
    shown = _head(one)
    shown["Contact"] = contact_in_document_json(books.organisation.contacts[one.contact_id])
    shown["LineItems"] = [line_json(line, books, price_step) for line in one.lines]
    return shown | _tail(one, books)


def invoice_summary_json(one: Invoice, books: Books) -> Json:
    """Return what an unpaged list shows: no lines, the contact as id and name (xero-api reference 5)."""
    contact = books.organisation.contacts[one.contact_id]
    shown = _head(one)
    shown["Contact"] = {"ContactID": contact.contact_id, "Name": contact.name, "HasValidationErrors": False}
    shown["LineItems"] = []
    return shown | _tail(one, books)


def invoice_light_json(one: Invoice, books: Books) -> Json:
    """Return what summaryOnly=true leaves: no payments, no lines, no attachments (reference 5)."""
    shown = invoice_summary_json(one, books)
    for member in ("LineItems", "Payments", "HasAttachments", "CreditNotes", "Prepayments", "Overpayments"):
        shown.pop(member, None)
    return shown


def _head(one: Invoice) -> Json:
    shown: Json = {"Type": one.type, "InvoiceID": one.invoice_id, "InvoiceNumber": one.number}
    if one.type == "ACCREC":
        shown["Reference"] = one.reference
    if one.url:
        shown["Url"] = one.url
    return shown


def _tail(one: Invoice, books: Books) -> Json:
    settled = one.status in ("VOIDED", "DELETED")
    shown: Json = {
        "Payments": payments_in_document_json(one.payment_ids, books),
        **credits_in_invoice_json(one, books),
        "AmountDue": ZERO if settled else one.amount_due,
        "AmountPaid": one.amount_paid,
        "AmountCredited": one.amount_credited,
        "SentToContact": one.sent_to_contact,
        "CurrencyRate": one.currency_rate,
        "IsDiscounted": one.total_discount > 0,
        "HasAttachments": bool(one.attachments),
        "HasErrors": False,
        "DateString": day_string(one.dated),
        "Date": dotnet_day(one.dated),
    }
    if one.total_discount > 0:
        shown["TotalDiscount"] = one.total_discount
    if one.rounding_amount:
        shown["RoundingAmount"] = one.rounding_amount
    for member, day in (
        ("DueDate", one.due_date),
        ("ExpectedPaymentDate", one.expected_payment_date),
        ("PlannedPaymentDate", one.planned_payment_date),
    ):
        if day:
            shown[f"{member}String"] = day_string(day)
            shown[member] = dotnet_day(day)
    if one.fully_paid_on:
        shown["FullyPaidOnDate"] = dotnet_day(one.fully_paid_on)
    return shown | {
        "BrandingThemeID": one.branding_theme_id,
        "Status": one.status,
        "LineAmountTypes": one.line_amount_types,
        "SubTotal": one.sub_total,
        "TotalTax": one.total_tax,
        "Total": one.total,
        "UpdatedDateUTC": dotnet(one.updated),
        "UpdatedDateUTCString": utc_string(one.updated),
        "CurrencyCode": one.currency,
    }
