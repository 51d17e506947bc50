"""Check a call in Xero's order (assumed, reference 11): token, scope, limits, tenant, key, then its content."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from xero_sandbox import messages
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.endpoints import Endpoint, enough_scopes
from xero_sandbox.accounting.incoming import Incoming
from xero_sandbox.accounting.query import Query
from xero_sandbox.accounting.replies import POST_DATA, QUERY_PARSE, VALIDATION, refusal, single_refusal
from xero_sandbox.books import Books
from xero_sandbox.control.held import Held, held_reply
from xero_sandbox.identity.access import Access, authenticate
from xero_sandbox.limits.egress import count_egress
from xero_sandbox.limits.keys import (
    LENGTH_MAX,
    METHODS,
    KeyUsedDifferently,
    fingerprint,
    store_reply,
    stored_reply,
)
from xero_sandbox.limits.rates import Caller, count_call
from xero_sandbox.limits.state import StoredReply
from xero_sandbox.problems import UNHANDLED, Problem, forbidden, lacks_permission, missing_scope, organisation_offline
from xero_sandbox.readings import Readings
from xero_sandbox.records.roles import Role
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.wire.errors import BadGuid, BadPost, BadQuery
from xero_sandbox.wire.ids import new_id


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what the checks need of it."""

    incoming: Incoming
    sandbox: Sandbox
    endpoint: Endpoint
    parts: dict[str, str]
    now: datetime


async def answer(sandbox: Sandbox, incoming: Incoming, endpoint: Endpoint, parts: dict[str, str]) -> Held:
    """Return the reply to a call whose route is known."""
    asked = Asked(incoming, sandbox, endpoint, parts, sandbox.world.clock.now())
    headers = {"xero-correlation-id": new_id()}
    try:
        reply = await _checked(asked, headers)
    except Problem as problem:
        problem.headers.update(headers)
        return problem.held()
    return held_reply(reply.status, reply.body, reply.content_type, headers | reply.headers)


async def _checked(asked: Asked, headers: dict[str, str]) -> Reply:
    tenant_id = asked.incoming.header(b"xero-tenant-id").strip().lower()
    access = authenticate(asked.sandbox.world, asked.incoming.header(b"authorization"), tenant_id)
    _require_scope(access, asked.endpoint, asked.sandbox.world.readings)
    caller = _caller(asked.sandbox, access, tenant_id)
    in_flight = asked.sandbox.in_flight
    readings = asked.sandbox.world.readings
    verdict = count_call(asked.sandbox.world.limits, caller, in_flight.get(caller.key, 0), asked.now, readings)
    headers.update(verdict.headers)
    if verdict.problem:
        raise Problem(429, content_type=None)  # empty body, no type, as recorded [DOCKET]
    in_flight[caller.key] = in_flight.get(caller.key, 0) + 1
    try:
        reply = await _within_limits(asked, access)
    finally:
        in_flight[caller.key] -= 1
    if readings.writes_count_as_egress or asked.incoming.method == "GET":
        count_egress(asked.sandbox.world.limits, access.client_id, asked.endpoint.path[0], len(reply.body), asked.now)
    return reply


async def _within_limits(asked: Asked, access: Access) -> Reply:
    organisation_id = access.organisation_id
    if organisation_id is None or organisation_id not in asked.sandbox.world.organisations:
        raise forbidden()
    if asked.sandbox.world.organisations[organisation_id].offline:
        raise organisation_offline(as_json=asked.sandbox.world.readings.offline_is_json)
    key = asked.incoming.header(b"idempotency-key")
    if not key or asked.incoming.method not in METHODS:
        await _be_slow(asked)
        return _carry_out(asked, access, organisation_id)
    if len(key) > LENGTH_MAX:
        return single_refusal(f"Idempotency Key must not be longer than {LENGTH_MAX} characters")
    async with asked.sandbox.key_lock(f"{access.client_id}/{key}"):
        await _be_slow(asked)
        return _carry_out_once(asked, access, organisation_id, key)


async def _be_slow(asked: Asked) -> None:
    seconds = asked.incoming.instructions.get("delay_seconds")
    if seconds:
        await asyncio.sleep(seconds)


