"""Connection, plan, role here, and what the person who connected may do over there."""

from __future__ import annotations

from collections.abc import Iterator

from keito_books.accounting.documents import Kind
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.explanations import NoticeCode
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding, Severity


def may_be_copied(facts: Facts) -> Iterator[Finding]:
    shared = facts.shared
    if shared.not_allowed:
        yield Finding.of_notice(NoticeCode.NOT_ALLOWED, Severity.WILL_FAIL, details={"reason": shared.not_allowed})
    if not shared.connection.is_live:
        yield Finding.of_notice(NoticeCode.NOT_CONNECTED, Severity.WILL_FAIL)
    elif not shared.connection.is_active:
        yield Finding.of_notice(NoticeCode.CONNECTION_EXPIRED, Severity.WILL_FAIL)
    elif not shared.has_books:
        yield Finding.of_notice(NoticeCode.LISTS_NOT_READ, Severity.WILL_FAIL)


def role_allows(facts: Facts) -> Iterator[Finding]:
    """Tell what the lists say that the Xero user behind the connection may not do."""
    organisation = facts.shared.books.content.organisation
    if not organisation.may_create_invoices:
        yield Finding.of_refusal(Refusal(RefusalCode.MISSING_ROLE))
    elif facts.payments and facts.shared.choices.payment_account_id and not organisation.may_record_payments:
        yield Finding.of_refusal(Refusal(RefusalCode.MISSING_ROLE), about=Kind.PAYMENT)
