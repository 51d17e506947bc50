"""Work one organisation's lane: take its lease, then walk its due jobs one after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from keito_books.accounting.documents import Kind
from keito_books.syncing import governor
from keito_books.syncing.models import Job, Lane
from keito_books.syncing.queue import OPEN_STATES
from keito_books.syncing.walk import Walk

SLICE = timedelta(seconds=45)
_ORDER = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(Kind)), output_field=IntegerField())
_RELATED = (
    "connection",
    "workspace",
    "dispatch",
    "client",
    "invoice__client",
    "payment__invoice__client",
    "requested_by",
)


def work(lane_id: UUID, *, clock: Callable[[], datetime]) -> int:
    """Do due jobs of one organisation for a slice of time, and return how many steps were taken.

    Returns 0 at once while another worker holds the lane; its work is found again by the sweep.
    """
    started = clock()
    fence = governor.take_lease(lane_id, now=started)
    if fence is None:
        return 0
    steps = 0
    try:
        while clock() < started + SLICE:
            if governor.held_back(Lane.objects.get(pk=lane_id), now=clock()):
                break
            job = due_jobs(lane_id, now=clock()).first()
            if job is None:
                break
            Walk(job, lane_id=lane_id, fence=fence, clock=clock).go()
            steps += 1
    finally:
        governor.release_lease(lane_id, fence=fence)
    return steps


def due_jobs(lane_id: UUID, *, now: datetime) -> QuerySet[Job]:
    """Return due jobs: people's clicks first, then contacts, invoices, payments, each in the order of asking."""
    lane = Lane.objects.get(pk=lane_id)
    due = Job.objects.filter(
        connection__provider=lane.provider,
        connection__organisation_id=lane.organisation_id,
        state__in=OPEN_STATES,
        next_at__lte=now,
    )
    return due.select_related(*_RELATED).annotate(place=_ORDER).order_by("priority", "place", "requested_at", "id")


def lanes_with_due_work(*, now: datetime) -> list[UUID]:
    """Return the organisations for which something is due."""
    due = Job.objects.filter(state__in=OPEN_STATES, next_at__lte=now)
    joined = due.values_list("connection__provider", "connection__organisation_id").distinct()
    wanted = set(joined)
    lanes = Lane.objects.values_list("pk", "provider", "organisation_id")
    return [pk for pk, provider, organisation in lanes if (provider, organisation) in wanted]
