"""A credit note, overpayment or prepayment on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.credit import Allocation, Credit, CreditNoun
from xero_sandbox.rules.amounts import ZERO
from xero_sandbox.shapes.contacts import contact_in_document_json, contact_json
from xero_sandbox.shapes.embedded import bare_invoice_json, identity_json, payments_in_document_json
from xero_sandbox.shapes.lines import line_json
from xero_sandbox.wire.dates import day_string, dotnet, dotnet_day, utc_string

Json = dict[str, Any]


def credit_json(one: Credit, books: Books, price_step: Decimal) -> Json:
    """Return everything: what a look-up and a write show."""
    shown = _shown(one, books)
    shown["Contact"] = contact_json(books.organisation.contacts[one.contact_id])
    shown["LineItems"] = [line_json(line, books, price_step) for line in one.lines]
    return shown


def paged_credit_json(one: Credit, books: Books, price_step: Decimal) -> Json:
    """Return what a page shows: lines too, the contact without its details."""
    shown = _shown(one, books)
    shown["Contact"] = contact_in_document_json(books.organisation.contacts[one.contact_id])
    shown["LineItems"] = [line_json(line, books, price_step) for line in one.lines]
    return shown


def credit_summary_json(one: Credit, books: Books) -> Json:
    """Return what an unpaged list shows: no lines, the contact as id and name."""
    contact = books.organisation.contacts[one.contact_id]
    shown = _shown(one, books)
    shown["Contact"] = {"ContactID": contact.contact_id, "Name": contact.name, "HasValidationErrors": False}
    shown["LineItems"] = []
    return shown


def credit_light_json(one: Credit, books: Books) -> Json:
    """Return what summaryOnly=true leaves."""
    shown = credit_summary_json(one, books)
    for member in ("LineItems", "Payments", "Allocations", "HasAttachments"):
        shown.pop(member, None)
    return shown


def allocation_json(one: Allocation, books: Books) -> Json:
    return {
        "AllocationID": one.allocation_id,
        "Amount": one.amount,
        "Date": dotnet_day(one.dated),
        "Invoice": bare_invoice_json(books.organisation.invoices[one.invoice_id]),
        "IsDeleted": False,
    }


def allocated_json(one: Allocation, credit: Credit, books: Books) -> Json:
    """Return an allocation as the reply to its making shows it [OAS]."""
    shown = allocation_json(one, books)
    shown[credit.noun.value] = {**identity_json(credit), "LineItems": []}
    return {**shown, "ValidationErrors": []}


def _shown(one: Credit, books: Books) -> Json:
    shown: Json = {
        **identity_json(one),
        "Type": one.type,
        "Reference": one.reference,
        "Payments": payments_in_document_json(one.payment_ids, books),
        "CurrencyRate": one.currency_rate,
        "RemainingCredit": ZERO if one.status in ("VOIDED", "DELETED") else one.remaining,
        "Allocations": [allocation_json(part, books) for part in one.allocations],
        "HasAttachments": bool(one.attachments),
        "DateString": day_string(one.dated),
        "Date": dotnet_day(one.dated),
        "Status": one.status,
        "LineAmountTypes": one.line_amount_types,
        "SubTotal": one.sub_total,
        "TotalTax": one.total_tax,
        "Total": one.total,
        "UpdatedDateUTC": dotnet(one.updated),
        "UpdatedDateUTCString": utc_string(one.updated),
        "CurrencyCode": one.currency,
    }
    if one.noun is CreditNoun.CREDIT_NOTE:
        shown |= {"SentToContact": one.sent_to_contact, "BrandingThemeID": one.branding_theme_id}
    if one.noun is CreditNoun.PREPAYMENT:
        shown["InvoiceNumber"] = one.reference
    if one.due_date:
        shown |= {"DueDateString": day_string(one.due_date), "DueDate": dotnet_day(one.due_date)}
    if one.fully_used_on and one.noun is CreditNoun.CREDIT_NOTE:
        shown["FullyPaidOnDate"] = dotnet_day(one.fully_used_on)
    return shown
