"""One call to the Accounting API, checked and ready to be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from xero_sandbox.accounting.query import Query
from xero_sandbox.books import Books
from xero_sandbox.identity.access import Access
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.roles import Role
from xero_sandbox.wire.codec import decode
from xero_sandbox.wire.errors import BadPost
from xero_sandbox.wire.fields import Fields
from xero_sandbox.world import World

CENT, FINE_PRICE = Decimal("0.01"), Decimal("0.0001")


@dataclass(slots=True)
class Reply:
    status: int
    body: bytes = b""
    content_type: str | None = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    world: World
    books: Books
    access: Access
    role: Role
    now: datetime
    method: str
    parts: Mapping[str, str]  # the named parts of the path
    query: Query
    body: bytes
    content_type: str = ""
    accept: str = ""
    address: str = ""  # of the sandbox, as the caller reached it
    modified_since: datetime | None = None
    elements_max: int | None = None  # a fault that stops a batch part-way

    @property
    def organisation(self) -> Organisation:
        return self.books.organisation

    @property
    def today(self) -> date:
        """Return the date in the organisation's own time zone."""
        return _day_in(self.organisation.zone, self.now)

    @property
    def app_name(self) -> str:
        return self.world.identity.apps[self.access.client_id].name

    @property
    def person_name(self) -> str:
        """Return who acts, as histories show it."""
        person = self.world.identity.people.get(self.access.user_id or "")
        return person.name if person else "System Generated"

    @property
    def price_step(self) -> Decimal:
        """Return the step of unit prices: 2 decimals, or 4 with unitdp=4 (xero-api reference 6.5.1 [ROUND])."""
        return FINE_PRICE if self.query.text("unitdp") == "4" else CENT

    def elements(self, plural: str) -> list[Fields]:
        """Return the elements of the body: an envelope with any letter case, or one bare object (reference 1)."""
        body = decode(self.body)
        if isinstance(body, dict):
            enveloped = _member(body, plural)
            body = [body] if enveloped is None else enveloped
        if isinstance(body, dict):
            body = [body]
        if not isinstance(body, list) or not body or not all(isinstance(one, dict) for one in body):
            raise BadPost(f"The request body must hold {plural}, or one object")
        return [Fields(one, plural) for one in body]


@lru_cache(maxsize=16)  # a batch asks for each of its elements
def _day_in(zone: str, instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def _member(body: dict[str, Any], plural: str) -> Any:  # any JSON
    wanted = plural.lower()
    return next((value for name, value in body.items() if name.lower() == wanted), None)


Handler = Callable[[Call], Reply]
