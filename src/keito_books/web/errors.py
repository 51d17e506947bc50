"""Answer when something can't be shown: what happened, what is safe, where to go, and a reference number."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from keito_books.workspaces import audit
from keito_books.workspaces.errors import NotAllowed

logger = logging.getLogger("keito_books.web")


@dataclass(frozen=True, slots=True)
class Trouble:
    status: int
    title: str
    sentence: str
    safe: str = "Nothing was changed."


_BAD_REQUEST = Trouble(400, "We could not read that request", "Something in it is not text that we can keep.")
_NOT_FOUND = Trouble(
    404,
    "There is nothing here",
    "The address may be mistyped, the page may have been deleted, or it belongs to a workspace that you are not in.",
)
_BROKEN = Trouble(
    500,
    "Something went wrong on our side",
    "We have noted it. Please try again in a minute; if it stays, tell us the reference number below.",
    "What was saved before is safe. Please check whether your last change is there before you repeat it.",
)
_FORGED = Trouble(
    403,
    "This form is out of date",
    "It was opened before you signed in, or your browser does not send cookies. "
    "Go back, reload the page and send it again.",
)
_TOO_MANY = Trouble(
    429, "Too many tries", "For your safety we pause after several tries. Please wait a minute and try again."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, _BAD_REQUEST, problem=exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = str(exception) or "Your role does not reach this far. Ask an Administrator of your workspace."
    return _answer(request, Trouble(403, "You may not do this", sentence), problem=exception)


def role_refused(request: HttpRequest, problem: NotAllowed) -> HttpResponse:
    """Say within the workspace's frame why a role or a plan does not reach this far, and whom to ask."""
    logger.info("%s %r refused, reference %s (%r)", request.method, request.path, audit.request_id.get(), type(problem))
    context = {"sentence": str(problem), "reference": audit.request_id.get(), "plan": getattr(problem, "plan", "")}
    return render(request, "errors/role.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, _NOT_FOUND, problem=exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, _BROKEN, problem=sys.exc_info()[1])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    logger.info("form refused: %s", reason)
    return _answer(request, _FORGED)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, _TOO_MANY, problem=exception)


def signed_out(request: HttpRequest) -> HttpResponse:
    """Answer a request that a page made behind the scenes after its session had ended."""
    sentence = "Sign in again in a new tab, then repeat this here. What you typed is still in the page."
    return _answer(request, Trouble(401, "You have been signed out", sentence))


def _answer(request: HttpRequest, trouble: Trouble, *, problem: BaseException | None = None) -> HttpResponse:
    number = audit.request_id.get()
    log = logger.error if trouble is _BROKEN else logger.info
    log("%s %r answered %s, reference %s (%r)", request.method, request.path, trouble.status, number, type(problem))
    # A page that failed must not fail again: nothing here asks the database.
    body = loader.render_to_string("errors/page.html", {"trouble": trouble, "reference": number}, request=None)
    return HttpResponse(body, status=trouble.status)
