"""Settings > Integrations."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keito_books.web.access import WorkspaceRequest, in_workspace


@require_GET
@in_workspace
def index(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "integrations/index.html")
