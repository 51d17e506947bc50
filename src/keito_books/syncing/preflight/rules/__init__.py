"""One group of rules a file; a rule takes facts and yields findings, and asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding
from keito_books.syncing.preflight.rules.access import may_be_copied, role_allows
from keito_books.syncing.preflight.rules.contact import contact_is_settled
from keito_books.syncing.preflight.rules.currency import rate_is_known
from keito_books.syncing.preflight.rules.dates import date_is_near, period_is_open
from keito_books.syncing.preflight.rules.document import can_be_written, lines_are_mapped
from keito_books.syncing.preflight.rules.number import number_is_free
from keito_books.syncing.preflight.rules.payments import payments_can_follow
from keito_books.syncing.preflight.rules.plan import plan_allows

Rule = Callable[[Facts], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    may_be_copied,
    role_allows,
    lines_are_mapped,
    can_be_written,
    contact_is_settled,
    number_is_free,
    period_is_open,
    date_is_near,
    rate_is_known,
    plan_allows,
    payments_can_follow,
)

__all__ = ["RULES", "Rule", "number_is_free"]
