"""By which exchange rate an invoice in a foreign currency will be booked."""

from __future__ import annotations

from collections.abc import Iterator

from keito_books.mapping.resolve import exchange_rate
from keito_books.syncing.explanations import NoticeCode
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding


def rate_is_known(facts: Facts) -> Iterator[Finding]:
    books, currency = facts.shared.books, facts.invoice.currency
    if currency == books.content.organisation.base_currency or currency not in books.content.currencies:
        return
    rate = exchange_rate(facts.shared.choices, books, currency=currency)
    if rate is None:
        yield Finding.of_notice(NoticeCode.RATE_OF_THE_DAY, details={"currency": currency})
    else:
        details = {"currency": currency, "rate": f"{rate.normalize():f}"}
        yield Finding.of_notice(NoticeCode.RATE_FIXED, details=details)
