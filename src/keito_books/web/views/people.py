"""Settings > People: who is in the workspace, and what they may do."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.settings import PersonForm, RightsForm
from keito_books.web.replies import address_of, onwards, refuse, show_form
from keito_books.web.views.invoice import Question
from keito_books.workspaces import actions
from keito_books.workspaces.errors import InvalidDetail
from keito_books.workspaces.models import Membership, Role
from keito_books.workspaces.permissions import Ability


@require_GET
@in_workspace
@needs(Ability.MANAGE_PEOPLE)
def people(request: WorkspaceRequest) -> HttpResponse:
    members = Membership.objects.filter(workspace=request.workspace).select_related("person")
    return render(request, "settings/people.html", {"members": members.order_by("person__name", "pk")})


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_PEOPLE)
def add(request: WorkspaceRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, initial={"role": Role.MEMBER})
    if form.is_valid():
        kept = form.cleaned_data
        try:
            added = actions.add_person(
                kept["email"], kept["name"], form.rights(), by=request.membership, now=timezone.now()
            )
        except InvalidDetail as problem:
            refuse(form, problem)
        else:
            how = "They can sign in now."
            if not added.person.has_usable_password():
                how = "They choose a password with “Forgotten your password?” on the sign-in page."
            messages.success(request, f"{added.person} is added. {how}")
            return onwards(request, "people")
    context = {"form": form, "heading": "Add person", "button": "Add person", **_back(request)}
    return show_form(request, "settings/person.html", context, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_PEOPLE)
def edit(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    initial = {name: getattr(found, name) for name in ("role", "may_draft_invoices", "may_send_invoices")}
    form = RightsForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            saved = actions.change_rights(found, form.rights(), by=request.membership, now=timezone.now())
        except InvalidDetail as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{saved.person} is {saved.get_role_display()} now.")
            return onwards(request, "people" if saved.is_administrator or saved != request.membership else "settings")
    heading = f"What {found.person} may do"
    context = {"form": form, "member": found, "heading": heading, "button": "Save", **_back(request)}
    return show_form(request, "settings/person.html", context, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_PEOPLE)
def remove(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.remove_person(found, by=request.membership, now=timezone.now())
        except InvalidDetail as refused:
            problem = refused.sentence
        else:
            messages.success(request, f"{found.person} is no longer in this workspace.")
            return onwards(request, "people")
    question = Question(
        f"Remove {found.person}?",
        f"They can’t open {request.workspace.name} any more. What they did stays in the history.",
        "Remove person",
        dangerous=True,
    )
    context = {"question": question, "heading": question.heading, "problem": problem, **_back(request)}
    return show_form(request, "components/confirm.html", context, refused=bool(problem))


def _find(request: WorkspaceRequest, pk: UUID) -> Membership:
    members = Membership.objects.filter(workspace=request.workspace).select_related("person", "workspace")
    return get_object_or_404(members, pk=pk)


def _back(request: WorkspaceRequest) -> dict[str, str]:
    return {"back": address_of(request, "people"), "back_word": "People"}
