"""Copy many invoices to Xero: what would become of them, then how far they are."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keito_books.syncing import runs
from keito_books.syncing.actions import usable_connection
from keito_books.syncing.errors import NotConnectedNow, SyncProblem
from keito_books.syncing.models import Run
from keito_books.syncing.progress import progress_of
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.integrations.access import SeeOther
from keito_books.web.integrations.bulk_pages import PreviewPage, RunPage
from keito_books.web.integrations.reading import read_contacts_ahead
from keito_books.web.integrations.selection import back_to_list, ids_of, selected
from keito_books.web.replies import REFUSED, address_of, onwards, show_form
from keito_books.web.views.invoice import Question
from keito_books.workspaces.permissions import Ability

UNCHANGED = 204


@require_GET
@in_workspace
@needs(Ability.COPY_INVOICES)
def preview(request: WorkspaceRequest) -> HttpResponse:
    """Show what would become of the selected invoices. Nothing is queued or sent."""
    invoices = selected(request)
    try:
        connection = usable_connection(request.workspace)
    except NotConnectedNow as problem:
        page = PreviewPage(request.membership, back_to_list(request), problem=str(problem))
    else:
        read_contacts_ahead(connection)
        page = PreviewPage.of(invoices, connection, member=request.membership, back=back_to_list(request))
    return render(request, "integrations/bulk_preview.html", {"page": page})


@require_POST
@in_workspace
@needs(Ability.COPY_INVOICES)
def start(request: WorkspaceRequest) -> HttpResponse:
    """Copy exactly what the preview showed as ready, and go to its progress."""
    wanted = ids_of(request.POST.getlist("invoices"))
    try:
        run = runs.start_run(wanted, by=request.membership, now=timezone.now())
    except runs.NothingToCopy as nothing:
        if nothing.run is not None:
            return _to_run(request, nothing.run)
        messages.error(request, str(nothing))
        return SeeOther(address_of(request, "invoices"))
    except SyncProblem as problem:
        messages.error(request, str(problem))
        return SeeOther(address_of(request, "invoices"))
    return _to_run(request, run)


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def run(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    return render(request, "integrations/run.html", {"page": _page(request, _find(request, pk))})


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def progress(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Show how far a run is; nothing at all while it is as the page shows it already."""
    page = _page(request, _find(request, pk))
    if page.asks_again and request.GET.get("seen") == page.seen:
        return HttpResponse(status=UNCHANGED)
    return render(request, "integrations/_run.html", {"page": page})


@require_POST
@in_workspace
def pause(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    return _done(request, found, lambda: runs.pause_run(found, by=request.membership, now=timezone.now()))


@require_POST
@in_workspace
def resume(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    return _done(request, found, lambda: runs.resume_run(found, by=request.membership, now=timezone.now()))


@require_POST
@in_workspace
def retry(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    return _done(request, found, lambda: runs.retry_failed(found, by=request.membership, now=timezone.now()))


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.COPY_INVOICES)
def cancel(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    if request.method == "POST":
        stopped = runs.cancel_run(found, by=request.membership, now=timezone.now())
        messages.success(request, f"Cancelled. {_invoices(stopped)} had not been sent, and stayed here.")
        return onwards(request, "xero_run", found.pk)
    question = Question(
        "Cancel the rest of this copy?",
        "What has not been sent stays here and can be copied again later. What is in Xero stays there. What is on its "
        "way at this moment is followed up until we know what became of it.",
        "Cancel the rest",
        dangerous=True,
        keep="Keep copying",
    )
    back = {"back": address_of(request, "xero_run", found.pk), "back_word": "Progress"}
    return show_form(
        request, "components/confirm.html", {"question": question, "heading": question.heading, "problem": "", **back}
    )


def _done(request: WorkspaceRequest, found: Run, act: Callable[[], object]) -> HttpResponse:
    problem = ""
    try:
        act()
    except SyncProblem as refused:
        problem = str(refused)
    if request.htmx:
        page = _page(request, _find(request, found.pk), problem=problem)
        return render(request, "integrations/_run.html", {"page": page}, status=REFUSED if problem else 200)
    if problem:
        messages.error(request, problem)
    return _to_run(request, found)


def _page(request: WorkspaceRequest, found: Run, problem: str = "") -> RunPage:
    now = timezone.now()
    return RunPage(progress_of(found, now=now), request.membership, now, problem)


def _find(request: WorkspaceRequest, pk: UUID) -> Run:
    return get_object_or_404(
        Run.objects.select_related("connection", "requested_by"), pk=pk, workspace=request.workspace
    )


def _to_run(request: WorkspaceRequest, found: Run) -> HttpResponse:
    return SeeOther(reverse("xero_run", args=[request.workspace.slug, found.pk]))


def _invoices(count: int) -> str:
    return f"{count:,} invoice{'' if count == 1 else 's'}"
