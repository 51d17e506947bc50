"""What people ask of syncing: copy and retry. What they say about contacts is in contacts.py."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.connections.queries import live_connection
from keito_books.invoicing.models import Invoice, Payment
from keito_books.invoicing.models import State as InvoiceState
from keito_books.mapping.queries import preferences_of
from keito_books.syncing.errors import NotConnectedNow, NotCopyable, SyncProblem
from keito_books.syncing.explanations import NoticeCode, notice
from keito_books.syncing.models import Job
from keito_books.syncing.queue import enqueue, find_job, find_link
from keito_books.workspaces import audit
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership, Workspace
from keito_books.workspaces.permissions import Ability, require, require_same_workspace


def copy_invoice(invoice: Invoice, *, by: Membership, now: datetime) -> Job:
    """Queue a finalized invoice, its contact and its payments. Any number of equal requests make one job.

    Also serves Retry: a failed job waits again. Raises NotAllowed, NotConnectedNow or NotCopyable.
    """
    require(by, Ability.COPY_INVOICES)
    require_same_workspace(by, invoice)
    connection = usable_connection(by.workspace)
    with transaction.atomic():
        # Revert to draft takes the same lock, so an invoice can't be queued and reverted at once.
        invoice = Invoice.objects.select_for_update(of=("self",)).select_related("client").get(pk=invoice.pk)
        _must_be_copyable(invoice)
        before = find_job(connection, Kind.INVOICE, invoice)
        was_open = before is not None and before.state in (Job.State.WAITING, Job.State.SENDING, Job.State.DONE)
        if find_link(connection, Kind.CONTACT, invoice.client) is None:
            enqueue(connection, Kind.CONTACT, invoice.client, by=by.person, now=now)
        job = enqueue(connection, Kind.INVOICE, invoice, by=by.person, now=now)
        if not was_open:
            word = "sync.retried" if before else "sync.requested"
            _audit(word, invoice, connection, by=by, now=now)
    return job


def copy_when_sent(invoice: Invoice, *, by: Membership, now: datetime) -> Job | None:
    """Queue an invoice that was just sent, when the workspace wants that; call inside the transaction of the sending.

    Whatever stands in the way is told by the job as after a click: a missing account makes it Failed, an expired
    connection or a lost plan lets it wait.
    """
    connection = live_connection(invoice.workspace)
    if connection is None or not preferences_of(connection).copies_when_sent:
        return None
    if find_link(connection, Kind.CONTACT, invoice.client) is None:
        enqueue(connection, Kind.CONTACT, invoice.client, by=by.person, now=now)
    job = enqueue(connection, Kind.INVOICE, invoice, by=by.person, now=now)
    _audit("sync.requested_when_sent", invoice, connection, by=by, now=now)
    return job


def why_not_copy(invoice: Invoice, *, by: Membership) -> str:
    """Return why an invoice can't be copied now, as a sentence to stand beside the button; empty when it can."""
    try:
        require(by, Ability.COPY_INVOICES)
        usable_connection(by.workspace)
        _must_be_copyable(invoice)
    except (NotAllowed, SyncProblem) as problem:
        return str(problem)
    return ""


def copy_payment(payment: Payment, *, by: Membership, now: datetime) -> Job:
    """Queue a payment, or retry it or its deletion. Raises NotAllowed, NotConnectedNow or NotCopyable."""
    require(by, Ability.COPY_INVOICES)
    require_same_workspace(by, payment)
    connection = usable_connection(by.workspace)
    with transaction.atomic():
        invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=payment.invoice_id)
        payment.refresh_from_db()
        if payment.is_deleted:
            if find_link(connection, Kind.PAYMENT, payment) is None:
                raise NotCopyable("This payment was deleted before it reached Xero. There is nothing to do.")
            kind = Kind.PAYMENT_DELETION
        else:
            kind = Kind.PAYMENT
            if find_job(connection, Kind.INVOICE, invoice) is None:
                raise NotCopyable(f"Copy invoice {invoice.number} to Xero first. Its payments then follow.")
            if not preferences_of(connection).payment_account_id:
                raise NotCopyable("No Payment Account is chosen, so payments are not sent. Choose one in the settings.")
        job = enqueue(connection, kind, payment, by=by.person, now=now)
        _audit("sync.payment_requested", invoice, connection, by=by, now=now, details={"payment": payment.marker})
    return job


def usable_connection(workspace: Workspace) -> Connection:
    """Return the active connection. Raises NotConnectedNow, which says what to do."""
    connection = live_connection(workspace)
    if connection is None or not connection.is_active:
        words = notice(NoticeCode.CONNECTION_EXPIRED if connection else NoticeCode.NOT_CONNECTED)
        raise NotConnectedNow(f"{words.sentence} {words.fix}")
    return connection


def _must_be_copyable(invoice: Invoice) -> None:
    if invoice.state == InvoiceState.DRAFT:
        raise NotCopyable(f"Invoice {invoice.number} is a draft. Send it first; then it can be copied to Xero.")
    if invoice.state == InvoiceState.CLOSED:
        raise NotCopyable(f"Invoice {invoice.number} is closed, so it is no longer a receivable and is not copied.")


def _audit(
    action: str,
    invoice: Invoice,
    connection: Connection,
    *,
    by: Membership,
    now: datetime,
    details: dict[str, str] | None = None,
) -> None:
    subject = audit.Subject("invoice", invoice.pk, invoice.number)
    said = {"organisation": connection.organisation_name, **(details or {})}
    audit.record(action, workspace=by.workspace, at=now, person=by.person, subject=subject, details=dict(said))
