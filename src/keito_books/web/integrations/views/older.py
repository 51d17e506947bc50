"""Copy older invoices: choose days, let Xero be searched for their numbers, look at what was found."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from keito_books.connections.models import Connection
from keito_books.syncing.actions import usable_connection
from keito_books.syncing.backfill import oldest_missing, start_search
from keito_books.syncing.errors import NotConnectedNow, SyncProblem
from keito_books.syncing.models import Search
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.fields import Day, Form
from keito_books.web.integrations.access import SeeOther
from keito_books.web.integrations.bulk_pages import SearchPage
from keito_books.web.integrations.reading import read_contacts_ahead
from keito_books.web.integrations.views.bulk import UNCHANGED
from keito_books.web.replies import REFUSED, address_of
from keito_books.workspaces.permissions import Ability, may

SEARCHES_SHOWN = 5


class DaysForm(Form):
    issued_from = Day(label="Issued from")
    issued_to = Day(label="Issued to")

    def clean(self) -> dict[str, date]:
        days: dict[str, date] = super().clean() or {}
        if "issued_from" in days and "issued_to" in days and days["issued_from"] > days["issued_to"]:
            raise forms.ValidationError("The first day is after the last one. Swap them, then look again.")
        return days


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.COPY_INVOICES)
def older(request: WorkspaceRequest) -> HttpResponse:
    try:
        connection = usable_connection(request.workspace)
    except NotConnectedNow as problem:
        return _show(request, None, None, str(problem))
    if request.method == "GET":
        return _show(request, connection, DaysForm(initial=_proposed(request, connection)))
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _show(request, connection, form)
    try:
        search = start_search(**form.cleaned_data, by=request.membership, now=timezone.now())
    except SyncProblem as problem:
        form.add_error(None, str(problem))
        return _show(request, connection, form)
    return SeeOther(address_of(request, "xero_search", search.pk))


@require_GET
@in_workspace
@needs(Ability.COPY_INVOICES)
def search(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    page = SearchPage(_find(request, pk), request.membership)
    if page.may_start:
        read_contacts_ahead(page.search.connection)
    return render(request, "integrations/search.html", {"page": page})


@require_GET
@in_workspace
@needs(Ability.COPY_INVOICES)
def progress(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Show how far a search is; nothing while that is on the page already, the whole page anew at its end."""
    found = _find(request, pk)
    if found.finished_at is not None:
        return HttpResponseClientRefresh()
    if request.GET.get("searched") == str(found.searched) and request.GET.get("because") == found.waiting_because:
        return HttpResponse(status=UNCHANGED)
    return render(request, "integrations/_search.html", {"page": SearchPage(found, request.membership)})


def _show(
    request: WorkspaceRequest, connection: Connection | None, form: DaysForm | None, problem: str = ""
) -> HttpResponse:
    searches = Search.objects.filter(connection=connection).order_by("-requested_at", "-pk")[:SEARCHES_SHOWN]
    context = {
        "form": form,
        "problem": problem,
        "searches": searches,
        "leads_to_connection": may(request.membership, Ability.MANAGE_INTEGRATIONS),
    }
    status = REFUSED if form is not None and form.is_bound else 200
    return render(request, "integrations/older.html", context, status=status)


def _proposed(request: WorkspaceRequest, connection: Connection) -> dict[str, date]:
    """Propose all days from that of the oldest invoice that is not there."""
    today = timezone.localdate()
    return {"issued_from": oldest_missing(request.workspace, connection) or today, "issued_to": today}


def _find(request: WorkspaceRequest, pk: UUID) -> Search:
    searches = Search.objects.select_related("connection__workspace", "workspace")
    return get_object_or_404(searches, pk=pk, workspace=request.workspace)
