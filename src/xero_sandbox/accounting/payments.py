"""Payments: read, create, delete (xero-api reference 8)."""

from __future__ import annotations

from decimal import Decimal

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, answer_list, chosen, ids_asked
from xero_sandbox.accounting.replies import Outcome, success
from xero_sandbox.books import Books
from xero_sandbox.posting import Posting
from xero_sandbox.problems import lacks_permission, not_found
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.amounts import round_to
from xero_sandbox.rules.payments import PaymentAsked, deletion_problems, payment_problems
from xero_sandbox.rules.permissions import BEFORE_LOCK, PAY, may
from xero_sandbox.shapes.payments import payment_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import Fields, read_guid

FLAG = "HasValidationErrors"
DOCUMENTS = ("Invoice", "CreditNote", "Prepayment", "Overpayment")


def list_payments(call: Call) -> Reply:
    """Deleted payments stay in the list (assumed, open question 9)."""
    ids = ids_asked(call, "IDs")
    page = chosen(
        call,
        payment_table(call.books),
        lambda _: call.organisation.payments.values(),
        lambda one: ids is None or one.payment_id in ids,
    )
    shown = [payment_json(one, call.books) for one in page.records]
    return answer_list(call, "Payments", shown, page.pagination)


def show_payment(call: Call) -> Reply:
    return success(call, "Payments", [payment_json(_found(call), call.books)])


def write_payments(call: Call) -> Reply:
    return write_batch(call, "Payments", FLAG, _create)


def post_payment(call: Call) -> Reply:
    target = _found(call)
    return write_batch(call, "Payments", FLAG, lambda call_, asked: _delete(call_, asked, target))


def _create(call: Call, asked: Fields) -> Outcome:
    if asked.guid("PaymentID"):
        return _refused(asked, [messages.PAYMENT_NOT_EDITABLE])
    if sum(asked.has(member) for member in DOCUMENTS) != 1 or not asked.has("Invoice"):
        return _refused(asked, [messages.PAYMENT_ONE_DOCUMENT])
    if not asked.has("Account"):
        return _refused(asked, [messages.ACCOUNT_OR_ID_MISSING])
    wanted = PaymentAsked(
        invoice=_invoice(call, asked.child("Invoice")),
        account=_account(call, asked.child("Account")),
        paid_on=asked.day("Date"),
        amount=round_to(asked.decimal("Amount") or Decimal(0)),
        reference=asked.text("Reference") or "",
        currency_rate=asked.decimal("CurrencyRate"),
    )
    problems = payment_problems(call.books, wanted, adviser=may(call.role, BEFORE_LOCK))
    if problems or wanted.invoice is None or wanted.account is None or wanted.paid_on is None:
        return _refused(asked, problems)
    if not may(call.role, PAY):
        raise lacks_permission()
    posting = _posting(call)
    payment = posting.new_payment(wanted.invoice, wanted.account.account_id, wanted.amount, wanted.paid_on)
    payment.reference = wanted.reference
    payment.currency_rate = wanted.currency_rate or payment.currency_rate
    payment.bank_amount = asked.decimal("BankAmount")
    payment.is_reconciled = asked.flag("IsReconciled") or False
    return Outcome(payment_json(posting.pay(payment), call.books))


def _delete(call: Call, asked: Fields, target: Payment) -> Outcome:
    problems = deletion_problems(call.books, target, asked, adviser=may(call.role, BEFORE_LOCK))
    if problems:
        return Outcome({**payment_json(target, call.books), **dict(asked.values)}, problems)
    if not may(call.role, PAY):
        raise lacks_permission()
    return Outcome(payment_json(_posting(call).delete_payment(target), call.books))


def _posting(call: Call) -> Posting:
    return Posting(call.books, call.now, call.person_name, call.access.client_id)


def _invoice(call: Call, named: Fields | None) -> Invoice | None:
    if named is None:
        return None
    invoice_id = named.guid("InvoiceID")
    if invoice_id:
        return call.books.invoice(invoice_id)
    return next(iter(call.books.invoices_numbered(named.stripped("InvoiceNumber") or "")), None)


def _account(call: Call, named: Fields | None) -> Account | None:
    if named is None:
        return None
    account_id = named.guid("AccountID")
    return call.books.account(account_id) if account_id else call.books.account_coded(named.stripped("Code") or "")


def _found(call: Call) -> Payment:
    payment = call.books.payment(read_guid(call.parts["id"]))
    if payment is None:
        raise not_found()
    return payment


def _refused(asked: Fields, problems: list[str]) -> Outcome:
    return Outcome(dict(asked.values), problems)


def payment_table(books: Books) -> Table[Payment]:
    invoices = books.organisation.invoices
    return Table(
        "Payments",
        {
            "paymentid": Field(Kind.TEXT, lambda one: one.payment_id),
            "paymenttype": Field(Kind.TEXT, lambda one: one.payment_type),
            "status": Field(Kind.TEXT, lambda one: one.status),
            "reference": Field(Kind.TEXT, lambda one: one.reference),
            "date": Field(Kind.DATE, lambda one: one.paid_on),
            "amount": Field(Kind.NUMBER, lambda one: one.amount),
            "invoice.invoiceid": Field(Kind.TEXT, lambda one: one.invoice_id),
            "invoice.invoicenumber": Field(Kind.TEXT, lambda one: invoices[one.invoice_id].number),
            "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
        },
        id_of=lambda one: one.payment_id,
        updated_of=lambda one: one.updated,
    )
