"""Read the books: what a member may see, filtered, and added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from keito_books.invoicing.models import Client, Invoice, InvoiceLine, ItemCategory, Payment, Project, State
from keito_books.invoicing.trail import INVOICE
from keito_books.workspaces import audit
from keito_books.workspaces.models import AuditEntry, Membership
from keito_books.workspaces.permissions import Ability, may


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """What a person narrowed the list to; empty parts don't count."""

    state: str = ""
    client_id: UUID | None = None
    text: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Receivable:
    """What Open invoices of one currency still have due, and how much of that is late."""

    currency: str
    outstanding: Decimal
    overdue: Decimal


@dataclass(frozen=True, slots=True)
class PaymentStep:
    """A payment and what was due after it; a deleted one leaves the balance as it was."""

    payment: Payment
    due_after: Decimal


def invoices_visible_to(member: Membership) -> QuerySet[Invoice]:
    """Return the invoices a member may see: all of the workspace for Administrators and Managers, else none.

    Keito narrows Managers to the projects they manage; these books know no such assignment yet.
    """
    invoices = Invoice.objects.filter(workspace_id=member.workspace_id).select_related("client", "workspace")
    return invoices if may(member, Ability.SEE_INVOICES) else invoices.none()


def payments_visible_to(member: Membership) -> QuerySet[Payment]:
    payments = Payment.objects.filter(workspace_id=member.workspace_id).select_related("invoice", "recorded_by")
    return payments if may(member, Ability.SEE_INVOICES) else payments.none()


def clients_visible_to(member: Membership) -> QuerySet[Client]:
    clients = Client.objects.filter(workspace_id=member.workspace_id)
    return clients if may(member, Ability.SEE_INVOICES) else clients.none()


def projects_visible_to(member: Membership) -> QuerySet[Project]:
    projects = Project.objects.filter(workspace_id=member.workspace_id).select_related("client")
    return projects if may(member, Ability.SEE_INVOICES) else projects.none()


def categories_in_use(member: Membership) -> QuerySet[ItemCategory]:
    """Return the item categories to offer, by name."""
    return ItemCategory.objects.filter(workspace_id=member.workspace_id, archived_at=None).order_by("name", "id")


def matching(invoices: QuerySet[Invoice], wanted: InvoiceFilter, *, today: date) -> QuerySet[Invoice]:
    """Narrow a list of invoices."""
    if wanted.state:
        invoices = invoices.filter(state=wanted.state)
    if wanted.client_id is not None:
        invoices = invoices.filter(client_id=wanted.client_id)
    if wanted.issued_from is not None:
        invoices = invoices.filter(issue_date__gte=wanted.issued_from)
    if wanted.issued_to is not None:
        invoices = invoices.filter(issue_date__lte=wanted.issued_to)
    if wanted.overdue:
        invoices = invoices.filter(state=State.OPEN, due_date__lt=today)
    # PostgreSQL takes no NUL in a text, not even to look for it.
    for word in wanted.text.replace("\0", " ").split():
        invoices = invoices.filter(_mentions(word))
    return invoices


def newest_first(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return invoices.order_by("-issue_date", "-number", "id")


def receivables(invoices: QuerySet[Invoice], *, today: date) -> list[Receivable]:
    """Add up what is still due on Open invoices, by currency."""
    late = Q(due_date__lt=today)
    rows = (
        invoices.filter(state=State.OPEN)
        .order_by("currency")
        .values_list("currency")
        .annotate(outstanding=Sum("due_amount"), overdue=Sum("due_amount", filter=late, default=Decimal(0)))
    )
    return [Receivable(currency, outstanding, overdue) for currency, outstanding, overdue in rows]


def lines_of(invoice: Invoice) -> QuerySet[InvoiceLine]:
    return invoice.lines.select_related("category", "project").order_by("position")


def payment_steps(invoice: Invoice) -> list[PaymentStep]:
    """Return all payments in the order of recording, deleted ones included, with the running balance."""
    due = invoice.amount
    steps = []
    for payment in invoice.payments.select_related("recorded_by", "deleted_by").order_by("recorded_at", "id"):
        due -= 0 if payment.is_deleted else payment.amount
        steps.append(PaymentStep(payment, due))
    return steps


def history(invoice: Invoice) -> QuerySet[AuditEntry]:
    """Return what happened to an invoice, newest first; `trail.describe` says each entry in words."""
    return audit.entries_about(invoice.workspace, INVOICE, invoice.id)


def _mentions(word: str) -> Q:
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"), description__icontains=word)
    return (
        Q(number__icontains=word)
        | Q(subject__icontains=word)
        | Q(purchase_order__icontains=word)
        | Q(client__name__icontains=word)
        | Q(Exists(lines))
    )
