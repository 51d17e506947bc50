"""Find what is due: contacts before invoices before payments, and no more at once than fits one call."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.syncing.models import Job, Lane
from keito_books.syncing.queue import OPEN_STATES

# Rows that a newer release wrote in another form wait for a worker of that release.
FORMAT = 1
_RELATED = {
    Kind.CONTACT: ("dispatch", "client"),
    Kind.INVOICE: ("dispatch", "invoice"),
    Kind.PAYMENT: ("dispatch", "payment__invoice"),
    Kind.PAYMENT_DELETION: ("dispatch", "payment__invoice"),
}


def next_load(lane: Lane, *, urgency: int, busy: Collection[UUID], batch_size: int, now: datetime) -> list[Job]:
    """Return the jobs to work on together, none when nothing is due.

    Either all that ride on one request whose outcome is open, or jobs of one connection, kind and urgency that were
    never sent. `busy` are jobs that another thread of this worker has in hand.
    """
    joined = Connection.objects.filter(provider=lane.provider, organisation_id=lane.organisation_id)
    connections = list(joined.values_list("pk", flat=True))
    everything = _due(now).filter(connection__in=connections, priority=urgency)
    if busy:
        everything = everything.exclude(pk__in=busy)
    if not everything.exists():
        return []
    for kind in Kind:
        due = everything.filter(kind=kind)
        first = due.order_by("next_at", "pk").values_list("pk", "connection_id", "dispatch_id", "goes_alone").first()
        if first is not None:
            job_id, connection_id, dispatch_id, goes_alone = first
            if dispatch_id is not None:
                return _loaded(kind, Job.objects.filter(dispatch=dispatch_id, state=Job.State.SENDING))
            if goes_alone or kind is Kind.PAYMENT_DELETION:
                return _loaded(kind, Job.objects.filter(pk=job_id))
            same = due.filter(connection=connection_id, dispatch=None, goes_alone=False)
            return _loaded(kind, same, at_most=batch_size)
    return []


def lanes_with_due_work(*, now: datetime) -> list[UUID]:
    """Return the organisations for which something is due and that nothing holds back."""
    due = _due(now).filter(connection=OuterRef("pk"))
    joined = Connection.objects.filter(Exists(due)).values_list("provider", "organisation_id")
    wanted = set(joined)
    open_now = Q(blocked_until=None) | Q(blocked_until__lte=now)
    lanes = Lane.objects.filter(open_now).values_list("pk", "provider", "organisation_id")
    return [pk for pk, provider, organisation in lanes if (provider, organisation) in wanted]


def _due(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(state__in=OPEN_STATES, next_at__lte=now, format_version__lte=FORMAT)


def _loaded(kind: Kind, jobs: QuerySet[Job], *, at_most: int | None = None) -> list[Job]:
    """Return the jobs with what they need; those of one connection share its row, which is read anew each time."""
    rows = jobs.select_related(*_RELATED[kind]).order_by("next_at", "pk")
    if kind is Kind.INVOICE:
        rows = rows.prefetch_related("invoice__lines")
    found = list(rows[:at_most])
    if found:
        connection = Connection.objects.select_related("workspace").get(pk=found[0].connection_id)
        for job in found:
            job.connection, job.workspace = connection, connection.workspace
    return found
