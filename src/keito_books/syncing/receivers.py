"""Follow what happens in the books and to the connection, inside the transaction in which it happens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from keito_books.accounting.documents import Kind
from keito_books.connections import signals as connection_signals
from keito_books.connections.models import Connection
from keito_books.connections.queries import live_connection
from keito_books.invoicing import signals as invoicing_signals
from keito_books.invoicing.errors import RevertBlocked
from keito_books.invoicing.models import Invoice, Payment
from keito_books.mapping.queries import preferences_of
from keito_books.syncing import ticks
from keito_books.syncing.actions import copy_when_sent
from keito_books.syncing.governor import lane_of
from keito_books.syncing.keeping import reason_to_keep
from keito_books.syncing.models import Job
from keito_books.syncing.queue import OPEN_STATES, enqueue, find_job, find_link, revive
from keito_books.workspaces.models import Membership


@receiver(invoicing_signals.invoice_sent)
def copy_what_was_sent(*, invoice: Invoice, by: Membership, now: datetime, **_: Any) -> None:
    """Queue an invoice when it is sent for the first time, where that was chosen."""
    copy_when_sent(invoice, by=by, now=now)


@receiver(invoicing_signals.payment_recorded)
def send_payment_too(*, payment: Payment, by: Membership, now: datetime, **_: Any) -> None:
    """Queue a payment of an invoice that is, or is being, copied; without a Payment Account it stays here."""
    connection = live_connection(payment.workspace)
    if connection is None or find_job(connection, Kind.INVOICE, payment.invoice) is None:
        return
    if preferences_of(connection).payment_account_id:
        enqueue(connection, Kind.PAYMENT, payment, by=by.person, now=now)


@receiver(invoicing_signals.payment_deleted)
def delete_payment_too(*, payment: Payment, by: Membership, now: datetime, **_: Any) -> None:
    """Take a payment back: one that never left is simply not sent, one that did is deleted there as well."""
    connection = live_connection(payment.workspace)
    if connection is None:
        return
    job = find_job(connection, Kind.PAYMENT, payment)
    if job is None:
        return
    if find_link(connection, Kind.PAYMENT, payment) is None and not job.may_have_arrived:
        Job.objects.filter(pk=job.pk).update(state=Job.State.STOPPED, waiting_because="", finished_at=now)
    else:
        enqueue(connection, Kind.PAYMENT_DELETION, payment, by=by.person, now=now)


@receiver(invoicing_signals.reverting_to_draft)
@receiver(invoicing_signals.renumbering)
def keep_what_was_copied(*, invoice: Invoice, **_: Any) -> None:
    """Refuse to change an invoice that is in Xero or on its way there (B17); one that failed may be mended."""
    jobs = Job.objects.filter(invoice=invoice, kind=Kind.INVOICE)
    # The lock keeps a worker from freezing the invoice between this look and the change.
    list(jobs.order_by("pk").select_for_update())
    reason = reason_to_keep(invoice)
    if reason is not None:
        raise RevertBlocked(reason)
    jobs.update(state=Job.State.STOPPED, refusal=None)


@receiver(connection_signals.disconnected)
def stop_everything(*, connection: Connection, now: datetime, **_: Any) -> None:
    """Stop what waits. What may have arrived keeps its frozen request, and is looked up after a reconnect."""
    waiting = Job.objects.filter(connection=connection, state__in=(*OPEN_STATES, Job.State.HELD))
    waiting.update(state=Job.State.STOPPED, waiting_because="disconnected", finished_at=now)


@receiver(connection_signals.connected)
def go_on(*, connection: Connection, now: datetime, **_: Any) -> None:
    """Go on after a reconnect: what waited, and the looking up of what may have arrived. Nothing else by itself.

    What somebody holds back stays held back, and goes on in the new epoch when it is resumed.
    """
    for job in Job.objects.select_for_update().filter(connection=connection).order_by("pk"):
        if job.state in OPEN_STATES:
            Job.objects.filter(pk=job.pk).update(epoch=connection.epoch, next_at=now, waiting_because="")
        elif job.state == Job.State.HELD:
            Job.objects.filter(pk=job.pk).update(epoch=connection.epoch)
        elif job.state == Job.State.STOPPED and job.may_have_arrived:
            revive(job, epoch=connection.epoch, by=None, now=now)
    ticks.poke_soon(lane_of(connection).pk)
