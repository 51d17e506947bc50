"""Whether something over there holds the number: by searches, by links, and by what was refused before."""

from __future__ import annotations

from collections.abc import Iterator

from keito_books.accounting.documents import RemoteStatus
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.explanations import NoticeCode, refusal_from_json
from keito_books.syncing.models import Job
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding, Severity

_GONE = (RemoteStatus.VOIDED.value, RemoteStatus.DELETED.value)
_TAKEN = (RefusalCode.NUMBER_TAKEN, RefusalCode.NUMBER_VOIDED)


def number_is_free(facts: Facts) -> Iterator[Finding]:
    if (code := _seen_by_a_search(facts) or _refused_before(facts)) is not None:
        # Without the number, so that all of a selection are told as one cause.
        yield Finding.of_refusal(Refusal(code))
    elif facts.is_in_use_elsewhere:
        yield Finding.of_notice(NoticeCode.NUMBER_IN_USE_HERE, Severity.NEEDS_ANSWER)


def _seen_by_a_search(facts: Facts) -> RefusalCode | None:
    alive = [each for each in facts.sightings if each.status not in _GONE]
    if not facts.sightings or any(each.is_ours for each in alive):
        return None
    return RefusalCode.NUMBER_TAKEN if alive else RefusalCode.NUMBER_VOIDED


def _refused_before(facts: Facts) -> RefusalCode | None:
    """Return why this very number was refused when it was last tried."""
    job = facts.job
    if job is None or job.state != Job.State.FAILED or not job.refusal:
        return None
    refusal = refusal_from_json(job.refusal)
    return refusal.code if refusal.code in _TAKEN and refusal.details.get("number") == facts.invoice.number else None
