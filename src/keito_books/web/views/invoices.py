"""The list of invoices."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keito_books.web.access import WorkspaceRequest, in_workspace


@require_GET
@in_workspace
def invoices(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "invoices/list.html")
