"""The frame around a workspace's pages: switcher, places, person menu."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from keito_books.web import theme
from keito_books.web.access import WorkspaceRequest
from keito_books.workspaces.models import Membership

register = template.Library()

_THEMES = (
    {"value": "light", "word": "Light", "icon": "sun"},
    {"value": "dark", "word": "Dark", "icon": "moon"},
    {"value": "system", "word": "As the system", "icon": "monitor"},
)


@register.inclusion_tag("workspace/switcher.html", takes_context=True)
def workspace_switcher(context: Context) -> dict[str, Any]:
    request: WorkspaceRequest = context["request"]
    memberships = Membership.objects.filter(person=request.user).select_related("workspace")
    return {"workspace": request.workspace, "memberships": memberships.order_by("workspace__name", "pk")}


@register.inclusion_tag("workspace/person.html", takes_context=True)
def person_menu(context: Context) -> dict[str, Any]:
    request: WorkspaceRequest = context["request"]
    return {
        "request": request,
        "csrf_token": context["csrf_token"],
        "person": request.user,
        "membership": request.membership,
        "themes": _THEMES,
        "theme": theme.chosen(request) or "system",
    }


@register.inclusion_tag("workspace/place.html", takes_context=True)
def place(context: Context, name: str, icon_name: str, word: str) -> dict[str, Any]:
    """Link to one of the main places; it is marked on its own page and on the pages below it."""
    request: WorkspaceRequest = context["request"]
    address = reverse(name, args=[request.workspace.slug])
    here = "page" if request.path == address else "true" if request.path.startswith(address) else ""
    return {"address": address, "icon_name": icon_name, "word": word, "here": here}
