"""The way in: on to a workspace, and the choice of a theme."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from keito_books.web import theme
from keito_books.web.access import LAST_WORKSPACE
from keito_books.workspaces.models import Membership, Person


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go to the workspace that the person was in last, else to their first one."""
    slugs = list(
        Membership.objects.filter(person=cast(Person, request.user))
        .order_by("workspace__name", "pk")
        .values_list("workspace__slug", flat=True)
    )
    if not slugs:
        return render(request, "workspace/none.html")
    last = request.session.get(LAST_WORKSPACE)
    return redirect("invoices", last if last in slugs else slugs[0])


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_own_address(request.POST.get("next", "")))
    theme.remember(response, request.POST.get("theme", ""), secure=settings.SESSION_COOKIE_SECURE)
    return response


def _own_address(address: str) -> str:
    """Return the address if it is one of ours, else the start page: a form must not send people elsewhere."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and "\0" not in address
    return address if ours else "/"
