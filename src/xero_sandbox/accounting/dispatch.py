"""Find the route of a call to `/api.xro/2.0/`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.accounting.endpoints import ENDPOINTS, Endpoint
from xero_sandbox.accounting.gate import answer
from xero_sandbox.problems import NOT_FOUND_TEXT, Problem, not_found

BY_NOUN: dict[str, list[Endpoint]] = {}
for _one in ENDPOINTS:
    BY_NOUN.setdefault(_one.path[0].lower(), []).append(_one)


async def answer_accounting(request: Request) -> Response:
    parts = [part for part in request.path_params["path"].split("/") if part]
    known = [
        (one, named)
        for one in BY_NOUN.get(parts[0].lower() if parts else "", ())
        if (named := _match(one.path, parts)) is not None
    ]
    for endpoint, named in known:
        if endpoint.method == request.method:
            return await answer(request, endpoint, named)
    if known:
        return not_implemented().response()
    return not_imitated(request).response()


def not_implemented() -> Problem:
    """Return the refusal of a method that a resource does not have (xero-api reference 11, 501)."""
    return Problem(501, b"The Api Method called is not implemented", "text/plain; charset=utf-8")


def not_imitated(request: Request) -> Problem:
    return not_found(
        f"{NOT_FOUND_TEXT}. The sandbox does not imitate {escape(request.method)} {escape(request.url.path)}: "
        "its README lists what it imitates."
    )


def _match(pattern: Iterable[str], parts: list[str]) -> dict[str, str] | None:
    """Return the named parts; None when the path is another. A literal beats a named part by coming first."""
    wanted = list(pattern)
    if len(wanted) != len(parts):
        return None
    named: dict[str, str] = {}
    for want, part in zip(wanted, parts, strict=True):
        if want.startswith("{"):
            named[want[1:-1]] = part
        elif want.lower() != part.lower():
            return None
    return named
