"""The replies of faults that carry nothing out."""

from __future__ import annotations

from collections.abc import Callable

from xero_sandbox.control import kinds
from xero_sandbox.control.faults import Fault
from xero_sandbox.control.held import Held, held
from xero_sandbox.problems import (
    NOT_FOUND_TEXT,
    UNHANDLED,
    forbidden,
    lacks_permission,
    organisation_offline,
    unauthorized,
)
from xero_sandbox.readings import Readings

MAINTENANCE = b"The Xero API is currently offline for maintenance"
PAGE = b"<!doctype html><title>Gateway</title><p>Please wait."
NOWHERE = "/_redirected"  # no route answers there, so the request log shows who followed
USED_UP = {
    "minute": "x-minlimit-remaining",
    "day": "x-daylimit-remaining",
    "appminute": "x-appminlimit-remaining",
    "app-minute": "x-appminlimit-remaining",
}


def canned(fault: Fault, path: str, readings: Readings) -> Held | None:
    """Return the reply of a fault that needs no handler; None for all others."""
    if fault.then == kinds.ANSWER_503 and fault.problem == "organisation offline":
        return organisation_offline(as_json=readings.offline_is_json).held()
    make = _MAKERS.get(fault.then)
    if make is not None:
        return make(fault)
    if fault.then == kinds.REDIRECT:
        reply = held(fault.status, b"")
        location = fault.asked.location or f"{NOWHERE}{path}"
        return Held(reply.status, [*reply.headers, (b"location", location.encode("ascii", "replace"))])
    return None


def _too_many(fault: Fault) -> Held:
    """Return an empty reply without a type, as recorded [DOCKET]."""
    headers = [(b"x-rate-limit-problem", fault.problem.encode())]
    if fault.problem in USED_UP:
        headers.append((USED_UP[fault.problem].encode(), b"0"))
    if fault.retry_after is not None:
        headers.append((b"retry-after", fault.retry_after.encode()))
    return Held(429, headers)


def _unauthorized(fault: Fault) -> Held:
    if fault.problem == "scope":
        challenge = 'Bearer error="insufficient_scope"'
        return unauthorized("AuthorizationUnsuccessful", challenge).held()
    expired = fault.problem == "expired"
    return unauthorized("TokenExpired: token expired" if expired else "AuthenticationUnsuccessful").held()


def _forbidden(fault: Fault) -> Held:
    return (lacks_permission() if fault.problem == "permission" else forbidden()).held()


_MAKERS: dict[str, Callable[[Fault], Held]] = {
    kinds.ANSWER_500: lambda _fault: held(500, UNHANDLED),
    kinds.ANSWER_503: lambda _fault: held(503, MAINTENANCE),
    kinds.ANSWER_429: _too_many,
    kinds.ANSWER_401: _unauthorized,
    kinds.ANSWER_403: _forbidden,
    kinds.ANSWER_404: lambda _fault: held(404, NOT_FOUND_TEXT.encode(), "text/html; charset=utf-8"),
    kinds.ANSWER_HTML: lambda fault: held(fault.status, PAGE, "text/html"),
}
