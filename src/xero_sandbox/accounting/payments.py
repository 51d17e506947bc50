"""Payments: read, create, delete (xero-api reference 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, answer_list, chosen, ids_asked
from xero_sandbox.accounting.recording import is_adviser, posting_of
from xero_sandbox.accounting.replies import Outcome, success
from xero_sandbox.books import Books
from xero_sandbox.problems import lacks_permission, not_found
from xero_sandbox.records.credit import Credit, CreditNoun
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.amounts import round_to
from xero_sandbox.rules.payments import PaymentAsked, deletion_problems, payment_problems
from xero_sandbox.rules.permissions import PAY, may
from xero_sandbox.shapes.payments import payment_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import Fields, read_guid

FLAG = "HasValidationErrors"
DOCUMENTS = ("Invoice", "CreditNote", "Prepayment", "Overpayment")
CREDIT_WORDS = {
    CreditNoun.CREDIT_NOTE: "Credit Note",
    CreditNoun.OVERPAYMENT: "Overpayment",
    CreditNoun.PREPAYMENT: "Prepayment",
}


def list_payments(call: Call) -> Reply:
    """Deleted payments stay in the list (assumed, open question 9)."""
    ids = ids_asked(call, "IDs")
    left_out = "" if call.world.readings.deleted_payments_are_listed else "DELETED"
    page = chosen(
        call,
        payment_table(call.books),
        lambda equal: _candidates(call, equal),
        lambda one: (ids is None or one.payment_id in ids) and one.status != left_out,
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
    if sum(asked.has(member) for member in DOCUMENTS) != 1:
        return _refused(asked, [messages.PAYMENT_ONE_DOCUMENT])
    document, missing = _document(call, asked)
    if document is None:
        return _refused(asked, [messages.not_found_by_id(missing)])
    if not asked.has("Account"):
        return _refused(asked, [messages.ACCOUNT_OR_ID_MISSING])
    wanted = PaymentAsked(
        document=document,
        account=find_account(call, asked.child("Account")),
        paid_on=asked.day("Date"),
        amount=round_to(asked.decimal("Amount") or Decimal(0)),
        reference=asked.text("Reference") or "",
        currency_rate=asked.decimal("CurrencyRate"),
    )
    problems = payment_problems(call.books, wanted, adviser=is_adviser(call))
    if problems or wanted.account is None or wanted.paid_on is None:
        return _refused(asked, problems)
    if not may(call.role, PAY):
        raise lacks_permission()
    posting = posting_of(call)
    payment = posting.new_payment(document, wanted.account.account_id, wanted.amount, wanted.paid_on)
    payment.reference = wanted.reference
    payment.currency_rate = wanted.currency_rate or payment.currency_rate
    payment.bank_amount = asked.decimal("BankAmount")
    payment.is_reconciled = asked.flag("IsReconciled") or False
    return Outcome(payment_json(posting.pay(payment), call.books))


def _delete(call: Call, asked: Fields, target: Payment) -> Outcome:
    problems = deletion_problems(call.books, target, asked, adviser=is_adviser(call))
    if problems:
        return Outcome({**payment_json(target, call.books), **dict(asked.values)}, problems)
    if not may(call.role, PAY):
        raise lacks_permission()
    return Outcome(payment_json(posting_of(call).delete_payment(target), call.books))


def _document(call: Call, asked: Fields) -> tuple[Invoice | Credit | None, str]:
    """Return what is paid or refunded; None with the words for what is not there."""
    if named := asked.child("Invoice"):
        return find_invoice(call.books, named), "Invoice"
    for noun in CreditNoun:
        if named := asked.child(noun.value):
            credit_id = named.guid(f"{noun}ID")
            if credit_id:
                return call.books.credits.get(noun, credit_id), CREDIT_WORDS[noun]
            numbered = call.books.credits.numbered(named.stripped("CreditNoteNumber") or "")
            return (numbered[0] if numbered and noun is CreditNoun.CREDIT_NOTE else None), CREDIT_WORDS[noun]
    return None, "Invoice"


def find_invoice(books: Books, named: Fields) -> Invoice | None:
    """Return the invoice with the id, else with the number."""
    invoice_id = named.guid("InvoiceID")
    if invoice_id:
        return books.invoice(invoice_id)
    return next(iter(books.invoices_numbered(named.stripped("InvoiceNumber") or "")), None)


def find_account(call: Call, named: Fields | None) -> Account | None:
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


def _candidates(call: Call, equal: Mapping[str, str]) -> Iterable[Payment]:
    """Return what can match at all: of one invoice, its own payments."""
    if "invoice.invoiceid" not in equal:
        return call.organisation.payments.values()
    invoice = call.books.invoice(equal["invoice.invoiceid"])
    return [call.organisation.payments[one] for one in invoice.payment_ids] if invoice else []


def payment_table(books: Books) -> Table[Payment]:
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
            "invoice.invoicenumber": Field(Kind.TEXT, lambda one: _invoice_number(books, one)),
            "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
        },
        id_of=lambda one: one.payment_id,
        updated_of=lambda one: one.updated,
    )


def _invoice_number(books: Books, one: Payment) -> str:
    return books.organisation.invoices[one.invoice_id].number if one.invoice_id else ""
