"""Write, change and delete drafts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from keito_books.invoicing import numbering, signals, trail
from keito_books.invoicing.actions.locking import locked_invoice
from keito_books.invoicing.assembly import fill_invoice
from keito_books.invoicing.books import settings_of
from keito_books.invoicing.drafts import InvoiceDraft, LineDraft
from keito_books.invoicing.errors import ChangedMeanwhile, InvalidValue, StillInUse, WrongState
from keito_books.invoicing.models import Client, Invoice, InvoiceLine, State
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace


def blank_draft(client: Client, *, today: date) -> InvoiceDraft:
    """Return what a new invoice for a client starts from: the client's own terms, else the workspace's."""
    settings = settings_of(client.workspace)
    own_term = bool(client.payment_term)
    return InvoiceDraft(
        client=client,
        issue_date=today,
        payment_term=client.payment_term if own_term else settings.payment_term,
        payment_days=client.payment_days if own_term else settings.payment_days,
        notes=settings.notes,
        currency=client.currency,
        tax_label=settings.tax_label,
        tax_percent=settings.tax_percent if client.tax_percent is None else client.tax_percent,
        tax2_label=settings.tax2_label,
        tax2_percent=settings.tax2_percent if client.tax2_percent is None else client.tax2_percent,
        discount_percent=client.discount_percent or Decimal(0),
    )


def draft_of(invoice: Invoice) -> InvoiceDraft:
    """Return an invoice as it would be typed again, for a form."""
    lines = invoice.lines.select_related("category", "project").order_by("position")
    return InvoiceDraft(
        client=invoice.client,
        issue_date=invoice.issue_date,
        lines=tuple(
            LineDraft(
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                taxed=line.taxed,
                taxed2=line.taxed2,
                category=line.category,
                project=line.project,
            )
            for line in lines
        ),
        number=invoice.number,
        payment_term=invoice.payment_term,
        payment_days=invoice.payment_days,
        due_date=invoice.due_date,
        period_start=invoice.period_start,
        period_end=invoice.period_end,
        subject=invoice.subject,
        purchase_order=invoice.purchase_order,
        notes=invoice.notes,
        currency=invoice.currency,
        tax_label=invoice.tax_label,
        tax_percent=invoice.tax_percent,
        tax2_label=invoice.tax2_label,
        tax2_percent=invoice.tax2_percent,
        discount_percent=invoice.discount_percent,
    )


@transaction.atomic
def create_draft(draft: InvoiceDraft, *, by: Membership, now: datetime, submission_id: UUID | None = None) -> Invoice:
    """Keep a new draft. The same submission again returns the invoice that it made the first time."""
    _check_rights(draft, by)
    settings = numbering.lock_settings(by.workspace)
    if submission_id is not None:
        earlier = Invoice.objects.filter(workspace=by.workspace, submission_id=submission_id).first()
        if earlier is not None:
            return earlier
    if draft.client.is_archived:
        raise InvalidValue(
            f"{draft.client.name} is archived. Restore the client first, or choose another one.", field="client"
        )
    invoice = Invoice(workspace=by.workspace, created_by=by.person, created_at=now, updated_at=now)
    invoice.submission_id = submission_id
    lines = fill_invoice(invoice, draft)
    if draft.number.strip():
        invoice.number = numbering.check_number(draft.number)
        numbering.require_free(settings, invoice.number)
    else:
        invoice.number = numbering.take_next(settings, invoice.issue_date)
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(lines)
    trail.about_invoice("invoice.drafted", invoice, by=by, now=now, amount=str(invoice.amount))
    return invoice


@transaction.atomic
def update_draft(
    invoice: Invoice, draft: InvoiceDraft, *, by: Membership, now: datetime, seen_at: datetime | None = None
) -> Invoice:
    """Replace a draft's contents; an empty number keeps the one it has.

    `seen_at` is the `updated_at` that the form was filled from. Raises ChangedMeanwhile when somebody saved since.
    """
    require_same_workspace(by, invoice)
    _check_rights(draft, by)
    kept = locked_invoice(invoice)
    _require_draft(kept, "changed")
    if seen_at is not None and seen_at != kept.updated_at:
        raise ChangedMeanwhile(
            f"Somebody else changed {kept.number} while you were editing it. Nothing of yours was saved; "
            "open it again and repeat your changes."
        )
    lines = fill_invoice(kept, draft)
    number = numbering.check_number(draft.number) if draft.number.strip() else kept.number
    if number != kept.number:
        numbering.require_free(numbering.lock_settings(by.workspace), number, but=kept)
        kept.number = number
    kept.updated_at = now
    kept.save()  # all fields, since the row is locked and a draft is replaced as a whole
    kept.lines.all().delete()
    InvoiceLine.objects.bulk_create(lines)
    trail.about_invoice("invoice.changed", kept, by=by, now=now, amount=str(kept.amount))
    return kept


@transaction.atomic
def delete_draft(invoice: Invoice, *, by: Membership, now: datetime) -> None:
    """Remove a draft for good. Raises StillInUse when something outside keeps its history."""
    require(by, Ability.DELETE_DRAFTS)
    require_same_workspace(by, invoice)
    kept = locked_invoice(invoice)
    _require_draft(kept, "deleted")
    invoice_id = kept.id
    try:
        with transaction.atomic():
            kept.delete()
    except ProtectedError:
        raise StillInUse(
            f"{kept.number} has a history that must be kept: a payment that was deleted, or a copy to an accounting "
            "system. Send it and close it instead."
        ) from None
    kept.id = invoice_id
    trail.about_invoice("invoice.deleted", kept, by=by, now=now)
    signals.draft_deleted.send(sender=Invoice, invoice=kept, by=by, now=now)


def _check_rights(draft: InvoiceDraft, by: Membership) -> None:
    require(by, Ability.DRAFT_INVOICES)
    categories = [line.category for line in draft.lines if line.category is not None]
    projects = [line.project for line in draft.lines if line.project is not None]
    require_same_workspace(by, draft.client, *categories, *projects)


def _require_draft(invoice: Invoice, verb: str) -> None:
    if invoice.state != State.DRAFT:
        raise WrongState(
            f"{invoice.number} is {invoice.get_state_display()}; only drafts can be {verb}. "
            "Use Revert to draft first, if nothing has been paid."
        )
