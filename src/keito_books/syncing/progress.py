"""Say how far a run is, how fast it goes, and when it will be through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.invoicing.models import Invoice
from keito_books.syncing.explanations import WAITS, WAITS_WITH_A_TIME, Explanation, explain, refusal_from_json
from keito_books.syncing.health import calls_left_today, lane_to_show
from keito_books.syncing.models import Job, Lane, Run

State = Job.State
# The rate is that of these last minutes, once enough of them have passed to say something.
_MEASURED = timedelta(minutes=5)
_MEASURABLE = timedelta(seconds=20)
_CAUSES_MAX = 20
_NEEDS_SOMEBODY = ("plan", "settings")
INVOICES_PER_CAUSE = 20


@dataclass(frozen=True, slots=True)
class FailedBecause:
    """One cause, how many invoices failed for it, and the first of them."""

    explanation: Explanation
    count: int
    invoices: tuple[Invoice, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How a run stands. `left` invoices are still to come, `apart` were since copied or changed outside of it.

    `per_minute` is measured, and None before it can be. `ends_at` is an estimate, and None while it stands still.
    `because` says in words why it stands still, `until` when it goes on by itself.
    """

    run: Run
    total: int
    done: int
    failed: int
    left: int
    held: int
    unsent: int
    apart: int
    per_minute: float | None
    ends_at: datetime | None
    calls_left: int | None
    because: str
    until: datetime | None
    causes: tuple[FailedBecause, ...]

    @property
    def is_over(self) -> bool:
        return self.left == 0

    @property
    def is_paused(self) -> bool:
        return self.run.paused_at is not None and not self.is_over

    @property
    def is_moving(self) -> bool:
        """Say whether something may change by itself."""
        return self.left > self.held

    @property
    def settled(self) -> int:
        return self.total - self.left

    @property
    def runs_out_today(self) -> bool:
        """Say whether what waits needs more calls than are left for today."""
        return self.calls_left is not None and self.ends_at is not None and self._calls_needed > self.calls_left

    @property
    def _calls_needed(self) -> int:
        return ceil(self.left / provider_for(self.run.connection.provider).documents.batch_size)


def progress_of(run: Run, *, now: datetime) -> Progress:
    """Return how a run stands now, in a fixed number of queries."""
    counts = _counts(run)
    done, failed, held = counts.get(State.DONE, 0), counts.get(State.FAILED, 0), counts.get(State.HELD, 0)
    left = held + counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0)
    lane = lane_to_show(run.connection)
    because, until = _standing_still(run, lane, now=now)
    rate = _rate(run, now=now)
    is_moving = left > held and not (because and until is None)
    return Progress(
        run=run,
        total=run.invoices,
        done=done,
        failed=failed,
        left=left,
        held=held,
        unsent=counts.get(State.STOPPED, 0),
        apart=max(0, run.invoices - sum(counts.values())),
        per_minute=rate,
        ends_at=_end(run, left, rate, start=until or now) if is_moving else None,
        calls_left=calls_left_today(lane, now=now),
        because=because,
        until=until,
        causes=_causes(run) if failed else (),
    )


def _counts(run: Run) -> Mapping[str, int]:
    jobs = Job.objects.filter(run=run, kind=Kind.INVOICE).order_by()
    return dict(jobs.values_list("state").annotate(count=Count("pk")))


def _standing_still(run: Run, lane: Lane | None, *, now: datetime) -> tuple[str, datetime | None]:
    """Return why nothing of a run moves, in words, and until when; ("", None) while it does."""
    if run.connection.state == Connection.State.EXPIRED:
        return WAITS["expired"], None
    if lane is not None and lane.blocked_until is not None and lane.blocked_until > now:
        return WAITS.get(lane.blocked_because, WAITS["limit"]), lane.blocked_until
    going_on = Job.objects.filter(run=run, state__in=(State.WAITING, State.SENDING)).order_by("next_at")
    next_one = going_on.values_list("next_at", "waiting_because").first()
    if next_one is None or next_one[0] <= now:
        return "", None
    next_at, because = next_one
    if because in WAITS_WITH_A_TIME:
        return WAITS[because], next_at
    return (WAITS[because], None) if because in _NEEDS_SOMEBODY else ("", None)


def _rate(run: Run, *, now: datetime) -> float | None:
    """Return how many invoices a minute were settled lately."""
    since = max(run.requested_at, now - _MEASURED)
    if now - since < _MEASURABLE:
        return None
    settled = Job.objects.filter(run=run, kind=Kind.INVOICE, finished_at__gt=since, finished_at__lte=now)
    count = settled.filter(state__in=(State.DONE, State.FAILED)).count()
    return count / ((now - since) / timedelta(minutes=1)) if count else None


def _end(run: Run, left: int, rate: float | None, *, start: datetime) -> datetime:
    """Return when it will be through at the measured rate, else at what the limits allow."""
    if rate is not None:
        return start + timedelta(minutes=left / rate)
    documents = provider_for(run.connection.provider).documents
    contacts = Job.objects.filter(run=run, kind=Kind.CONTACT, state__in=(State.WAITING, State.SENDING)).count()
    # Contacts, invoices and payments go in batches, one call each.
    calls = ceil(contacts / documents.batch_size) + 2 * ceil(left / documents.batch_size)
    return start + timedelta(minutes=calls / documents.minute_limit)


def _causes(run: Run) -> tuple[FailedBecause, ...]:
    """Return why invoices failed, the commonest cause first."""
    failed = Job.objects.filter(run=run, kind=Kind.INVOICE, state=State.FAILED).select_related("invoice__client")
    grouped: dict[Explanation, list[Invoice]] = {}
    for job in failed.order_by("finished_at", "pk"):
        if job.invoice is not None:
            grouped.setdefault(explain(refusal_from_json(job.refusal or {})), []).append(job.invoice)
    causes = [
        FailedBecause(explanation, len(invoices), tuple(invoices[:INVOICES_PER_CAUSE]))
        for explanation, invoices in grouped.items()
    ]
    return tuple(sorted(causes, key=lambda each: -each.count)[:_CAUSES_MAX])
