"""Activity: what was done in the workspace, by whom, in plain words."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.fields import Day
from keito_books.web.forms.filters import FilterForm, page_number
from keito_books.web.history import steps_of
from keito_books.web.replies import filtered
from keito_books.workspaces.models import AuditEntry, Membership
from keito_books.workspaces.permissions import Ability

ROWS_PER_PAGE = 50
KINDS = {
    "invoice": "Invoices and payments",
    "client": "Clients",
    "project": "Projects",
    "settings": "Settings",
    "person": "People",
    "connection": "Integrations",
    "run": "Copies of many invoices",
}


class ActivityForm(FilterForm):
    kind = forms.ChoiceField(choices=list(KINDS.items()), required=False)
    person = forms.UUIDField(required=False)
    since = Day(required=False)
    until = Day(required=False)
    q = forms.CharField(required=False, max_length=200)


@require_GET
@in_workspace
@needs(Ability.SEE_AUDIT_TRAIL)
def activity(request: WorkspaceRequest) -> HttpResponse:
    form = ActivityForm(request.GET)
    wanted = form.wanted
    found = AuditEntry.objects.filter(workspace=request.workspace).select_related("person").order_by("-id")
    lookups = {
        "kind": "object_kind",
        "person": "person_id",
        "since": "at__date__gte",
        "until": "at__date__lte",
        "q": "object_label__icontains",
    }
    found = found.filter(**{lookups[name]: value for name, value in wanted.items()})
    page = Paginator(found, ROWS_PER_PAGE).get_page(page_number(request))
    context = {
        "wanted": wanted,
        "kinds": KINDS,
        "people": Membership.objects.filter(workspace=request.workspace).select_related("person"),
        "page": page,
        "steps": steps_of(page.object_list),
    }
    return filtered(request, form, render(request, "activity/list.html", context))
