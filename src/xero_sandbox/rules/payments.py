"""What a payment may do (xero-api reference 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.records.credit import Credit, CreditNoun
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.accounts import takes_payments
from xero_sandbox.rules.dates import lock_problems
from xero_sandbox.rules.statuses import AUTHORISED
from xero_sandbox.wire.fields import Fields

REFERENCE_MAX = 255
REFUNDS = {
    CreditNoun.CREDIT_NOTE: ("ARCREDITPAYMENT", "APCREDITPAYMENT"),
    CreditNoun.OVERPAYMENT: ("AROVERPAYMENTPAYMENT", "APOVERPAYMENTPAYMENT"),
    CreditNoun.PREPAYMENT: ("ARPREPAYMENTPAYMENT", "APPREPAYMENTPAYMENT"),
}


@dataclass(frozen=True, slots=True)
class PaymentAsked:
    document: Invoice | Credit
    account: Account | None
    paid_on: date | None
    amount: Decimal
    reference: str
    currency_rate: Decimal | None


def payment_type(paid: Invoice | Credit) -> str:
    if isinstance(paid, Invoice):
        return "ACCRECPAYMENT" if paid.type == "ACCREC" else "ACCPAYPAYMENT"
    customers, suppliers = REFUNDS[paid.noun]
    return customers if paid.of_customer else suppliers


def open_amount(document: Invoice | Credit) -> Decimal:
    return document.amount_due if isinstance(document, Invoice) else document.remaining


def payment_problems(books: Books, asked: PaymentAsked, *, adviser: bool) -> list[str]:
    """Return all that forbids a payment; a paid invoice earns two messages [WORKATO-ERR]."""
    problems: list[str] = []
    if asked.document.status != AUTHORISED:
        problems.append(messages.PAYMENT_NEEDS_AUTHORISED)
    if asked.amount <= 0:
        problems.append(messages.PAYMENT_NOT_POSITIVE)
    elif asked.amount > open_amount(asked.document):
        problems.append(messages.PAYMENT_EXCEEDS)
    if asked.account is None:
        problems.append(messages.ACCOUNT_UNKNOWN)
    elif not takes_payments(asked.account):
        problems.append(messages.PAYMENT_ACCOUNT_INVALID)
    if asked.paid_on is None:
        problems.append(messages.PAYMENT_DATE_MISSING)
    else:
        problems += lock_problems(books.organisation, asked.paid_on, adviser=adviser)
    if len(asked.reference) > REFERENCE_MAX:
        problems.append(messages.too_long("Reference", REFERENCE_MAX))
    base = asked.document.currency == books.organisation.base_currency
    if asked.currency_rate is not None and base and asked.currency_rate != 1:
        problems.append(messages.RATE_FOR_BASE_CURRENCY)
    return problems


def deletion_problems(books: Books, payment: Payment, asked: Fields, *, adviser: bool) -> list[str]:
    """A payment can only be deleted: once, not within a batch, not reconciled (the last is assumed)."""
    if payment.status == "DELETED":
        return [messages.PAYMENT_NOT_MODIFIABLE]
    if asked.stripped("Status") != "DELETED":
        return [messages.PAYMENT_NOT_EDITABLE]
    if payment.batch_payment_id:
        return [messages.BATCH_PAYMENT]
    if payment.is_reconciled:
        return [messages.RECONCILED]
    return lock_problems(books.organisation, payment.paid_on, adviser=adviser)
