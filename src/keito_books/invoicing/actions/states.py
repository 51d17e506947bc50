"""Move an invoice between Draft, Open, Paid and Closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from keito_books.invoicing import numbering, signals, trail
from keito_books.invoicing.actions.letters import write_letter
from keito_books.invoicing.actions.locking import locked_invoice
from keito_books.invoicing.drafts import Letter
from keito_books.invoicing.errors import WrongState
from keito_books.invoicing.models import Invoice, MessageKind, State
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

_ACTIONS = {
    MessageKind.SEND: "invoice.sent_again",
    MessageKind.REMINDER: "invoice.reminded",
    MessageKind.THANK_YOU: "invoice.thanked",
}


@transaction.atomic
def send_invoice(
    invoice: Invoice, letter: Letter, *, by: Membership, now: datetime, kind: MessageKind = MessageKind.SEND
) -> Invoice:
    """E-mail an invoice, after the transaction; the first time it turns from Draft to Open.

    An invoice with nothing to pay becomes Paid at once.
    """
    kept = _locked(invoice, by)
    if kept.state == State.CLOSED:
        raise WrongState(f"{kept.number} is Closed and can't be sent any more.")
    is_first = kept.state == State.DRAFT
    if is_first:
        _open(kept, kind, now)
    message = write_letter(kept, letter, kind=kind, by=by, now=now)
    action = "invoice.sent" if is_first else _ACTIONS[kind]
    trail.about_invoice(action, kept, by=by, now=now, recipients=message.recipients)
    if is_first:
        signals.invoice_sent.send(sender=Invoice, invoice=kept, by=by, now=now)
    return kept


@transaction.atomic
def close_invoice(invoice: Invoice, *, by: Membership, now: datetime) -> Invoice:
    """Give up what is still due: written off, disputed or cancelled. It no longer counts as owed to us."""
    kept = _locked(invoice, by)
    if kept.state != State.OPEN:
        raise WrongState(f"{kept.number} is {kept.get_state_display()}; only Open invoices can be closed.")
    kept.state = State.CLOSED
    kept.closed_at = kept.updated_at = now
    kept.save(update_fields=["state", "closed_at", "updated_at"])
    trail.about_invoice("invoice.closed", kept, by=by, now=now, due=str(kept.due_amount))
    signals.invoice_closed.send(sender=Invoice, invoice=kept, by=by, now=now)
    return kept


@transaction.atomic
def revert_to_draft(invoice: Invoice, *, by: Membership, now: datetime) -> Invoice:
    """Take an Open invoice back for corrections. Raises RevertBlocked when another room objects."""
    kept = _locked(invoice, by)
    if kept.state != State.OPEN:
        raise WrongState(f"{kept.number} is {kept.get_state_display()}; only Open invoices can be reverted to draft.")
    if kept.payments.filter(deleted_at=None).exists():
        raise WrongState(
            f"{kept.number} has payments. Delete them first, if they were recorded by mistake; "
            "otherwise it can't be reverted to draft."
        )
    signals.reverting_to_draft.send(sender=Invoice, invoice=kept, by=by, now=now)
    kept.state, kept.sent_at, kept.updated_at = State.DRAFT, None, now
    kept.save(update_fields=["state", "sent_at", "updated_at"])
    trail.about_invoice("invoice.reverted", kept, by=by, now=now)
    return kept


@transaction.atomic
def renumber_invoice(invoice: Invoice, number: str, *, by: Membership, now: datetime) -> Invoice:
    """Give an invoice another number, for instance when an accounting system already has it.

    Raises RevertBlocked when another room objects.
    """
    kept = _locked(invoice, by)
    if kept.state not in (State.DRAFT, State.OPEN):
        raise WrongState(f"{kept.number} is {kept.get_state_display()}; its number can't be changed any more.")
    new = numbering.check_number(number)
    if new == kept.number:
        return kept
    signals.renumbering.send(sender=Invoice, invoice=kept, new_number=new, by=by, now=now)
    numbering.require_free(numbering.lock_settings(by.workspace), new, but=kept)
    old, kept.number, kept.updated_at = kept.number, new, now
    kept.save(update_fields=["number", "updated_at"])
    trail.about_invoice("invoice.renumbered", kept, by=by, now=now, old=old, new=new)
    return kept


def _locked(invoice: Invoice, by: Membership) -> Invoice:
    require(by, Ability.SEND_INVOICES)
    require_same_workspace(by, invoice)
    return locked_invoice(invoice)


def _open(invoice: Invoice, kind: MessageKind, now: datetime) -> None:
    if kind != MessageKind.SEND:
        raise WrongState(f"{invoice.number} is still a draft. Send it first.")
    if not invoice.lines.exists():
        raise WrongState(f"{invoice.number} has no lines. Add at least one, then send it.")
    invoice.state = State.OPEN if invoice.due_amount > 0 else State.PAID
    invoice.sent_at = invoice.updated_at = now
    invoice.paid_at = None if invoice.due_amount > 0 else now
    invoice.save(update_fields=["state", "sent_at", "paid_at", "updated_at"])
