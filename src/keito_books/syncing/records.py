"""Record what became of a job: short transactions that change only what still is as we saw it, and audit the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, F, Q

from keito_books.accounting.documents import Kind
from keito_books.accounting.port import PreparedWrite
from keito_books.accounting.refusals import Refusal
from keito_books.connections.actions import note_success
from keito_books.invoicing.models import State as InvoiceState
from keito_books.syncing import runs
from keito_books.syncing.errands.base import Prepared
from keito_books.syncing.explanations import explain, refusal_to_json
from keito_books.syncing.models import Dispatch, Job, Ride
from keito_books.syncing.queue import OPEN_STATES
from keito_books.workspaces import audit
from keito_books.workspaces.models import AuditEntry

State = Job.State


def lock_ready(jobs: Collection[Job]) -> set[UUID]:
    """Lock the jobs and return those that still wait in the epoch they were asked for in.

    Somebody may have stopped one meanwhile, deleted its payment, or taken its invoice back.
    """
    taken_back = Q(kind=Kind.PAYMENT, payment__deleted_at__isnull=False)
    taken_back |= Q(kind=Kind.INVOICE, invoice__state__in=[InvoiceState.DRAFT, InvoiceState.CLOSED])
    rows = Job.objects.filter(pk__in=[job.pk for job in jobs], state=State.WAITING, epoch=F("connection__epoch"))
    found = rows.exclude(taken_back).select_for_update(of=("self",)).order_by("pk")
    return set(found.values_list("pk", flat=True))


def freeze(write: PreparedWrite, riders: Sequence[tuple[Job, Prepared]], *, now: datetime) -> Dispatch:
    """Store the very bytes and the key as about to be sent; call inside the transaction that locked the jobs."""
    connection = riders[0][0].connection
    dispatch = Dispatch(
        connection=connection,
        epoch=connection.epoch,
        kind=write.kind,
        method=write.method,
        path=write.path,
        body=write.body,
        markers=list(write.markers),
        sends=1,
        first_sent_at=now,
        last_sent_at=now,
    )
    # Keys are per application over there, not per organisation; ours are unique by themselves.
    dispatch.key = f"keito-{dispatch.pk.hex}"
    dispatch.save(force_insert=True)
    Ride.objects.bulk_create(
        Ride(
            dispatch=dispatch,
            job=job,
            marker=prepared.write.markers[0],
            expected=prepared.expected,
            repairs=[words for _, words in prepared.write.repairs],
        )
        for job, prepared in riders
    )
    Job.objects.filter(pk__in=[job.pk for job, _ in riders]).update(
        state=State.SENDING, dispatch=dispatch, waiting_because="sending"
    )
    for job, _ in riders:
        job.state, job.dispatch = State.SENDING, dispatch
    return dispatch


def count_sending(dispatch: Dispatch, *, now: datetime) -> bool:
    """Note that the same bytes are about to leave again; False when nobody rides on them any more."""
    with transaction.atomic():
        if not lock_as_sent(dispatch) or not Job.objects.filter(dispatch=dispatch).exists():
            return False
        dispatch.sends += 1
        dispatch.last_sent_at = now
        dispatch.save(update_fields=["sends", "last_sent_at"])
    return True


def lock_as_sent(dispatch: Dispatch) -> bool:
    """Lock a request for this transaction; False when another worker has sent it since it was read here."""
    return Dispatch.objects.select_for_update().filter(pk=dispatch.pk, sends=dispatch.sends).exists()


def note_answer(dispatch: Dispatch) -> None:
    dispatch.is_answered = True
    dispatch.save(update_fields=["is_answered"])


def postpone(jobs: Collection[Job], *, until: datetime, because: str) -> None:
    """Let open jobs rest until a time; one that was stopped meanwhile stays stopped."""
    _as_seen(jobs).filter(state__in=OPEN_STATES).update(next_at=until, waiting_because=because)


def stop(job: Job, *, now: datetime) -> None:
    """End a job that nobody wants any more and of which nothing is there."""
    _as_seen([job]).filter(state=State.WAITING).update(state=State.STOPPED, waiting_because="", finished_at=now)


def count_attempt(job: Job) -> None:
    job.attempts += 1
    Job.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1)


def send_alone(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(goes_alone=True)


def unsend(jobs: Collection[Job], *, until: datetime, because: str, alone: bool = False) -> None:
    """Take jobs off a frozen request that certainly did nothing for them; they wait and are prepared anew.

    `alone`: the request was declined as a whole, so each goes by itself from now on.
    """
    with transaction.atomic():
        runs.lock_runs(jobs)
        _as_seen(jobs).filter(state=State.SENDING).update(
            state=State.WAITING, dispatch=None, next_at=until, waiting_because=because, goes_alone=alone
        )
        runs.follow_runs(jobs)


def start_anew(job: Job, *, now: datetime) -> None:
    """The look-up showed that nothing arrived: the job may be sent under a new key."""
    count_attempt(job)
    unsend([job], until=now, because="")


def keep_refusal(ride: Ride, refusal: Refusal) -> None:
    """Keep a refusal that came after an unanswered sending; only a look-up tells whether that one arrived."""
    ride.declined = refusal_to_json(refusal)
    ride.save(update_fields=["declined"])


def fail(job: Job, refusal: Refusal, *, now: datetime) -> None:
    """End a job as failed. Its frozen request is over: nothing of ours is there, or the link says what is."""
    with transaction.atomic():
        changed = (
            _as_seen([job])
            .filter(state__in=OPEN_STATES)
            .update(
                state=State.FAILED,
                dispatch=None,
                refusal=refusal_to_json(refusal),
                finished_at=now,
                waiting_because="",
                goes_alone=False,
            )
        )
        if changed:
            sentence = explain(refusal).sentence
            told: dict[str, audit.Detail] = {"kind": job.kind, "reason": sentence, "said": list(refusal.messages)}
            audit.record_many([_entry(job, "sync.failed", told, now=now)])


def lock_open(jobs: Collection[Job]) -> set[UUID]:
    """Lock the jobs and return those that are ours to end: still as seen, and not done. A result that comes in after
    a disconnect is recorded all the same."""
    rows = _as_seen(jobs).exclude(state=State.DONE).select_for_update().order_by("pk")
    return set(rows.values_list("pk", flat=True))


def succeed(told: Sequence[tuple[Job, str, str]], *, now: datetime) -> None:
    """End jobs of one connection as done, each with its link's origin and remote id; call inside the transaction that
    locked them."""
    if told:
        Job.objects.filter(pk__in=[job.pk for job, *_ in told]).update(
            state=State.DONE, dispatch=None, refusal=None, finished_at=now, waiting_because="", goes_alone=False
        )
        note_success(told[0][0].connection, now=now)
        audit.record_many(
            _entry(job, "sync.succeeded", {"kind": job.kind, "origin": origin, "remote_id": remote_id}, now=now)
            for job, origin, remote_id in told
        )


def close_if_settled(dispatch: Dispatch, *, now: datetime) -> None:
    """Close a request on which nobody rides any more."""
    Dispatch.objects.filter(~Exists(Job.objects.filter(dispatch=dispatch)), pk=dispatch.pk).update(closed_at=now)


def _as_seen(jobs: Collection[Job]) -> models.QuerySet[Job]:
    """Select the jobs that still ride on the request on which we saw them: a worker that was overtaken changes none."""
    seen = {job.dispatch_id for job in jobs}
    riding = Q(dispatch__in=seen - {None}) | (Q(dispatch=None) if None in seen else Q(pk__in=[]))
    return Job.objects.filter(riding, pk__in=[job.pk for job in jobs])


def _entry(job: Job, action: str, details: dict[str, audit.Detail], *, now: datetime) -> AuditEntry:
    """Return the entry under what a person looks at: the client, or the invoice that a payment belongs to."""
    if job.client is not None:
        subject = audit.Subject("client", job.client.pk, job.client.name)
    else:
        invoice = job.invoice or (job.payment.invoice if job.payment else None)
        assert invoice is not None  # noqa: S101  the database holds this: job_is_about_one_document
        subject = audit.Subject("invoice", invoice.pk, invoice.number)
    if job.payment is not None:
        details = {**details, "payment": job.payment.marker}
    said = {"organisation": job.connection.organisation_name, **details}
    return audit.entry(action, workspace=job.workspace, at=now, person=None, subject=subject, details=said)
