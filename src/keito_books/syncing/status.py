"""Say how a document stands: one of four words, what it waits for, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.connections.queries import latest_connection, live_connection
from keito_books.invoicing.models import Client, Invoice, Payment
from keito_books.syncing.explanations import WAITS, WAITS_WITH_A_TIME, Explanation, explain, refusal_from_json
from keito_books.syncing.health import lane_to_show
from keito_books.syncing.models import Job, Lane, Link
from keito_books.syncing.queue import OPEN_STATES
from keito_books.workspaces.models import Workspace


class Status(StrEnum):
    """The four words that people see; the values are those of the API."""

    NOT_SYNCED = "not_synced"
    PENDING = "pending"
    SUCCESS = "success"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Standing:
    """How one document stands with one connection.

    `text` says in words what is going on; `until` when it goes on by itself; `explanation` what to do after a failure
    and `said` the provider's own words; `candidates` are contacts to choose from, as (id, name). `kind` is what its job
    does, so that a payment is told from its deletion; `run_id` is the paused run that holds it back.
    """

    status: Status
    text: str = ""
    until: datetime | None = None
    explanation: Explanation | None = None
    code: str = ""
    said: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()
    remote_id: str = ""
    remote_label: str = ""
    address: str = ""
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    job_id: UUID | None = None
    kind: str = ""
    run_id: UUID | None = None

    @property
    def label(self) -> str:
        return self.status.label

    @property
    def is_pending(self) -> bool:
        return self.status is Status.PENDING


NOT_SYNCED = Standing(Status.NOT_SYNCED)


def connection_to_show(workspace: Workspace) -> Connection | None:
    """Return the live connection, else the latest one, whose ids and statuses stay readable (P57)."""
    return live_connection(workspace) or latest_connection(workspace, "xero")


def invoice_standing(invoice: Invoice) -> Standing:
    return invoice_standings(invoice.workspace, [invoice])[invoice.pk]


def invoice_standings(workspace: Workspace, invoices: Iterable[Invoice]) -> dict[UUID, Standing]:
    """Return how each invoice stands, in a fixed number of queries."""
    ids = [invoice.pk for invoice in invoices]
    connection = connection_to_show(workspace)
    if connection is None:
        return dict.fromkeys(ids, NOT_SYNCED)
    jobs = Job.objects.filter(connection=connection, kind=Kind.INVOICE, invoice__in=ids)
    by_invoice = {job.invoice_id: job for job in jobs.select_related("invoice")}
    links = Link.objects.filter(connection=connection, kind=Kind.INVOICE, invoice__in=ids)
    linked = {link.invoice_id: link for link in links}
    lane = lane_to_show(connection)
    found = {each: _standing(by_invoice.get(each), linked.get(each), connection, lane) for each in ids}
    return found | _waits_of_contacts(by_invoice.values(), connection, lane)


def payment_standings(invoice: Invoice) -> dict[UUID, Standing]:
    """Return how each payment of an invoice stands; for a deleted one, how its deletion does."""
    connection = connection_to_show(invoice.workspace)
    payments = list(Payment.objects.filter(invoice=invoice))
    if connection is None:
        return {payment.pk: NOT_SYNCED for payment in payments}
    jobs = Job.objects.filter(connection=connection, payment__in=payments)
    found: Mapping[tuple[UUID | None, str], Job] = {(job.payment_id, job.kind): job for job in jobs}
    links = Link.objects.filter(connection=connection, kind=Kind.PAYMENT, payment__in=payments)
    linked = {link.payment_id: link for link in links}
    lane = lane_to_show(connection)
    return {
        payment.pk: _standing(
            (found.get((payment.pk, Kind.PAYMENT_DELETION)) if payment.is_deleted else None)
            or found.get((payment.pk, Kind.PAYMENT)),
            linked.get(payment.pk),
            connection,
            lane,
        )
        for payment in payments
    }


def client_standing(client: Client) -> Standing:
    connection = connection_to_show(client.workspace)
    if connection is None:
        return NOT_SYNCED
    job = Job.objects.filter(connection=connection, kind=Kind.CONTACT, client=client).first()
    link = Link.objects.filter(connection=connection, kind=Kind.CONTACT, client=client).first()
    return _standing(job, link, connection, lane_to_show(connection))


def job_standings(jobs: Iterable[Job]) -> dict[UUID, Standing]:
    """Return how each job stands with its own connection, which may be an earlier one than that shown elsewhere."""
    lanes: dict[UUID, Lane | None] = {}
    found = {}
    for job in jobs:
        if job.connection_id not in lanes:
            lanes[job.connection_id] = lane_to_show(job.connection)
        found[job.pk] = _standing(job, None, job.connection, lanes[job.connection_id])
    return found


def with_status(invoices: QuerySet[Invoice], workspace: Workspace, status: Status) -> QuerySet[Invoice]:
    """Return the invoices that stand like this with the connection that is shown."""
    connection = connection_to_show(workspace)
    if connection is None:
        return invoices if status is Status.NOT_SYNCED else invoices.none()
    jobs = Job.objects.filter(connection=connection, kind=Kind.INVOICE, invoice=OuterRef("pk"))
    may_be_there = jobs.filter(state=Job.State.STOPPED, dispatch__isnull=False)
    pending = Exists(jobs.filter(state__in=(*OPEN_STATES, Job.State.HELD))) | Exists(may_be_there)
    success = Exists(jobs.filter(state=Job.State.DONE))
    failed = Exists(jobs.filter(state=Job.State.FAILED))
    if status is Status.PENDING:
        return invoices.filter(pending)
    if status is Status.SUCCESS:
        return invoices.filter(success)
    if status is Status.FAILED:
        return invoices.filter(failed)
    return invoices.exclude(pending).exclude(success).exclude(failed)


def _waits_of_contacts(jobs: Iterable[Job], connection: Connection, lane: Lane | None) -> dict[UUID, Standing]:
    """Return what the contact waits for, for each invoice that waits for nothing but its contact."""
    clients = {job.invoice.pk: job.invoice.client_id for job in jobs if job.invoice and _waits_for_contact(job)}
    if not clients:
        return {}
    contacts = Job.objects.filter(
        connection=connection, kind=Kind.CONTACT, client__in=clients.values(), state__in=OPEN_STATES
    ).exclude(waiting_because__in=["", "sending"])
    waiting = {job.client_id: job for job in contacts}
    return {
        invoice: _pending(waiting[client], connection, lane) for invoice, client in clients.items() if client in waiting
    }


def _waits_for_contact(job: Job) -> bool:
    return job.state == Job.State.WAITING and job.waiting_because == "contact"


def _standing(job: Job | None, link: Link | None, connection: Connection, lane: Lane | None) -> Standing:
    if job is None or (job.state == Job.State.STOPPED and not job.may_have_arrived):
        return NOT_SYNCED
    if job.state == Job.State.DONE:
        return _done(job, link, connection)
    if job.state == Job.State.FAILED:
        return _failed(job, link, connection)
    return _pending(job, connection, lane)


def _done(job: Job, link: Link | None, connection: Connection) -> Standing:
    if link is None:
        return Standing(Status.SUCCESS, job_id=job.pk, kind=job.kind)
    return Standing(
        Status.SUCCESS,
        remote_id=link.remote_id,
        remote_label=link.remote_label,
        address=_address(job, link, connection),
        repairs=tuple(link.repairs),
        warnings=tuple(link.warnings),
        job_id=job.pk,
        kind=job.kind,
    )


def _failed(job: Job, link: Link | None, connection: Connection) -> Standing:
    refusal = refusal_from_json(job.refusal or {})
    explanation = explain(refusal)
    prefix = "candidate:"
    candidates = [(key.removeprefix(prefix), name) for key, name in refusal.details.items() if key.startswith(prefix)]
    return Standing(
        Status.FAILED,
        text=explanation.sentence,
        explanation=explanation,
        code=refusal.code.value,
        said=refusal.messages,
        candidates=tuple(candidates),
        remote_id=link.remote_id if link else "",
        address=_address(job, link, connection) if link else "",
        job_id=job.pk,
        kind=job.kind,
    )


def _pending(job: Job, connection: Connection, lane: Lane | None) -> Standing:
    because, until = job.waiting_because, job.next_at
    if job.state == Job.State.HELD:
        because = "held"
    elif job.state != Job.State.STOPPED and connection.state == Connection.State.EXPIRED:
        because = "expired"
    elif lane is not None and lane.blocked_until is not None and lane.blocked_until > until:
        because, until = lane.blocked_because, lane.blocked_until
    shown = because in WAITS_WITH_A_TIME
    return Standing(
        Status.PENDING,
        text=WAITS.get(because, WAITS[""]),
        until=until if shown else None,
        code=because if because == "lock" else "",
        job_id=job.pk,
        kind=job.kind,
        run_id=job.run_id if job.state == Job.State.HELD else None,
    )


def _address(job: Job, link: Link, connection: Connection) -> str:
    documents = provider_for(connection.provider).documents
    if job.kind == Kind.INVOICE:
        return documents.invoice_address(short_code=connection.short_code, remote_id=link.remote_id)
    if job.kind == Kind.CONTACT:
        return documents.contact_address(short_code=connection.short_code, remote_id=link.remote_id)
    return ""
