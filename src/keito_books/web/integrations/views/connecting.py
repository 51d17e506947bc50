"""The walk to Xero's consent page and back, and the way out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keito_books.connections import actions
from keito_books.connections.errors import CannotConnect
from keito_books.connections.models import ConnectAttempt, Connection
from keito_books.connections.outcomes import Cancelled, ChooseOrganisation, ConfirmOther, Connected, Failed, Outcome
from keito_books.connections.queries import latest_connection, live_connection, open_attempt
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.integrations import reading
from keito_books.web.integrations.access import SeeOther, session_key, to_settings
from keito_books.web.integrations.views.xero import show_unconnected
from keito_books.web.replies import onwards, show_form
from keito_books.workspaces.models import Person, Workspace
from keito_books.workspaces.permissions import Ability

_OVER = "This choice is over: it was made already, or it took too long. Nothing was changed by coming back here."


@require_POST
@in_workspace
def connect(request: WorkspaceRequest) -> HttpResponseBase:
    """Send the browser to Xero; also serves Reconnect."""
    try:
        address = actions.start_connecting(
            by=request.membership, session_key=session_key(request), now=timezone.now(), provider="xero"
        )
    except CannotConnect as problem:
        return show_unconnected(request, str(problem))
    return SeeOther(address)


@never_cache
@require_GET
@login_required
def callback(request: HttpRequest) -> HttpResponse:
    """Take the browser back from Xero, and lead it to a clean address: its own holds a code that is spent."""
    assert isinstance(request.user, Person)  # noqa: S101  login_required lets nobody else in
    outcome = actions.finish_connecting(
        state=request.GET.get("state", ""),
        code=request.GET.get("code", ""),
        error=request.GET.get("error", ""),
        person=request.user,
        session_key=session_key(request),
        now=timezone.now(),
        provider="xero",
    )
    return _lead_on(request, outcome)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def choose(request: WorkspaceRequest, attempt_id: UUID) -> HttpResponse:
    """Choose one of several organisations."""
    attempt = _open_attempt(request, attempt_id)
    if attempt is None:
        messages.info(request, _OVER)
        return to_settings(request)
    if request.method == "POST":
        outcome = actions.choose_organisation(
            attempt=attempt,
            organisation_id=request.POST.get("organisation", ""),
            by=request.membership,
            session_key=session_key(request),
            now=timezone.now(),
        )
        return _lead_on(request, outcome)
    before = latest_connection(request.workspace)
    context = {"attempt": attempt, "before": before, "organisations": attempt.organisations}
    return render(request, "integrations/choose.html", context)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def confirm(request: WorkspaceRequest, attempt_id: UUID) -> HttpResponse:
    """Say yes or no to another organisation than before."""
    attempt = _open_attempt(request, attempt_id)
    if attempt is None:
        messages.info(request, _OVER)
        return to_settings(request)
    if request.method == "POST":
        outcome = actions.confirm_other_organisation(
            attempt=attempt, by=request.membership, session_key=session_key(request), now=timezone.now()
        )
        return _lead_on(request, outcome)
    names = {each["organisation_id"]: each["name"] for each in attempt.organisations}
    context = {
        "attempt": attempt,
        "before": latest_connection(request.workspace),
        "new_name": names.get(attempt.organisation_id, ""),
    }
    return render(request, "integrations/confirm.html", context)


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def abandon(request: WorkspaceRequest, attempt_id: UUID) -> HttpResponse:
    """Choose none of the organisations."""
    attempt = _open_attempt(request, attempt_id)
    if attempt is None:
        messages.info(request, _OVER)
        return to_settings(request)
    outcome = actions.abandon(
        attempt=attempt, by=request.membership, session_key=session_key(request), now=timezone.now()
    )
    return _lead_on(request, outcome)


@require_http_methods(["GET", "POST"])
@in_workspace
def disconnect(request: WorkspaceRequest) -> HttpResponse:
    """Ask, naming what stays and what stops; then disconnect. A second click finds it done."""
    connection = live_connection(request.workspace)
    if connection is None or connection.provider != "xero":
        messages.info(request, "Xero is not connected any more.")
        return onwards(request, "xero")
    if request.method == "POST":
        done = actions.disconnect(connection=connection, by=request.membership, now=timezone.now())
        messages.success(request, done.sentence)
        return onwards(request, "xero")
    context = {
        "connection": connection,
        "heading": f"Disconnect {connection.organisation_name}?",
        "back": reverse("xero", args=[request.workspace.slug]),
        "back_word": "Xero",
    }
    return show_form(request, "integrations/disconnect.html", context)


def _lead_on(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    if isinstance(outcome, Connected):
        messages.success(request, outcome.sentence)
        _read_lists(request, outcome.connection)
        return _to_page(outcome.connection.workspace)
    if isinstance(outcome, ChooseOrganisation):
        return _to_step("xero_choose", outcome.attempt)
    if isinstance(outcome, ConfirmOther):
        return _to_step("xero_confirm", outcome.attempt)
    if isinstance(outcome, Cancelled):
        messages.info(request, outcome.sentence)
        return _to_page(outcome.workspace)
    return _failed(request, outcome)


def _failed(request: HttpRequest, outcome: Failed) -> HttpResponse:
    if outcome.workspace is not None:
        messages.error(request, outcome.sentence)
        return _to_page(outcome.workspace)
    # It is not certain whose return this is, so nothing of any workspace is shown.
    return render(request, "integrations/failed.html", {"outcome": outcome}, status=400)


def _read_lists(request: HttpRequest, connection: Connection) -> None:
    problem = reading.problem_of_reading(connection, now=timezone.now())
    if problem:
        messages.warning(request, problem)


def _open_attempt(request: WorkspaceRequest, attempt_id: UUID) -> ConnectAttempt | None:
    return open_attempt(attempt_id, by=request.membership, session_key=session_key(request), now=timezone.now())


def _to_page(workspace: Workspace) -> HttpResponse:
    return SeeOther(reverse("xero", args=[workspace.slug]))


def _to_step(name: str, attempt: ConnectAttempt) -> HttpResponse:
    return SeeOther(reverse(name, args=[attempt.workspace.slug, attempt.pk]))
