"""Record what became of a job: short transactions that lock the row, change the fields they mean, and audit the end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from keito_books.accounting.documents import Kind
from keito_books.accounting.port import PreparedWrite
from keito_books.accounting.refusals import Refusal
from keito_books.connections.actions import note_success
from keito_books.syncing.explanations import explain, refusal_to_json
from keito_books.syncing.models import Dispatch, Job
from keito_books.syncing.queue import OPEN_STATES
from keito_books.syncing.verification import Expected
from keito_books.workspaces import audit

State = Job.State


class Overtaken(Exception):
    """Somebody changed the job meanwhile (stopped it, or a newer worker took it): leave it alone."""


def freeze(job_id: UUID, write: PreparedWrite, expected: Expected, *, now: datetime) -> Dispatch:
    """Store the very bytes and the key as about to be sent. Raises Overtaken unless the job still waits."""
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("connection", "payment").get(pk=job_id)
        if job.state != State.WAITING or job.epoch != job.connection.epoch:
            raise Overtaken
        if job.kind == Kind.PAYMENT and job.payment is not None and job.payment.is_deleted:
            raise Overtaken
        dispatch = Dispatch(
            connection=job.connection,
            epoch=job.epoch,
            kind=job.kind,
            method=write.method,
            path=write.path,
            body=write.body,
            markers=list(write.markers),
            expected=expected,
            repairs={marker: [words for whose, words in write.repairs if whose == marker] for marker in write.markers},
            sends=1,
            first_sent_at=now,
            last_sent_at=now,
        )
        # Keys are per application over there, not per organisation; ours are unique by themselves.
        dispatch.key = f"keito-{dispatch.pk.hex}"
        dispatch.save(force_insert=True)
        job.state, job.dispatch, job.waiting_because = State.SENDING, dispatch, "sending"
        job.save(update_fields=["state", "dispatch", "waiting_because"])
    return dispatch


def count_sending(dispatch: Dispatch, *, now: datetime) -> None:
    """Note that the same bytes are about to leave again."""
    dispatch.sends += 1
    dispatch.last_sent_at = now
    dispatch.save(update_fields=["sends", "last_sent_at"])


def postpone(job: Job, *, until: datetime, because: str) -> None:
    """Let an open job rest until a time; a job that was stopped meanwhile stays stopped."""
    Job.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(next_at=until, waiting_because=because)


def unsend(job: Job, dispatch: Dispatch, *, until: datetime, because: str, now: datetime) -> None:
    """Throw a frozen request away that certainly did nothing; the job waits and is prepared anew."""
    with transaction.atomic():
        _close(dispatch, now=now)
        changes = {"dispatch": None, "next_at": until, "waiting_because": because}
        Job.objects.filter(pk=job.pk, state=State.SENDING).update(state=State.WAITING, **changes)


def start_anew(job: Job, dispatch: Dispatch, *, now: datetime) -> None:
    """The look-up showed that nothing arrived: the job may be sent under a new key."""
    with transaction.atomic():
        _close(dispatch, now=now)
        Job.objects.filter(pk=job.pk, state=State.SENDING).update(
            state=State.WAITING, dispatch=None, attempts=job.attempts + 1, next_at=now, waiting_because=""
        )


def keep_refusal(dispatch: Dispatch, refusal: Refusal) -> None:
    """Keep a refusal that came after an unanswered sending; only a look-up tells whether that one arrived."""
    dispatch.declined = refusal_to_json(refusal)
    dispatch.save(update_fields=["declined"])


def fail(job: Job, refusal: Refusal, *, now: datetime) -> None:
    """End a job as Failed, with its reason."""
    with transaction.atomic():
        if job.dispatch is not None:
            _close(job.dispatch, now=now)
        changed = Job.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(
            state=State.FAILED, refusal=refusal_to_json(refusal), finished_at=now, waiting_because=""
        )
        if changed:
            sentence = explain(refusal).sentence
            _audit(job, "sync.failed", {"kind": job.kind, "reason": sentence, "said": list(refusal.messages)}, now=now)


def succeed(job: Job, *, details: dict[str, audit.Detail], now: datetime) -> None:
    """End a job as done. A result that comes in after a disconnect is recorded all the same."""
    if job.dispatch is not None:
        _close(job.dispatch, now=now)
    Job.objects.filter(pk=job.pk).update(state=State.DONE, refusal=None, finished_at=now, waiting_because="")
    note_success(job.connection, now=now)
    _audit(job, "sync.succeeded", {"kind": job.kind, **details}, now=now)


def _close(dispatch: Dispatch, *, now: datetime) -> None:
    dispatch.closed_at = now
    dispatch.save(update_fields=["closed_at"])


def _audit(job: Job, action: str, details: dict[str, audit.Detail], *, now: datetime) -> None:
    """Write the entry under what a person looks at: the client, or the invoice that a payment belongs to."""
    if job.client is not None:
        subject = audit.Subject("client", job.client.pk, job.client.name)
    else:
        invoice = job.invoice or (job.payment.invoice if job.payment else None)
        assert invoice is not None  # noqa: S101  the database holds this: job_is_about_one_document
        subject = audit.Subject("invoice", invoice.pk, invoice.number)
    if job.payment is not None:
        details = {**details, "payment": job.payment.marker}
    said = {"organisation": job.connection.organisation_name, **details}
    audit.record(action, workspace=job.workspace, at=now, person=None, subject=subject, details=said)
