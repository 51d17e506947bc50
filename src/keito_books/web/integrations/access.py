"""What the views of the integrations share: the session that connects, and answers that lead on."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from keito_books.web.access import WorkspaceRequest


class SeeOther(HttpResponseRedirect):
    """Send the browser on with GET, whatever it came with."""

    status_code = 303


def session_key(request: HttpRequest) -> str:
    """Return the key of the browser session, which every signed-in person has."""
    return request.session.session_key or ""


def to_settings(request: WorkspaceRequest, section: str = "", query: str = "") -> HttpResponse:
    """Go to the Xero page of the workspace, perhaps to one of its sections."""
    address = reverse("xero", args=[request.workspace.slug])
    return SeeOther(address + query + (f"#{section}" if section else ""))


def with_forms_to(source: str, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let this page's forms lead elsewhere: Chromium holds the redirect after a form to the page's policy."""
    answer: HttpResponseBase = csp_update({"form-action": source})(lambda _: response)(request)
    return answer
