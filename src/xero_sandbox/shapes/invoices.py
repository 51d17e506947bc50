"""An invoice on the wire: whole, in pages, as a summary."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.invoice import Invoice, LineItem
from xero_sandbox.rules.amounts import CENT, ZERO, round_to
from xero_sandbox.shapes.contacts import contact_in_document_json, contact_json
from xero_sandbox.wire.dates import day_string, dotnet, dotnet_day, utc_string

Json = dict[str, Any]


def invoice_json(one: Invoice, books: Books, price_step: Decimal) -> Json:
    """Return everything: what a look-up and a write show."""
    shown = _head(one)
    shown["Contact"] = contact_json(books.organisation.contacts[one.contact_id])
    shown["LineItems"] = [line_json(line, price_step) for line in one.lines]
    return shown | _tail(one, books)


def paged_invoice_json(one: Invoice, books: Books, price_step: Decimal) -> Json:
    """Return what a page shows: lines too, the contact without its details."""
    shown = _head(one)
    shown["Contact"] = contact_in_document_json(books.organisation.contacts[one.contact_id])
    shown["LineItems"] = [line_json(line, price_step) for line in one.lines]
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


def line_json(line: LineItem, price_step: Decimal) -> Json:
    shown: Json = {}
    if line.item_code:
        shown["ItemCode"] = line.item_code
    shown["Description"] = line.description
    if line.unit_amount is not None:
        shown["UnitAmount"] = round_to(line.unit_amount, price_step)
    shown["TaxType"] = line.tax_type
    shown["TaxAmount"] = line.tax_amount
    shown["LineAmount"] = line.line_amount
    if line.account_id:
        shown["AccountCode"] = line.account_code
        shown["AccountID"] = line.account_id
    shown["Tracking"] = [
        {
            "Name": one.category,
            "Option": one.option,
            "TrackingCategoryID": one.category_id,
        }
        for one in line.tracking
    ]
    if line.quantity is not None:
        shown["Quantity"] = line.quantity
    if line.discount_rate is not None:
        shown["DiscountRate"] = line.discount_rate
    if line.discount_amount is not None:
        shown["DiscountAmount"] = line.discount_amount
    shown["LineItemID"] = line.line_id
    shown["ValidationErrors"] = []
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
        "Payments": _payments(one, books),
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
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


def _payments(one: Invoice, books: Books) -> list[Json]:
    """Return the short form in which documents embed payments [DOCKET]."""
    payments = (books.organisation.payments[payment_id] for payment_id in one.payment_ids)
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
