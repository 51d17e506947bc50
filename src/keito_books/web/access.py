"""Let a signed-in person into their own workspaces, and into no others."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from keito_books.web import errors
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership, Person, Workspace
from keito_books.workspaces.permissions import Ability, require

P = ParamSpec("P")
LAST_WORKSPACE = "last_workspace"


class WorkspaceRequest(HttpRequest):
    """A request of a person who is in the workspace of the address."""

    user: Person
    htmx: HtmxDetails
    membership: Membership
    workspace: Workspace


WorkspaceView = Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]


def in_workspace(view: WorkspaceView[P]) -> Callable[..., HttpResponseBase]:
    """Find the workspace and the membership of the address, or answer 404; show times in the workspace's zone."""

    @wraps(view)
    def guarded(request: WorkspaceRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        request.membership = membership_of(request.user, slug)
        request.workspace = request.membership.workspace
        _remember(request, slug)
        with timezone.override(request.workspace.zone):
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as problem:
                return errors.role_refused(request, problem)

    return guarded


def needs(ability: Ability) -> Callable[[WorkspaceView[P]], WorkspaceView[P]]:
    """Refuse a page to members who may not do what it is for; the action behind it refuses by itself."""

    def decorate(view: WorkspaceView[P]) -> WorkspaceView[P]:
        def guarded(request: WorkspaceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            require(request.membership, ability)
            return view(request, *args, **kwargs)

        return update_wrapper(guarded, view)

    return decorate


def membership_of(person: Person, slug: str) -> Membership:
    """Return a person's membership. Raises Http404 for strangers, who can't tell it from a workspace that is not."""
    found = Membership.objects.select_related("workspace", "person").filter(person=person, workspace__slug=slug).first()
    if found is None:
        raise Http404(f"no workspace {slug}")
    return found


def _remember(request: WorkspaceRequest, slug: str) -> None:
    if request.session.get(LAST_WORKSPACE) != slug:
        request.session[LAST_WORKSPACE] = slug


def _ask_to_sign_in(request: Any) -> HttpResponseBase:
    if request.htmx:
        return errors.signed_out(request)
    # After signing in they come back to a page, never to the address of a form.
    address = (
        request.get_full_path() if request.method == "GET" else urlsplit(request.META.get("HTTP_REFERER", "")).path
    )
    return redirect_to_login(address or "/")
