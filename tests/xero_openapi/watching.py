"""Check every reply of the sandboxes that tests start, and say at the end of a test what was wrong."""

from __future__ import annotations

from xero_openapi.checking import problems_of, routes_of
from xero_openapi.specification import is_there
from xero_sandbox.control.log import Exchange

SUCCESS = range(200, 300)
_problems: list[str] = []
_routes: set[str] = set()


def watch(exchange: Exchange) -> None:
    """Give this to `running_sandbox(watch=...)`. Without the specification nothing is checked."""
    if not is_there():
        return
    _problems.extend(problems_of(exchange))
    if exchange.status in SUCCESS:
        _routes.update(routes_of(exchange))


def take_problems() -> list[str]:
    """Return what was wrong since the last time."""
    taken = list(_problems)
    _problems.clear()
    return taken


def take_routes() -> set[str]:
    """Return which routes of the specification succeeded since the last time."""
    taken = set(_routes)
    _routes.clear()
    return taken
