"""Put documents into the outbox, inside the transaction of whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When

from keito_books.accounting.documents import Kind
from keito_books.accounting.refusals import RefusalCode
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice, Payment
from keito_books.syncing import ticks
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import BULK, CLICK, Job, Link, Run
from keito_books.workspaces.models import Person

State = Job.State
OPEN_STATES = (State.WAITING, State.SENDING)
Document = Client | Invoice | Payment
_FIELD = {Kind.CONTACT: "client", Kind.INVOICE: "invoice", Kind.PAYMENT: "payment", Kind.PAYMENT_DELETION: "payment"}


def about(document: Document) -> Q:
    """Select jobs or links of a document."""
    if isinstance(document, Client):
        return Q(client=document)
    if isinstance(document, Invoice):
        return Q(invoice=document)
    return Q(payment=document)


def find_link(connection: Connection, kind: Kind, document: Document) -> Link | None:
    return Link.objects.filter(about(document), connection=connection, kind=kind).first()


def find_job(connection: Connection, kind: Kind, document: Document) -> Job | None:
    return Job.objects.filter(about(document), connection=connection, kind=kind).first()


def enqueue(
    connection: Connection,
    kind: Kind,
    document: Document,
    *,
    by: Person | None,
    now: datetime,
    priority: int = CLICK,
    run: Run | None = None,
) -> Job:
    """Return the one job for this document, waiting to be done unless it is done or under way already.

    Equal requests share the job, however many clicks, tabs or people make them: the database holds one row. A click
    makes a job of a run urgent, and frees one that is held back.
    """
    job, is_new = Job.objects.get_or_create(
        connection=connection,
        kind=kind,
        client=document if isinstance(document, Client) else None,
        invoice=document if isinstance(document, Invoice) else None,
        payment=document if isinstance(document, Payment) else None,
        defaults={
            "workspace_id": connection.workspace_id,
            "epoch": connection.epoch,
            "next_at": now,
            "requested_by": by,
            "requested_at": now,
            "priority": priority,
            "run": run,
        },
    )
    if not is_new:
        job = Job.objects.select_for_update().get(pk=job.pk)
        if job.state in (State.FAILED, State.STOPPED, State.HELD):
            job.priority, job.run = priority, run
            revive(job, epoch=connection.epoch, by=by, now=now)
        elif job.priority > priority:
            Job.objects.filter(pk=job.pk).update(priority=priority)
    if job.state in OPEN_STATES:
        ticks.poke_soon(lane_of(connection).pk)
    return job


def enqueue_many(connection: Connection, kind: Kind, asked: Sequence[tuple[Document, Job]], *, now: datetime) -> None:
    """Put documents of one kind into the outbox that follow from other jobs, as urgently and in the same run."""
    if not asked:
        return
    field = _FIELD[kind]
    there = Job.objects.filter(connection=connection, kind=kind, **{f"{field}__in": [each for each, _ in asked]})
    known = set(there.values_list(field, flat=True))
    Job.objects.bulk_create(
        Job(
            connection=connection,
            workspace_id=connection.workspace_id,
            epoch=connection.epoch,
            kind=kind,
            next_at=now,
            requested_at=now,
            requested_by_id=job.requested_by_id,
            priority=job.priority,
            run_id=job.run_id,
            **{f"{field}_id": document.pk},
        )
        for document, job in asked
        if document.pk not in known
    )
    for document, job in asked:
        if document.pk in known:
            enqueue(connection, kind, document, by=job.requested_by, now=now, priority=job.priority, run=job.run)
    ticks.poke_soon(lane_of(connection).pk)


def revive(job: Job, *, epoch: int, by: Person | None, now: datetime) -> None:
    """Let a failed or stopped job wait again. One whose request may have arrived goes on with looking it up."""
    job.state = State.SENDING if job.may_have_arrived else State.WAITING
    job.epoch, job.attempts, job.next_at, job.waiting_because = epoch, 0, now, ""
    if job.answer == Job.Answer.LATER:
        # A client that was separated by hand is asked about until somebody answers, also after a while.
        was_separated = (job.refusal or {}).get("code") == RefusalCode.CONTACT_SEPARATED
        job.answer = Job.Answer.ASK if was_separated else ""
    job.refusal, job.finished_at = None, None
    job.requested_by, job.requested_at = by or job.requested_by, now
    job.save()


def revive_all(jobs: QuerySet[Job], *, run: Run, by: Person, now: datetime) -> None:
    """Let failed, stopped or held jobs wait again as parts of a run, however many they are."""
    anew = {
        "run": run,
        "priority": BULK,
        "epoch": run.connection.epoch,
        "attempts": 0,
        "next_at": now,
        "waiting_because": "",
        "refusal": None,
        "answer": "",
        "finished_at": None,
        "requested_by": by,
        "requested_at": now,
    }
    jobs.update(state=Case(When(dispatch=None, then=Value(State.WAITING)), default=Value(State.SENDING)), **anew)
