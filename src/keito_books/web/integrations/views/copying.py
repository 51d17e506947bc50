"""Copy to Xero and Retry, and the part of the page that follows what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from keito_books.invoicing import queries
from keito_books.invoicing.models import Invoice
from keito_books.syncing import actions, lock_answers
from keito_books.syncing.errors import SyncProblem
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.history import steps_of
from keito_books.web.integrations.access import SeeOther
from keito_books.web.integrations.panel import Panel
from keito_books.web.replies import REFUSED
from keito_books.web.views.invoice import HISTORY_LENGTH
from keito_books.workspaces.permissions import Ability

UNCHANGED = 204


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def panel(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Show how an invoice stands; nothing at all while it is as the page shows it already."""
    found = _invoice(request, pk)
    shown = Panel(found, request.membership, timezone.now())
    if shown.is_moving and request.GET.get("seen") == shown.seen:
        return HttpResponse(status=UNCHANGED)
    return _show(request, shown)


@require_POST
@in_workspace
def copy(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Copy to Xero, or Retry. However often it is pressed, there is one job."""
    found = _invoice(request, pk)
    return _done(request, found, lambda: actions.copy_invoice(found, by=request.membership, now=timezone.now()))


@require_POST
@in_workspace
def copy_payment(request: WorkspaceRequest, pk: UUID, payment_pk: UUID) -> HttpResponse:
    """Send a payment, or try again to send or to delete it."""
    found = _invoice(request, pk)
    payment = get_object_or_404(found.payments, pk=payment_pk)
    return _done(request, found, lambda: actions.copy_payment(payment, by=request.membership, now=timezone.now()))


@require_POST
@in_workspace
def answer_lock(request: WorkspaceRequest, pk: UUID, payment_pk: UUID | None = None) -> HttpResponse:
    """Keep what shall happen to an invoice, or to one of its payments, whose date is locked in Xero."""
    found = _invoice(request, pk)
    document = found if payment_pk is None else get_object_or_404(found.payments, pk=payment_pk)
    sent = request.POST

    def act() -> None:
        lock_answers.answer_lock(
            document,
            choice=sent.get("choice", ""),
            dated=_day(sent.get("dated", "")),
            seen=sent.get("decided", ""),
            by=request.membership,
            now=timezone.now(),
        )

    return _done(request, found, act)


def _done(request: WorkspaceRequest, found: Invoice, act: Callable[[], object]) -> HttpResponse:
    problem = ""
    try:
        act()
    except SyncProblem as refused:
        problem = str(refused)
    if request.htmx:
        return _show(request, Panel(found, request.membership, timezone.now(), problem), was_pressed=True)
    if problem:
        messages.error(request, problem)
    return SeeOther(reverse("invoice", args=[request.workspace.slug, found.pk]))


def _show(request: WorkspaceRequest, shown: Panel, *, was_pressed: bool = False) -> HttpResponse:
    """Show the card's inside, and beside it everything else on the page that changes with it."""
    # A payment that was recorded since the page was opened has no place on it yet.
    on_page = {*request.GET.getlist("payment"), *request.POST.getlist("payment")}
    payments = [step.payment for step in queries.payment_steps(shown.invoice) if str(step.payment.pk) in on_page]
    context = {
        "panel": shown,
        "invoice": shown.invoice,
        "payments": [shown.of_payment(payment) for payment in payments],
        "history": steps_of(queries.history(shown.invoice)[:HISTORY_LENGTH]),
        "was_pressed": was_pressed,
    }
    status = REFUSED if shown.problem else 200
    return render(request, "integrations/_invoice_panel.html", context, status=status)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _invoice(request: WorkspaceRequest, pk: UUID) -> Invoice:
    return get_object_or_404(queries.invoices_visible_to(request.membership), pk=pk)
