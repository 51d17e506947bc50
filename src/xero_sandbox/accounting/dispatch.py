"""Find the route of a call to `/api.xro/2.0/`."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from xero_sandbox.accounting.endpoints import ENDPOINTS, Endpoint
from xero_sandbox.accounting.gate import answer
from xero_sandbox.accounting.incoming import Incoming
from xero_sandbox.control.held import Held
from xero_sandbox.problems import NOT_FOUND_TEXT, Problem, not_found
from xero_sandbox.sandbox import Sandbox

ROUTES: dict[tuple[str, int], list[Endpoint]] = {}  # by the first part, and how many parts there are
for _one in ENDPOINTS:
    ROUTES.setdefault((_one.path[0].lower(), len(_one.path)), []).append(_one)


async def answer_accounting(sandbox: Sandbox, incoming: Incoming) -> Held:
    parts = incoming.parts
    endpoints = ROUTES.get((parts[0].lower(), len(parts)), ()) if parts else ()
    found = _route(endpoints, incoming.method, parts)
    if found is not None:
        return await answer(sandbox, incoming, *found)
    known = any(_named(one.path, parts) is not None for one in endpoints)
    return (not_implemented() if known else not_imitated(incoming)).held()


def not_implemented() -> Problem:
    """Return the refusal of a method that a resource does not have (xero-api reference 11, 501)."""
    return Problem(501, b"The Api Method called is not implemented", "text/plain; charset=utf-8")


def not_imitated(incoming: Incoming) -> Problem:
    return not_found(
        f"{NOT_FOUND_TEXT}. The sandbox does not imitate {escape(incoming.method)} {escape(incoming.path)}: "
        "its README lists what it imitates."
    )


def _route(endpoints: Sequence[Endpoint], method: str, parts: list[str]) -> tuple[Endpoint, dict[str, str]] | None:
    """Return the first route that fits, so that a literal part beats a named one by coming first."""
    for one in endpoints:
        if one.method == method and (named := _named(one.path, parts)) is not None:
            return one, named
    return None


def _named(pattern: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    """Return the named parts; None when the path is another."""
    named: dict[str, str] = {}
    for want, part in zip(pattern, parts, strict=True):
        if want[0] == "{":
            named[want[1:-1]] = part
        elif want != part and want.lower() != part.lower():
            return None
    return named
