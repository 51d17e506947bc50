"""Whether the organisation's own plan was last known to be used up."""

from __future__ import annotations

from collections.abc import Iterator

from keito_books.syncing.explanations import NoticeCode
from keito_books.syncing.locks import day_word
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding


def plan_allows(facts: Facts) -> Iterator[Finding]:
    met_on = facts.shared.plan_cap_met_on
    if met_on is not None and not facts.shared.choices.as_draft:
        yield Finding.of_notice(NoticeCode.PLAN_CAP_MET, details={"met_on": day_word(met_on)})
