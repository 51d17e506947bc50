"""The frame around a workspace's pages: switcher, places, person menu."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keito_books.web import formatting, theme
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


@register.simple_tag(takes_context=True)
def opens(context: Context, name: str, *args: object) -> SafeString:
    """Make a link open its page in the dialog; without a script it goes to the page."""
    request: WorkspaceRequest = context["request"]
    address = reverse(name, args=[request.workspace.slug, *args])
    return format_html('href="{0}" hx-get="{0}" hx-target="#dialog" hx-swap="innerHTML"', address)


@register.simple_tag(takes_context=True)
def sends_to(context: Context, address: str) -> SafeString:
    """Send a form to an address: from within the dialog by htmx, from a page by the browser."""
    if not context["request"].htmx:
        return format_html('method="post" action="{}"', address)
    return format_html(
        'method="post" action="{0}" hx-post="{0}" hx-target="#dialog" hx-sync="this:drop"'
        ' hx-disabled-elt="find button[type=submit]"',
        address,
    )


@register.simple_tag
def paid_of(amount: Decimal, due: Decimal, currency: str) -> str:
    return formatting.amount_text(amount - due, currency)
