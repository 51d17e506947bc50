"""Whether the payments of an invoice can follow it; none of this holds the invoice itself back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from keito_books.accounting.documents import Kind
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.mapping.resolve import payment_account
from keito_books.syncing.explanations import NoticeCode
from keito_books.syncing.locks import must_wait
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding


def payments_can_follow(facts: Facts) -> Iterator[Finding]:
    shared = facts.shared
    if not facts.payments or not shared.has_books:
        return
    if not shared.choices.payment_account_id:
        yield Finding.of_notice(NoticeCode.PAYMENTS_STAY, about=Kind.PAYMENT)
        return
    if shared.choices.as_draft:
        yield Finding.of_notice(NoticeCode.PAYMENTS_WAIT, about=Kind.PAYMENT)
    try:
        payment_account(shared.choices, shared.books, currency=facts.invoice.currency)
        for payment in facts.payments:
            must_wait(payment.paid_on, None, shared.books.content.organisation)
    except Refused as refused:
        details = {"currency": facts.invoice.currency, **refused.refusal.details}
        yield Finding.of_refusal(Refusal(refused.refusal.code, details=details), about=Kind.PAYMENT)
    if sum((each.amount for each in facts.payments), Decimal(0)) > facts.invoice.amount:
        yield Finding.of_refusal(Refusal(RefusalCode.OVERPAYMENT), about=Kind.PAYMENT)
