"""Lock dates over there, and dates that look like a slip."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from keito_books.accounting.errors import Refused
from keito_books.syncing.explanations import NoticeCode
from keito_books.syncing.locks import day_word, latest_lock, must_wait
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding

_FAR = timedelta(days=3653)


def period_is_open(facts: Facts) -> Iterator[Finding]:
    organisation, dated = facts.shared.books.content.organisation, facts.invoice.issue_date
    lock = latest_lock(organisation)
    if lock is None or dated > lock:
        return
    if facts.lock_answer is not None:
        decision = facts.lock_answer.get_choice_display()
        if facts.lock_answer.dated:
            decision = f"{decision}, {day_word(facts.lock_answer.dated)}"
        yield Finding.of_notice(NoticeCode.LOCK_ANSWERED, details={"decision": decision[0].lower() + decision[1:]})
        return
    try:
        must_wait(dated, None, organisation)
    except Refused as refused:
        yield Finding.of_refusal(refused.refusal)
    else:
        details = {"locked_until": day_word(lock), "dated": day_word(dated)}
        yield Finding.of_notice(NoticeCode.PERIOD_MAY_BE_LOCKED, details=details)


def date_is_near(facts: Facts) -> Iterator[Finding]:
    dated = facts.invoice.issue_date
    if abs(dated - facts.shared.today) > _FAR:
        yield Finding.of_notice(NoticeCode.DATE_FAR_AWAY, details={"dated": day_word(dated)})