def _carry_out_once(asked: Asked, access: Access, organisation_id: str, key: str) -> Reply:
    limits = asked.sandbox.world.limits
    address = f"{asked.incoming.path}?{asked.incoming.query}"
    print_ = fingerprint(asked.incoming.method, address, asked.incoming.body)
    try:
        stored = stored_reply(limits, access.client_id, key, print_, asked.now)
    except KeyUsedDifferently:
        told = messages.key_used_differently(key)
        on_top = asked.sandbox.world.readings.key_clash_on_top
        return refusal(VALIDATION, "ValidationException", told) if on_top else single_refusal(told)
    if stored is not None:
        return Reply(stored.status, stored.body, stored.content_type)
    reply = _carry_out(asked, access, organisation_id)
    if not asked.incoming.instructions.get("forget_reply"):
        kept = StoredReply(print_, asked.now, reply.status, reply.content_type, reply.body)
        store_reply(limits, access.client_id, key, kept)
    return reply


def _carry_out(asked: Asked, access: Access, organisation_id: str) -> Reply:
    if not _reads_json(asked.incoming, asked.endpoint):
        return Reply(406, NOT_XML, "text/plain; charset=utf-8")
    try:
        reply = asked.endpoint.handler(_call(asked, access, organisation_id))
    except BadPost as problem:
        reply = refusal(POST_DATA, "PostDataInvalidException", str(problem))
    except BadQuery as problem:
        reply = refusal(QUERY_PARSE, "QueryParseException", str(problem))
    except BadGuid:
        reply = refusal(POST_DATA, "PostDataInvalidException", messages.GUID_MALFORMED)
    except Problem as problem:
        reply = Reply(problem.status, problem.body, problem.content_type, problem.headers)
    return Reply(500, UNHANDLED, "text/plain") if asked.incoming.instructions.get("fail_after") else reply


NOT_XML = b"The sandbox answers JSON only. Xero answers XML unless asked otherwise, so send Accept: application/json."


def _reads_json(incoming: Incoming, endpoint: Endpoint) -> bool:
    accepted = incoming.header(b"accept").lower()
    return "application/json" in accepted or any(one in accepted for one in endpoint.other_types)


def _call(asked: Asked, access: Access, organisation_id: str) -> Call:
    incoming = asked.incoming
    person = asked.sandbox.world.identity.people.get(access.user_id or "")
    role = Role(person.roles.get(organisation_id, Role.READ_ONLY)) if person else Role.STANDARD
    if asked.endpoint.action and not asked.endpoint.allows(role):
        raise lacks_permission()
    return Call(
        world=asked.sandbox.world,
        books=_books(asked, organisation_id),
        access=access,
        role=role,
        now=asked.now,
        method=incoming.method,
        parts=asked.parts,
        query=Query(incoming.query),
        body=incoming.body,
        content_type=incoming.header(b"content-type"),
        accept=incoming.header(b"accept").lower(),
        address=incoming.address,
        modified_since=_modified_since(incoming),
        elements_max=incoming.instructions.get("elements_max"),
    )


def _books(asked: Asked, organisation_id: str) -> Books:
    """Return the books, for reads that lag those of a while ago."""
    seconds = asked.incoming.instructions.get("lag_seconds")
    if seconds is None or asked.incoming.method != "GET":
        return asked.sandbox.books(organisation_id)
    return asked.sandbox.books_as_of(organisation_id, asked.now - timedelta(seconds=seconds))


def _require_scope(access: Access, endpoint: Endpoint, readings: Readings) -> None:
    scopes = endpoint.scopes
    if endpoint.path[0] == "Items" and not readings.items_need_settings_scope:
        scopes |= enough_scopes("accounting.invoices", reading=endpoint.method == "GET")
    if not access.scopes & scopes:
        raise missing_scope(endpoint.scope_named, status=403 if readings.missing_scope_is_403 else 401)


def _caller(sandbox: Sandbox, access: Access, tenant_id: str) -> Caller:
    app = sandbox.world.identity.apps[access.client_id]
    return Caller(access.client_id, access.organisation_id or tenant_id, app.tier, access.connected_at)


def _modified_since(incoming: Incoming) -> datetime | None:
    """Return the header's instant: `yyyy-mm-ddThh:mm:ss`, or the form of RFC 1123 (reference 3)."""
    text = incoming.header(b"if-modified-since")
    if not text:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise Problem(412, b"If-Modified-Since could not be read", "text/plain")
