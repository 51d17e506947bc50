"""A number that something else holds in Xero: link it, renumber ours, or skip it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from keito_books.invoicing import queries
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Invoice
from keito_books.syncing import collisions
from keito_books.syncing.errors import NotLinkable, SyncProblem
from keito_books.web.access import WorkspaceRequest, in_workspace
from keito_books.web.integrations.access import SeeOther
from keito_books.web.replies import address_of


@require_POST
@in_workspace
def link(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    invoice = _invoice(request, pk)

    def act() -> str:
        if request.POST.get("sure") != "yes":
            raise NotLinkable("Tick that both are the same invoice, then link it. Nothing was changed.")
        remote_id = request.POST.get("remote", "")
        collisions.link_invoice(invoice, remote_id=remote_id, by=request.membership, now=timezone.now())
        return f"Invoice {invoice.number} is linked. It is compared with the one in Xero now."

    return _answered(request, invoice, act)


@require_POST
@in_workspace
def renumber(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    invoice = _invoice(request, pk)

    def act() -> str:
        renumbered = collisions.renumber_and_copy(
            invoice,
            number=request.POST.get("number", ""),
            instead_of=request.POST.get("instead_of", ""),
            by=request.membership,
            now=timezone.now(),
        )
        return f"The invoice is now {renumbered.number}, and is copied to Xero under that number."

    return _answered(request, invoice, act)


@require_POST
@in_workspace
def skip(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    invoice = _invoice(request, pk)

    def act() -> str:
        collisions.skip(invoice, by=request.membership, now=timezone.now())
        return f"Invoice {invoice.number} is skipped. It stays here, and no longer counts as something to do."

    return _answered(request, invoice, act)


def _answered(request: WorkspaceRequest, invoice: Invoice, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except BooksError as problem:
        messages.error(request, problem.sentence)
    except SyncProblem as problem:
        messages.error(request, str(problem))
    return SeeOther(address_of(request, "invoice", invoice.pk))


def _invoice(request: WorkspaceRequest, pk: UUID) -> Invoice:
    return get_object_or_404(queries.invoices_visible_to(request.membership), pk=pk)
