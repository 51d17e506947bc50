"""Record what clients paid, and take back what was recorded by mistake."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from keito_books.invoicing import checks, signals, trail
from keito_books.invoicing.actions.locking import locked_invoice
from keito_books.invoicing.errors import InvalidValue, WrongState
from keito_books.invoicing.markers import new_marker
from keito_books.invoicing.models import Invoice, Payment, State
from keito_books.invoicing.words import date_in_words, money_in_words
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

_TRANSACTION_ID_LENGTH = 200


@transaction.atomic
def record_payment(
    invoice: Invoice,
    *,
    amount: Decimal,
    paid_on: date,
    by: Membership,
    now: datetime,
    notes: str = "",
    transaction_id: str = "",
    submission_id: UUID | None = None,
) -> Payment:
    """Keep a payment; when nothing is left due the invoice becomes Paid.

    The same submission again returns the payment that it made the first time. `payment.invoice` is up to date.
    """
    require(by, Ability.RECORD_PAYMENTS)
    require_same_workspace(by, invoice)
    kept = locked_invoice(invoice)
    if submission_id is not None:
        earlier = kept.payments.filter(submission_id=submission_id).first()
        if earlier is not None:
            return earlier
    _require_open(kept)
    payment = Payment(
        workspace=by.workspace,
        invoice=kept,
        marker=new_marker(),
        amount=_check_amount(amount, kept),
        paid_on=_check_day(paid_on, now.astimezone(by.workspace.zone).date()),
        notes=checks.text(notes, "The notes", field="notes"),
        transaction_id=checks.line_of_text(
            transaction_id, "The transaction ID", field="transaction_id", limit=_TRANSACTION_ID_LENGTH
        ),
        recorded_by=by.person,
        recorded_at=now,
        submission_id=submission_id,
    )
    payment.save(force_insert=True)
    _settle(kept, kept.due_amount - payment.amount, now)
    _tell("payment.recorded", payment, by=by, now=now)
    signals.payment_recorded.send(sender=Payment, payment=payment, by=by, now=now)
    return payment


@transaction.atomic
def delete_payment(payment: Payment, *, by: Membership, now: datetime) -> Payment:
    """Take a payment back; a Paid invoice becomes Open again. Once deleted, deleting again changes nothing."""
    require(by, Ability.RECORD_PAYMENTS)
    require_same_workspace(by, payment)
    invoice = locked_invoice(payment.invoice)
    kept = invoice.payments.select_for_update().get(pk=payment.pk)
    kept.invoice = invoice
    if kept.is_deleted:
        return kept
    if invoice.state == State.CLOSED:
        raise WrongState(f"{invoice.number} is Closed; its payments can't be changed any more.")
    kept.deleted_at, kept.deleted_by = now, by.person
    kept.save(update_fields=["deleted_at", "deleted_by"])
    _settle(invoice, invoice.due_amount + kept.amount, now)
    _tell("payment.deleted", kept, by=by, now=now)
    signals.payment_deleted.send(sender=Payment, payment=kept, by=by, now=now)
    return kept


def _require_open(invoice: Invoice) -> None:
    if invoice.state == State.OPEN:
        return
    reasons = {
        State.DRAFT: f"{invoice.number} is still a draft. Send it first; then payments can be recorded.",
        State.PAID: f"{invoice.number} is already paid in full. Nothing was recorded.",
        State.CLOSED: f"{invoice.number} is Closed; payments can't be recorded any more.",
    }
    raise WrongState(reasons[State(invoice.state)])


def _check_amount(amount: Decimal, invoice: Invoice) -> Decimal:
    checks.money(amount, "The amount", invoice.currency, field="amount")
    if amount > invoice.due_amount:
        raise InvalidValue(
            f"The amount ({money_in_words(amount, invoice.currency)}) is more than what is still due on "
            f"{invoice.number} ({money_in_words(invoice.due_amount, invoice.currency)}). "
            "Record at most what is due.",
            field="amount",
        )
    return amount


def _check_day(paid_on: date, today: date) -> date:
    checks.day(paid_on, "The payment date", field="paid_on")
    if paid_on > today:
        raise InvalidValue(
            f"The payment date ({date_in_words(paid_on)}) is in the future. Record the payment when it has arrived.",
            field="paid_on",
        )
    return paid_on


def _settle(invoice: Invoice, due: Decimal, now: datetime) -> None:
    invoice.due_amount = due
    invoice.state = State.PAID if due == 0 else State.OPEN
    invoice.paid_at = now if due == 0 else None
    invoice.updated_at = now
    invoice.save(update_fields=["due_amount", "state", "paid_at", "updated_at"])


def _tell(action: str, payment: Payment, *, by: Membership, now: datetime) -> None:
    trail.about_invoice(
        action,
        payment.invoice,
        by=by,
        now=now,
        payment=str(payment.id),
        marker=payment.marker,
        amount=money_in_words(payment.amount, payment.invoice.currency),
        due=money_in_words(payment.invoice.due_amount, payment.invoice.currency),
    )
