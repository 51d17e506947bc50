"""Projects: list, form, archive."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keito_books.invoicing import actions, queries
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Project
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.client import ProjectForm
from keito_books.web.forms.filters import SearchForm, page_number
from keito_books.web.once import make_once
from keito_books.web.replies import address_of, filtered, onwards, refuse, show_form
from keito_books.workspaces.permissions import Ability, may

ROWS_PER_PAGE = 50


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def projects(request: WorkspaceRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    every = queries.projects_visible_to(request.membership)
    found = every.filter(archived_at__isnull=not form.wanted.get("archived", False))
    for word in form.wanted.get("q", "").split():
        found = found.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(client__name__icontains=word))
    page = Paginator(found.order_by("client__name", "name", "pk"), ROWS_PER_PAGE).get_page(page_number(request))
    context = {
        "wanted": form.wanted,
        "page": page,
        "is_new": not every.exists(),
        "archived": every.exclude(archived_at=None).count(),
        "may_change": may(request.membership, Ability.MANAGE_CLIENTS),
    }
    return filtered(request, form, render(request, "projects/list.html", context))


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def new(request: WorkspaceRequest) -> HttpResponse:
    clients = queries.clients_visible_to(request.membership).filter(archived_at=None).order_by("name", "pk")
    form = ProjectForm(clients, data=request.POST or None, initial={"client": request.GET.get("client", "")})
    if form.is_valid():
        kept = form.cleaned_data
        try:
            make_once(
                request,
                kept["submission_id"],
                lambda: (
                    actions.create_project(
                        kept["client"], name=kept["name"], code=kept["code"], by=request.membership, now=timezone.now()
                    ).pk
                ),
            )
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{kept['name']} is added.")
            return onwards(request, "projects")
    context = {"form": form, "heading": "New Project", **_back(request), "button": "Add project"}
    return show_form(request, "projects/form.html", context, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def edit(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    initial = {"name": found.name, "code": found.code}
    form = ProjectForm((), project=found, data=request.POST or None, initial=initial)
    if form.is_valid():
        kept = form.cleaned_data
        try:
            actions.update_project(
                found, name=kept["name"], code=kept["code"], by=request.membership, now=timezone.now()
            )
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{kept['name']} is saved.")
            return onwards(request, "projects")
    context = {"form": form, "project": found, "heading": "Edit project", **_back(request), "button": "Save project"}
    return show_form(request, "projects/form.html", context, refused=form.is_bound)


@require_POST
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def archive(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    if "restore" in request.POST:
        actions.restore_project(found, by=request.membership, now=timezone.now())
        messages.success(request, f"{found.name} is back in the lists.")
    else:
        actions.archive_project(found, by=request.membership, now=timezone.now())
        messages.success(request, f"{found.name} is archived: out of lists and pickers, with its history kept.")
    return onwards(request, "projects")


def _find(request: WorkspaceRequest, pk: UUID) -> Project:
    return get_object_or_404(queries.projects_visible_to(request.membership), pk=pk)


def _back(request: WorkspaceRequest) -> dict[str, str]:
    return {"back": address_of(request, "projects"), "back_word": "Projects"}
