"""The short address of an invoice, which stands in Xero for ever."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from keito_books.invoicing.models import Invoice


@require_GET
@login_required
def invoice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go to the invoice in its workspace; strangers can't tell it from one that is not."""
    of_person = Invoice.objects.filter(workspace__memberships__person=request.user.pk)
    found = get_object_or_404(of_person.select_related("workspace"), pk=pk)
    return redirect("invoice", found.workspace.slug, found.pk)
