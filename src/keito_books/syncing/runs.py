"""Copy many invoices at once: start, pause, resume, cancel, try again. Each is one short change of many jobs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice
from keito_books.invoicing.models import State as InvoiceState
from keito_books.syncing import ticks
from keito_books.syncing.actions import usable_connection
from keito_books.syncing.errors import NotCopyable
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import BULK, Job, Link, Run
from keito_books.syncing.queue import OPEN_STATES, revive_all
from keito_books.workspaces import audit
from keito_books.workspaces.models import Membership, Person, Workspace
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

State = Job.State
# A person may ask again for what is in one of these; everything else is there, or on its way.
_AT_REST = (State.FAILED, State.STOPPED, State.HELD)
_CHUNK = 1_000
# What pausing and cancelling reach. Payments follow an invoice that is there, whatever becomes of the rest: without
# them it would look unpaid. What a person asked for singly meanwhile is no longer the run's to hold back.
_OF_A_RUN = Q(kind__in=[Kind.CONTACT, Kind.INVOICE], priority__gte=BULK)


class NothingToCopy(NotCopyable):
    """Each of the invoices is there, or on its way. `run` is where most recently some were sent on theirs."""

    def __init__(self, run: Run | None) -> None:
        super().__init__("Each of these invoices is in Xero already, or on its way there. Nothing more was queued.")
        self.run = run


def start_run(invoices: Collection[UUID], *, by: Membership, now: datetime) -> Run:
    """Queue finalized invoices and their contacts as one run. An invoice that is on its way is left where it is.

    Raises NotAllowed, NotConnectedNow or NothingToCopy. Drafts, closed invoices and unknown ids are left out.
    """
    require(by, Ability.COPY_INVOICES)
    connection = usable_connection(by.workspace)
    with transaction.atomic():
        # All invoices first, then jobs, each in one order, so that two runs or a click meanwhile never lock crosswise.
        copyable = _locked(invoices, by.workspace)
        run = Run.objects.create(
            workspace=by.workspace, connection=connection, requested_by=by.person, requested_at=now, invoices=0
        )
        queued = _queue(run, Kind.INVOICE, [invoice.pk for invoice in copyable], by=by.person, now=now)
        if not queued:
            raise NothingToCopy(_latest_run(connection, [invoice.pk for invoice in copyable]))
        _queue_contacts(run, {each.client_id for each in copyable if each.pk in queued}, by=by.person, now=now)
        run.invoices = len(queued)
        run.save(update_fields=["invoices"])
        _audit("sync.run_started", run, by=by, now=now)
        _audit_each([invoice for invoice in copyable if invoice.pk in queued], run, by=by, now=now)
        ticks.poke_soon(lane_of(connection).pk)
    return run


def pause_run(run: Run, *, by: Membership, now: datetime) -> None:
    """Hold back what has not been sent; what was sent is followed up."""
    with transaction.atomic():
        run = _locked_run(run, by)
        if run.paused_at is not None or run.cancelled_at is not None or not is_open(run):
            return
        _waiting(run).update(state=State.HELD, waiting_because="held")
        run.paused_at = now
        run.save(update_fields=["paused_at"])
        _audit("sync.run_paused", run, by=by, now=now)


def resume_run(run: Run, *, by: Membership, now: datetime) -> None:
    """Let what was held back wait to be sent again. Raises NotConnectedNow or NotCopyable."""
    connection = _connection_for(run, by)
    with transaction.atomic():
        run = _locked_run(run, by)
        if run.paused_at is None:
            return
        held = Job.objects.filter(run=run, state=State.HELD)
        held.update(state=State.WAITING, epoch=connection.epoch, next_at=now, waiting_because="")
        run.paused_at = None
        run.save(update_fields=["paused_at"])
        _audit("sync.run_resumed", run, by=by, now=now)
        ticks.poke_soon(lane_of(connection).pk)


def cancel_run(run: Run, *, by: Membership, now: datetime) -> int:
    """Stop what has not been sent, and return how many invoices that were. What may have arrived is followed up."""
    with transaction.atomic():
        run = _locked_run(run, by)
        if run.cancelled_at is not None:
            return 0
        unsent = _waiting(run) | Job.objects.filter(run=run, state=State.HELD)
        stopped = unsent.filter(kind=Kind.INVOICE).count()
        unsent.update(state=State.STOPPED, waiting_because="", finished_at=now)
        run.cancelled_at, run.paused_at = now, None
        run.save(update_fields=["cancelled_at", "paused_at"])
        _audit("sync.run_cancelled", run, by=by, now=now, details={"stopped": stopped})
    return stopped


def retry_failed(run: Run, *, by: Membership, now: datetime) -> int:
    """Let the failed invoices of a run wait again, and return how many. Raises NotConnectedNow or NotCopyable."""
    connection = _connection_for(run, by)
    with transaction.atomic():
        run = _locked_run(run, by)
        if run.paused_at is not None:
            raise NotCopyable("This copy is paused. Resume it first, then retry what failed.")
        failed = Job.objects.filter(run=run, kind=Kind.INVOICE, state=State.FAILED)
        copyable = _locked(failed.values_list("invoice", flat=True), by.workspace)
        queued = _queue(run, Kind.INVOICE, [invoice.pk for invoice in copyable], by=by.person, now=now)
        if not queued:
            return 0
        _queue_contacts(run, {each.client_id for each in copyable}, by=by.person, now=now)
        run.cancelled_at = None
        run.save(update_fields=["cancelled_at"])
        _audit("sync.run_retried", run, by=by, now=now, details={"retried": len(queued)})
        ticks.poke_soon(lane_of(connection).pk)
    return len(queued)


def is_open(run: Run) -> bool:
    """Say whether something of a run is still to come."""
    return Job.objects.filter(run=run, kind=Kind.INVOICE, state__in=(*OPEN_STATES, State.HELD)).exists()


def open_runs(workspace: Workspace) -> QuerySet[Run]:
    """Return the runs of which something is still to come, the newest first."""
    left = Job.objects.filter(run=OuterRef("pk"), kind=Kind.INVOICE, state__in=(*OPEN_STATES, State.HELD))
    return Run.objects.filter(Exists(left), workspace=workspace).order_by("-requested_at", "-pk")


def lock_runs(jobs: Collection[Job]) -> None:
    """Let nobody pause or cancel the runs of these jobs until the transaction ends."""
    runs = Run.objects.filter(pk__in={job.run_id for job in jobs if job.run_id is not None})
    list(runs.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def follow_runs(jobs: Collection[Job]) -> None:
    """Hold back or stop what waits again, since nothing of it was sent after all, as its run was meanwhile."""
    unsent = Job.objects.filter(_OF_A_RUN, pk__in=[job.pk for job in jobs], state=State.WAITING)
    unsent.filter(run__paused_at__isnull=False).update(state=State.HELD, waiting_because="held")
    unsent.filter(run__cancelled_at__isnull=False).update(state=State.STOPPED, waiting_because="")


def _waiting(run: Run) -> QuerySet[Job]:
    return Job.objects.filter(_OF_A_RUN, run=run, state=State.WAITING)


def _locked(invoices: Iterable[UUID | None], workspace: Workspace) -> list[Invoice]:
    """Return those that may be copied, locked, so that none is reverted to draft before its job is written."""
    states = [InvoiceState.OPEN, InvoiceState.PAID]
    found = Invoice.objects.filter(pk__in=list(invoices), workspace=workspace, state__in=states)
    return list(found.select_for_update(of=("self",)).order_by("pk").only("pk", "client_id", "number"))


def _queue_contacts(run: Run, clients: set[UUID], *, by: Person, now: datetime) -> None:
    linked = Link.objects.filter(connection=run.connection, kind=Kind.CONTACT, client__in=clients)
    unknown = clients - set(linked.values_list("client", flat=True))
    _queue(run, Kind.CONTACT, sorted(unknown), by=by, now=now)


def _queue(run: Run, kind: Kind, documents: list[UUID], *, by: Person, now: datetime) -> set[UUID]:
    """Write or revive the one job of each document, and return the documents that are now the run's to send."""
    about = "client_id" if kind is Kind.CONTACT else "invoice_id"
    for start in range(0, len(documents), _CHUNK):
        chunk = documents[start : start + _CHUNK]
        fresh = [_new_job(run, kind, by=by, now=now, **{about: document}) for document in chunk]
        Job.objects.bulk_create(fresh, ignore_conflicts=True)
        resting = Job.objects.filter(
            connection=run.connection, kind=kind, state__in=_AT_REST, **{f"{about}__in": chunk}
        )
        # Locked in one order first, so that two runs at once never wait for each other.
        list(resting.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        revive_all(resting, run=run, by=by, now=now)
    queued = Job.objects.filter(run=run, kind=kind, state__in=OPEN_STATES, **{f"{about}__in": documents})
    return set(queued.values_list(about, flat=True))


def _new_job(run: Run, kind: Kind, *, by: Person, now: datetime, **about: UUID) -> Job:
    return Job(
        workspace_id=run.workspace_id,
        connection=run.connection,
        epoch=run.connection.epoch,
        kind=kind,
        priority=BULK,
        next_at=now,
        run=run,
        requested_by=by,
        requested_at=now,
        **about,
    )


def _locked_run(run: Run, by: Membership) -> Run:
    require(by, Ability.COPY_INVOICES)
    require_same_workspace(by, run)
    return Run.objects.select_for_update(of=("self",)).select_related("connection").get(pk=run.pk)


def _connection_for(run: Run, by: Membership) -> Connection:
    connection = usable_connection(by.workspace)
    if connection.pk != run.connection_id:
        raise NotCopyable(
            f"This copy was for {run.connection.organisation_name}, and {connection.organisation_name} is connected "
            "now. Nothing was sent. Choose the invoices anew if they belong there too."
        )
    return connection


def _latest_run(connection: Connection, invoices: list[UUID]) -> Run | None:
    runs = Run.objects.filter(connection=connection, jobs__invoice__in=invoices)
    return runs.order_by("-requested_at", "-pk").first()


def _audit(
    action: str, run: Run, *, by: Membership, now: datetime, details: dict[str, audit.Detail] | None = None
) -> None:
    subject = audit.Subject("run", run.pk, f"{run.invoices} invoice{'' if run.invoices == 1 else 's'}")
    said: dict[str, audit.Detail] = {"organisation": run.connection.organisation_name, "invoices": run.invoices}
    audit.record(
        action, workspace=by.workspace, at=now, person=by.person, subject=subject, details=said | (details or {})
    )


def _audit_each(invoices: list[Invoice], run: Run, *, by: Membership, now: datetime) -> None:
    """Note it in the history of each invoice, where a bookkeeper looks for it."""
    subjects = [audit.Subject("invoice", invoice.pk, invoice.number) for invoice in invoices]
    details = {"organisation": run.connection.organisation_name}
    audit.record_each("sync.requested", subjects, workspace=by.workspace, at=now, person=by.person, details=details)
