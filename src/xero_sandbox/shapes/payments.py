"""A payment on the wire."""

from __future__ import annotations

from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.payment import Payment
from xero_sandbox.rules.amounts import round_to
from xero_sandbox.shapes.embedded import credit_in_payment_json, invoice_in_payment_json
from xero_sandbox.wire.dates import dotnet, dotnet_day, utc_string


def payment_json(one: Payment, books: Books) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "PaymentID": one.payment_id,
        "Date": dotnet_day(one.paid_on),
        "BankAmount": round_to(one.bank_amount if one.bank_amount is not None else one.amount),
        "Amount": round_to(one.amount),
        "Reference": one.reference,
        "CurrencyRate": one.currency_rate,
        "PaymentType": one.payment_type,
        "Status": one.status,
        "UpdatedDateUTC": dotnet(one.updated),
        "UpdatedDateUTCString": utc_string(one.updated),
        "HasAccount": True,
        "IsReconciled": one.is_reconciled,
        "Account": _account(one, books),
        **_document(one, books),
        "HasValidationErrors": False,
    }
    if one.batch_payment_id:
        shown["BatchPaymentID"] = one.batch_payment_id
    return shown


def _document(one: Payment, books: Books) -> dict[str, Any]:
    if one.credit_id:
        credit = books.organisation.credits[one.credit_id]
        return {credit.noun.value: credit_in_payment_json(credit, books)}
    return {"Invoice": invoice_in_payment_json(books.organisation.invoices[one.invoice_id], books)}


def _account(one: Payment, books: Books) -> dict[str, Any]:
    account = books.organisation.accounts[one.account_id]
    shown = {"AccountID": account.account_id, "Name": account.name}
    return {**shown, "Code": account.code} if account.code else shown
