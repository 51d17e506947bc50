"""Invariants of jobs, asked when a job changes its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from simulation.invariants.words import alive_payments, organisation, our_invoices
from simulation.ledger import JobRow, Ledger, Violated

ATTEMPTS_MAX = 12


def success_is_true(ledger: Ledger, row: JobRow) -> None:
    """I4, I2: Success means a stored id, and over there a document that equals ours, in the right organisation."""
    if row.state != "done" or ledger.may_have_been_changed(row):
        return
    if row.kind == "invoice":
        remote = organisation(ledger, row).invoices.get(row.remote_id or "")
        if remote is None:
            raise Violated(f"I4: {row.name} is Success, and its id {row.remote_id} is not there")
        ours = (row.number, row.invoice_amount)
        if str(row.invoice_id) not in remote.url:
            raise Violated(f"I4: {row.name} is Success with an invoice that is not ours, {remote.url or 'without url'}")
        if (remote.number, remote.total) != ours:
            raise Violated(f"I4: {row.name} is Success with {ours} here and {(remote.number, remote.total)} there")
    if row.kind == "payment":
        paid = organisation(ledger, row).payments.get(row.remote_id or "")
        if paid is None or not paid.reference.endswith(row.name) or paid.amount != row.payment_amount:
            raise Violated(f"I4: payment {row.name} of {row.payment_amount} is Success, and there it is {paid}")
    if row.kind == "contact" and row.remote_id not in organisation(ledger, row).contacts:
        raise Violated(f"I4: the contact of {row.name} is Success, and its id {row.remote_id} is not there")
    if row.kind == "payment_deletion" and alive_payments(ledger, row.organisation, row.name):
        raise Violated(f"I4: payment {row.name} is deleted, they say, and is still there")


def failed_means_nothing_is_there(ledger: Ledger, row: JobRow) -> None:
    """I5: Failed without an id means that nothing of ours is over there."""
    if row.state != "failed" or row.remote_id is not None:
        return
    if row.kind == "invoice" and our_invoices(ledger, row):
        raise Violated(f"I5: {row.name} is Failed ({row.refusal}), and it is there")
    if row.kind == "payment" and alive_payments(ledger, row.organisation, row.name):
        raise Violated(f"I5: payment {row.name} is Failed ({row.refusal}), and it is there")


def what_was_stopped_stays_stopped(before: JobRow, row: JobRow) -> None:
    """I11: what somebody stopped or held back is not sent; only what had left before is followed up."""
    if before.state in ("stopped", "held") and row.state == "sending" and before.dispatch_id != row.dispatch_id:
        raise Violated(f"I11: {row.kind} {row.name} was {before.state}, and is sent all the same")


def links_lead_to_our_own(ledger: Ledger, row: JobRow) -> None:
    """I1, I3: what we keep as the id of our document is our document's."""
    there = organisation(ledger, row)
    if row.kind == "invoice" and (invoice := there.invoices.get(row.remote_id or "")) is not None:
        if str(row.invoice_id) not in invoice.url:
            raise Violated(f"I1: {row.name} is linked with {invoice.number} of {invoice.url or 'a stranger'}")
    elif row.kind == "payment" and (payment := there.payments.get(row.remote_id or "")) is not None:
        if not payment.reference.endswith(row.name):
            raise Violated(f"I2: payment {row.name} is linked with {payment.reference}")
    elif row.kind == "contact" and (contact := there.contacts.get(row.remote_id or "")) is not None:
        is_anothers = contact.contact_number.startswith("KC-") and contact.contact_number != row.name
        if is_anothers and not ledger.keeper.has_merged:
            raise Violated(f"I3: the contact of {row.name} is linked with that of {contact.contact_number}")


def never_too_many_attempts(_ledger: Ledger, row: JobRow) -> None:
    """I20: at most twelve attempts."""
    if row.attempts > ATTEMPTS_MAX:
        raise Violated(f"I20: {row.kind} {row.name} was tried {row.attempts} times")


def next_time_is_near(ledger: Ledger, row: JobRow) -> None:
    """I6: whatever is open has a next time within a day."""
    if row.is_open and row.next_at > ledger.hub.now + timedelta(hours=25):
        raise Violated(f"I6: {row.kind} {row.name} waits until {row.next_at}")


AT_A_CHANGE: tuple[Callable[[Ledger, JobRow], None], ...] = (
    success_is_true,
    failed_means_nothing_is_there,
    never_too_many_attempts,
    links_lead_to_our_own,
)
