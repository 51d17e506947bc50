"""A bank transaction on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.bank_transaction import BankTransaction
from xero_sandbox.records.settings import Account
from xero_sandbox.shapes.contacts import contact_in_document_json, contact_json
from xero_sandbox.shapes.lines import line_json
from xero_sandbox.wire.dates import day_string, dotnet, dotnet_day

Json = dict[str, Any]


def transaction_json(one: BankTransaction, books: Books, price_step: Decimal) -> Json:
    """Return everything: what a look-up and a write show."""
    contact = contact_json(books.organisation.contacts[one.contact_id])
    return _shown(one, books) | {"Contact": contact, "LineItems": _lines(one, books, price_step)}


def paged_transaction_json(one: BankTransaction, books: Books, price_step: Decimal) -> Json:
    """Return what a page shows: lines too, the contact without its details."""
    contact = contact_in_document_json(books.organisation.contacts[one.contact_id])
    return _shown(one, books) | {"Contact": contact, "LineItems": _lines(one, books, price_step)}


def transaction_summary_json(one: BankTransaction, books: Books) -> Json:
    """Return what an unpaged list shows: no lines, the contact as id and name."""
    contact = books.organisation.contacts[one.contact_id]
    named = {"ContactID": contact.contact_id, "Name": contact.name, "HasValidationErrors": False}
    return _shown(one, books) | {"Contact": named, "LineItems": []}


def account_in_document_json(account: Account) -> Json:
    shown = {"AccountID": account.account_id, "Name": account.name}
    return {**shown, "Code": account.code} if account.code else shown


def _lines(one: BankTransaction, books: Books, price_step: Decimal) -> list[Json]:
    return [line_json(line, books, price_step) for line in one.lines]


def _shown(one: BankTransaction, books: Books) -> Json:
    shown: Json = {
        "BankTransactionID": one.transaction_id,
        "BankAccount": account_in_document_json(books.organisation.accounts[one.account_id]),
        "Type": one.type,
        "Reference": one.reference,
        "IsReconciled": one.is_reconciled,
        "HasAttachments": bool(one.attachments),
        "DateString": day_string(one.dated),
        "Date": dotnet_day(one.dated),
        "Status": one.status,
        "LineAmountTypes": one.line_amount_types,
        "SubTotal": one.sub_total,
        "TotalTax": one.total_tax,
        "Total": one.total,
        "UpdatedDateUTC": dotnet(one.updated),
        "CurrencyCode": one.currency,
        "CurrencyRate": one.currency_rate,
    }
    if one.url:
        shown["Url"] = one.url
    if one.credit_id:
        shown[f"{books.organisation.credits[one.credit_id].noun}ID"] = one.credit_id
    return shown
