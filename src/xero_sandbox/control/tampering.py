"""Change a true reply into one that a careless client misreads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from xero_sandbox.control import kinds
from xero_sandbox.control.held import Held
from xero_sandbox.wire.codec import decode, encode
from xero_sandbox.wire.errors import BadPost

Json = dict[str, Any]
Change = Callable[[list[Json]], list[Json]]
UNKNOWN = "SOMETHING-NEW"
CLASSIFIED = ("Status", "ContactStatus", "Type", "LineAmountTypes", "PaymentType", "Class", "tenantType")


def tampered(kind: str, reply: Held) -> Held:
    """Return the reply with its elements changed; one that lists nothing stays as it is."""
    if kind == kinds.MALFORMED:
        return reply.with_body(reply.body[:-1] + b",]}") if reply.body else reply
    return _changed(reply, CHANGES[kind])


def _changed(reply: Held, change: Change) -> Held:
    body, elements = _read(reply)
    if elements is None:
        return reply
    after = change(list(elements))
    if isinstance(body, dict) and "pagination" in body:
        body["pagination"]["itemCount"] += len(after) - len(elements)
    elements[:] = after
    return reply.with_body(encode(body))


def _read(reply: Held) -> tuple[Any, list[Json] | None]:
    """Return the body and, within it, the list of its elements."""
    try:
        body = decode(reply.body)
    except BadPost:
        return None, None
    lists = [body] if isinstance(body, list) else list(body.values()) if isinstance(body, dict) else []
    found = (one for one in lists if isinstance(one, list) and all(isinstance(element, dict) for element in one))
    return body, next(found, None)


def _twins(elements: list[Json]) -> list[Json]:
    return [twin for one in elements for twin in (one, one | {name: str(uuid4()) for name in _ids(one)[:1]})]


def _unknown(one: Json) -> Json:
    return one | {name: UNKNOWN for name in CLASSIFIED if name in one} | {"NewMember": {"Values": [1, None]}}


def _ids(one: Json) -> list[str]:
    return [name for name in one if name.endswith("ID") or name in ("id", "tenantId")]


CHANGES: dict[str, Change] = {
    kinds.OTHER_ORDER: lambda elements: elements[::-1],
    kinds.WITHOUT_LAST: lambda elements: elements[:-1],
    kinds.EMPTY_LIST: lambda _elements: [],
    kinds.WITHOUT_IDS: lambda elements: [
        {name: value for name, value in one.items() if name not in _ids(one)} for one in elements
    ],
    kinds.UNKNOWN_VALUES: lambda elements: [_unknown(one) for one in elements],
    kinds.TWINS: _twins,
}
TAMPERING = frozenset({kinds.MALFORMED, *CHANGES})
