"""What all lists share: filter, order, pages (xero-api reference 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.replies import Json, refusal, success
from xero_sandbox.where import Field, Where, read_where
from xero_sandbox.wire.errors import BadGuid, BadQuery
from xero_sandbox.wire.fields import read_guid

Record = TypeVar("Record")
PAGE_SIZE = 100
PAGE_SIZE_MAX = 1_000
UNPAGED_MAX = 100_000  # records; more is a 400 [INV]


@dataclass(frozen=True, slots=True)
class Table(Generic[Record]):
    """How one noun is listed."""

    plural: str
    fields: Mapping[str, Field[Record]]  # what `where` and `order` may name, in lower case
    id_of: Callable[[Record], str]
    updated_of: Callable[[Record], datetime]


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    records: Sequence[Record]
    pagination: Json | None  # None: the list is unpaged, and shows summaries


def chosen(
    call: Call,
    table: Table[Record],
    candidates: Callable[[Mapping[str, str]], Iterable[Record]],
    keep: Callable[[Record], bool],
    *,
    paged_anyway: bool = False,
) -> Page[Record]:
    """Return the records that the call asks for, in its order.

    `candidates` gets the equalities of the filter, so that it can answer from an index.
    """
    where = _where(call, table)
    since = _since(call)
    found = [
        one
        for one in candidates(where.equalities if where else {})
        if keep(one)
        and (since is None or table.updated_of(one).replace(microsecond=0) >= since)
        and (where is None or where.accepts(one))
    ]
    _sort(call, table, found)
    return _page(call, found, paged_anyway=paged_anyway)


def _since(call: Call) -> datetime | None:
    """Return the first second that counts; whether it is the one named is not known (open question 11)."""
    since = call.modified_since
    if since is None or call.world.readings.modified_since_is_inclusive:
        return since
    return since + timedelta(seconds=1)


def ids_asked(call: Call, name: str) -> set[str] | None:
    """Return a list of identifiers, in lower case; raises BadQuery."""
    listed = call.query.listed(name)
    if listed is None:
        return None
    try:
        return {read_guid(one) for one in listed}
    except BadGuid as problem:
        raise BadQuery(f"{name} must be a list of identifiers") from problem


def answer_list(call: Call, plural: str, elements: list[Json], pagination: Json | None) -> Reply:
    if pagination is None and len(elements) > UNPAGED_MAX:
        return refusal(16, "QueryParseException", f"More than {UNPAGED_MAX} records: ask for pages")
    if call.modified_since and not elements and call.world.readings.nothing_modified_is_304:
        return Reply(304, content_type=None)
    return success(call, plural, elements, pagination)


def _where(call: Call, table: Table[Record]) -> Where[Record] | None:
    source = call.query.text("where")
    return read_where(source, table.fields) if source and source.strip() else None


def _sort(call: Call, table: Table[Record], found: list[Record]) -> None:
    """Sort by what `order` says, then by the default: UpdatedDateUTC, then the id."""
    found.sort(key=lambda one: (table.updated_of(one), table.id_of(one)))
    for name, descending in reversed(_order(call)):
        field = table.fields.get(name)
        if field is None:
            raise BadQuery(f"order names {name}, which is no field of this list")
        found.sort(key=_sort_key(field), reverse=descending)


def _sort_key(field: Field[Record]) -> Callable[[Record], tuple[bool, Any]]:
    def key(one: Record) -> tuple[bool, Any]:
        value = field.read(one)
        if isinstance(value, str):
            value = value.casefold()
        return (False, "") if value is None else (True, value)

    return key


def _order(call: Call) -> list[tuple[str, bool]]:
    text = call.query.text("order")
    terms: list[tuple[str, bool]] = []
    for term in text.split(",") if text else ():
        words = term.lower().split()
        if len(words) not in (1, 2) or words[1:] not in ([], ["asc"], ["desc"], ["ascending"], ["descending"]):
            raise BadQuery(f"order could not be read: {term.strip()}")
        terms.append((words[0], words[1:] in (["desc"], ["descending"])))
    return terms


def _page(call: Call, found: list[Record], *, paged_anyway: bool) -> Page[Record]:
    number = call.query.whole("page", 1, 1_000_000)
    if number is None and not paged_anyway:
        return Page(found, None)
    size = call.query.whole("pageSize", 1, PAGE_SIZE_MAX) or PAGE_SIZE
    number = number or 1
    pagination = {
        "page": number,
        "pageSize": size,
        "pageCount": -(-len(found) // size),
        "itemCount": len(found),
    }
    return Page(found[(number - 1) * size : number * size], pagination)
