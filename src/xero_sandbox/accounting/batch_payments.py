"""Batch payments: several invoices paid at once (xero-api reference 8 and 12 [OAS])."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, answer_list, chosen
from xero_sandbox.accounting.payments import find_account, find_invoice
from xero_sandbox.accounting.recording import is_adviser, posting_of
from xero_sandbox.accounting.replies import Outcome, success
from xero_sandbox.books import Books
from xero_sandbox.problems import not_found
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.records.batch_payment import BatchPayment
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.amounts import ZERO, round_to
from xero_sandbox.rules.dates import lock_problems
from xero_sandbox.rules.payments import PaymentAsked, payment_problems
from xero_sandbox.shapes.embedded import bare_invoice_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.dates import day_string, dotnet, dotnet_day
from xero_sandbox.wire.fields import NO_GUID, Fields, read_guid

PLURAL = "BatchPayments"
NO_FLAG = None
# Member, attribute, longest text [OAS].
TEXTS = (("Reference", "reference", 255), ("Details", "details", 255), ("Narrative", "narrative", 18))


@dataclass(frozen=True, slots=True)
class Part:
    """One payment that a batch asks for."""

    invoice: Invoice
    amount: Decimal
    reference: str


def list_batches(call: Call) -> Reply:
    page = chosen(call, _table(), lambda _: call.organisation.batch_payments.values(), lambda _one: True)
    return answer_list(call, PLURAL, [_json(one, call.books) for one in page.records], page.pagination)


def show_batch(call: Call) -> Reply:
    return success(call, PLURAL, [_json(_found(call), call.books)])


def put_batches(call: Call) -> Reply:
    return write_batch(call, PLURAL, NO_FLAG, _create)


def post_batches(call: Call) -> Reply:
    """Delete the batches that the body names: a batch is never edited [OAS]."""
    return write_batch(call, PLURAL, NO_FLAG, _delete_named)


def post_batch(call: Call) -> Reply:
    target = _found(call)
    return write_batch(call, PLURAL, NO_FLAG, lambda call_, asked: _delete(call_, asked, target))


def _create(call: Call, asked: Fields) -> Outcome:
    named = asked.child("Account")
    account = find_account(call, named)
    if named is None:
        return _refused(asked, [messages.ACCOUNT_OR_ID_MISSING])
    paid_on = asked.day("Date")
    parts, problems = _parts(call, asked, account, paid_on)
    problems += [
        messages.too_long(member, limit) for member, _, limit in TEXTS if len(asked.text(member) or "") > limit
    ]
    if problems or account is None or paid_on is None:
        return _refused(asked, list(dict.fromkeys(problems)))
    return Outcome(_json(_recorded(call, asked, account, paid_on, parts), call.books))


def _parts(call: Call, asked: Fields, account: Account | None, paid_on: date | None) -> tuple[list[Part], list[str]]:
    """Read the payments, each under the rules of payments; an invoice comes once, and all are of one kind (assumed)."""
    given = asked.children("Payments") or []
    problems = [] if given else [messages.BATCH_EMPTY]
    parts: list[Part] = []
    for one in given:
        named = one.child("Invoice")
        invoice = find_invoice(call.books, named) if named else None
        if invoice is None:
            problems.append(messages.not_found_by_id("Invoice"))
            continue
        part = Part(invoice, round_to(one.decimal("Amount") or ZERO), one.text("Reference") or "")
        wanted = PaymentAsked(invoice, account, paid_on, part.amount, part.reference, None)
        problems += payment_problems(call.books, wanted, adviser=is_adviser(call))
        parts.append(part)
    if len({one.invoice.invoice_id for one in parts}) != len(parts):
        problems.append(messages.BATCH_TWICE)
    if len({one.invoice.type for one in parts}) > 1:
        problems.append(messages.BATCH_MIXED)
    return parts, problems


def _recorded(call: Call, asked: Fields, account: Account, paid_on: date, parts: list[Part]) -> BatchPayment:
    kind = "RECBATCH" if parts[0].invoice.type == "ACCREC" else "PAYBATCH"
    batch = BatchPayment(str(uuid4()), kind, account.account_id, paid_on, call.now, created_by=call.access.client_id)
    for member, attribute, _ in TEXTS:
        setattr(batch, attribute, asked.text(member) or "")
    posting = posting_of(call)
    for part in parts:
        payment = posting.new_payment(part.invoice, account.account_id, part.amount, paid_on)
        payment.reference, payment.batch_payment_id = part.reference, batch.batch_id
        batch.payment_ids.append(posting.pay(payment).payment_id)
    return _kept(call, batch, "Created")


def _delete_named(call: Call, asked: Fields) -> Outcome:
    target = call.organisation.batch_payments.get(asked.guid("BatchPaymentID") or "")
    return _delete(call, asked, target) if target else _refused(asked, [messages.BATCH_UNKNOWN])


def _delete(call: Call, asked: Fields, target: BatchPayment) -> Outcome:
    """With the batch go all its payments."""
    problems = _deletion_problems(call, asked, target)
    if problems:
        return Outcome({**_json(target, call.books), **dict(asked.values)}, problems)
    for payment_id in target.payment_ids:
        posting_of(call).delete_payment(call.organisation.payments[payment_id])
    deleted = replace(target, status="DELETED", updated=call.now, history=list(target.history))
    return Outcome(_json(_kept(call, deleted, "Deleted"), call.books))


def _deletion_problems(call: Call, asked: Fields, target: BatchPayment) -> list[str]:
    if target.status == "DELETED":
        return [messages.BATCH_DELETED]
    if asked.stripped("Status") != "DELETED":
        return [messages.BATCH_STATUS]
    if any(call.organisation.payments[one].is_reconciled for one in target.payment_ids):
        return [messages.RECONCILED]
    return lock_problems(call.organisation, target.dated, adviser=is_adviser(call))


def _kept(call: Call, batch: BatchPayment, change: str) -> BatchPayment:
    batch.history.append(HistoryEntry(call.now, change, f"{len(batch.payment_ids)} payments", call.person_name))
    call.books.keep(call.organisation.batch_payments, batch.batch_id, batch)
    return batch


def _found(call: Call) -> BatchPayment:
    found = call.organisation.batch_payments.get(read_guid(call.parts["id"]))
    if found is None:
        raise not_found()
    return found


def _refused(asked: Fields, problems: list[str]) -> Outcome:
    return Outcome({**dict(asked.values), "BatchPaymentID": NO_GUID}, problems)


def _json(one: BatchPayment, books: Books) -> dict[str, Any]:
    account = books.organisation.accounts[one.account_id]
    payments = [books.organisation.payments[payment_id] for payment_id in one.payment_ids]
    shown: dict[str, Any] = {
        "Account": {
            "AccountID": account.account_id,
            "CurrencyCode": account.currency or books.organisation.base_currency,
        },
        "Reference": one.reference,
        "Details": one.details,
        "Narrative": one.narrative,
        "BatchPaymentID": one.batch_id,
        "DateString": day_string(one.dated),
        "Date": dotnet_day(one.dated),
        "Payments": [
            {
                "Invoice": bare_invoice_json(books.organisation.invoices[part.invoice_id]),
                "PaymentID": part.payment_id,
                "Reference": part.reference,
                "Amount": part.amount,
                "BankAmount": part.amount,
            }
            for part in payments
        ],
        "Type": one.type,
        "Status": one.status,
        "TotalAmount": sum((part.amount for part in payments), ZERO),
        "UpdatedDateUTC": dotnet(one.updated),
        "IsReconciled": any(part.is_reconciled for part in payments),
    }
    return {member: value for member, value in shown.items() if value != ""}


def _table() -> Table[BatchPayment]:
    return Table(
        PLURAL,
        {
            "batchpaymentid": Field(Kind.TEXT, lambda one: one.batch_id),
            "status": Field(Kind.TEXT, lambda one: one.status),
            "type": Field(Kind.TEXT, lambda one: one.type),
            "reference": Field(Kind.TEXT, lambda one: one.reference),
            "date": Field(Kind.DATE, lambda one: one.dated),
            "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
        },
        id_of=lambda one: one.batch_id,
        updated_of=lambda one: one.updated,
    )
