"""Stand where the pool of connections stands in `providers.http`: carry calls to the sandbox, and lose some.

All around it is production code: headers, deadlines, reading of bodies, receipts, masking.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpcore2

from keito_books.providers import deadlines
from simulation.faults import Fault, Weather
from simulation.hub import Actor, Hub, Killed
from simulation.xero import Xero
from xero_sandbox.control import kinds
from xero_sandbox.control.held import Held, held
from xero_sandbox.control.tampering import TAMPERING, tampered
from xero_sandbox.problems import UNHANDLED, unauthorized

READ_SECONDS = 20.0
# Assumption A2 of docs/protocol.md: nobody sleeps longer between the last check and the write.
LONGEST_SLEEP_BEFORE_WRITE = 25.0


@dataclass(slots=True)
class Call:
    """One call on its way, and all that is known of it on both sides."""

    number: int
    actor: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    started: datetime
    decided_at: int
    fault: Fault | None = None
    effects: list[tuple[datetime, int, bytes]] = field(default_factory=list)
    told: int | None = None  # the status that the worker was told, of a whole and true reply
    wait_seconds: float | None = None  # what a 429 asked for
    ended: datetime | None = None

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def key(self) -> str:
        return self.headers.get("idempotency-key", "")

    @property
    def organisation(self) -> str:
        return self.headers.get("xero-tenant-id", "")

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api.xro/2.0/")

    @property
    def resource(self) -> str:
        return self.path.removeprefix("/api.xro/2.0")


class Told:
    """The response that `providers.http` reads."""

    def __init__(self, reply: Held, *, cut: bool) -> None:
        self.status = reply.status
        self.headers = reply.headers
        self._body = reply.body
        self._cut = cut

    def iter_stream(self) -> Iterator[bytes]:
        if self._cut:
            yield self._body[: len(self._body) // 2]
            raise httpcore2.RemoteProtocolError("peer closed connection without sending complete message body")
        yield self._body


class Wire:
    """The pool of one schedule. `watchers` hear of each call as it starts, has its effect, and ends."""

    def __init__(self, hub: Hub, xero: Xero, weather: Weather, rng: random.Random) -> None:
        self.hub = hub
        self.xero = xero
        self.weather = weather
        self.rng = rng
        self.calls: list[Call] = []
        self.in_flight: list[Call] = []
        self.on_start: list[Callable[[Call], None]] = []
        self.on_effect: list[Callable[[Call, Held], None]] = []
        self.on_end: list[Callable[[Call], None]] = []

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: list[tuple[bytes, bytes]],
        content: bytes | None,
        extensions: dict[str, object],
    ) -> Iterator[Told]:
        yield self._exchange(method, url, headers, content or b"")

    def close(self) -> None:
        """Nothing is open."""

    def _exchange(self, method: str, url: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Told:
        actor = self.hub.current
        if actor is None:  # while the stage is being set
            return Told(self.xero.ask(method, url, headers, body), cut=False)
        self.hub.pause("permitted", longest=LONGEST_SLEEP_BEFORE_WRITE)
        call = self._begin(actor, method, url, headers, body)
        try:
            return self._carry(call, headers)
        except Killed:
            self._orphan(call, headers)
            raise
        finally:
            call.ended = self.hub.now
            self.in_flight.remove(call)
            for tell in self.on_end:
                tell(call)

    def _begin(self, actor: Actor, method: str, url: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Call:
        named = {name.decode().lower(): value.decode("latin-1") for name, value in headers}
        call = Call(
            len(self.calls) + 1, actor.name, method, url, named, body, self.hub.now, decided_at=actor.decided_at
        )
        call.fault = self.weather.fault_for(call.method, call.path, self.rng)
        self.calls.append(call)
        self.in_flight.append(call)
        fault = f" [{call.fault.name}]" if call.fault else ""
        self._note(actor.name, f"{call.number}: {method} {call.resource}{fault}")
        self.hub.trace.count(f"fault {call.fault.name}" if call.fault else "fault none")
        for tell in self.on_start:
            tell(call)
        return call

    def _carry(self, call: Call, headers: list[tuple[bytes, bytes]]) -> Told:
        fault = call.fault
        if fault is Fault.CANNOT_CONNECT:
            self.hub.actor.sleep(0.01)
            raise httpcore2.ConnectError("connection refused")
        watch = deadlines._current.get()
        assert watch is not None
        watch.has_written = True
        actor = self.hub.actor
        actor.sleep(self.rng.uniform(0.02, 0.3))
        self.hub.pause("sent")
        if fault is Fault.LOST_REQUEST:
            self._time_out(actor)
        if fault is Fault.APPLIED_LATE:
            self._apply_later(call, headers, self.weather.lateness(self.rng))
            self._time_out(actor)
        instead = _instead(fault, self.rng)
        reply = self._apply(call, headers) if instead is None else instead
        self.hub.pause("applied")
        if fault is Fault.LOST_REPLY:
            self._time_out(actor)
        actor.sleep(self.rng.uniform(0.02, 0.3))
        if fault in (Fault.RESET_BEFORE, Fault.RESET_AFTER):
            raise httpcore2.ReadError("connection reset by peer")
        told = self._tampered(call, reply)
        if told is reply and fault is not Fault.CUT_SHORT:
            call.told = reply.status
        elif instead is not None:
            call.told = instead.status
        self._note(call.actor, f"{call.number}: told {told.status}")
        asked = dict(told.headers).get(b"retry-after")
        call.wait_seconds = float(asked) if asked and call.is_api else None
        self.hub.pause("answered")
        return Told(told, cut=fault is Fault.CUT_SHORT)

    def _time_out(self, actor: Actor) -> None:
        actor.sleep(READ_SECONDS)
        raise httpcore2.ReadTimeout("timed out")

    def _apply(self, call: Call, headers: list[tuple[bytes, bytes]]) -> Held:
        reply = self.xero.ask(call.method, call.url, headers, call.body, _INSTRUCTIONS.get(call.fault))
        call.effects.append((self.hub.now, reply.status, reply.body))
        self._note("xero", f"{call.number}: {call.method} {call.resource} -> {reply.status}")
        for tell in self.on_effect:
            tell(call, reply)
        return reply

    def _apply_later(self, call: Call, headers: list[tuple[bytes, bytes]], seconds: float) -> None:
        def arrive() -> None:
            self._apply(call, headers)

        self.hub.at(self.hub.now + timedelta(seconds=seconds), arrive)

    def _orphan(self, call: Call, headers: list[tuple[bytes, bytes]]) -> None:
        """The caller died: what it had sent may still arrive, or not."""
        if call.effects or call.fault in _NEVER_ARRIVE:
            return
        if self.rng.random() < 0.6:
            self._apply_later(call, headers, self.rng.choice((0.05, self.weather.lateness(self.rng))))

    def _tampered(self, call: Call, reply: Held) -> Held:
        if call.fault is Fault.HTML_AFTER:
            return held(502, b"<!doctype html><title>Gateway</title><p>Please wait.", "text/html")
        kind = _TAMPERING.get(call.fault) if call.fault else None
        if kind is not None and kind in TAMPERING:
            return tampered(kind, reply)
        return reply

    def _note(self, who: str, what: str) -> None:
        self.hub.trace.note(self.hub.now, who, what)


_NEVER_ARRIVE = {
    Fault.LOST_REQUEST,
    Fault.CANNOT_CONNECT,
    Fault.APPLIED_LATE,
    Fault.RESET_BEFORE,
    Fault.BEFORE_500,
    Fault.OFFLINE_503,
    Fault.MINUTE_429,
    Fault.DAY_429,
    Fault.REJECTED_401,
}
# What the sandbox is told of a call, as its own front tells it under the same fault.
_INSTRUCTIONS: dict[Fault | None, dict[str, object]] = {
    Fault.SAVED_500: {"fail_after": True},
    Fault.READ_LAG: {"lag_seconds": 30},
}
_TAMPERING = {
    Fault.MALFORMED: kinds.MALFORMED,
    Fault.OTHER_ORDER: kinds.OTHER_ORDER,
    Fault.WITHOUT_LAST: kinds.WITHOUT_LAST,
    Fault.EMPTY_LIST: kinds.EMPTY_LIST,
    Fault.WITHOUT_IDS: kinds.WITHOUT_IDS,
}


def _instead(fault: Fault | None, rng: random.Random) -> Held | None:
    """Return the answer of a fault under which nothing is carried out."""
    if fault is Fault.BEFORE_500:
        return held(500, UNHANDLED)
    if fault is Fault.OFFLINE_503:
        return held(503, b"The Xero API is currently offline for maintenance")
    if fault is Fault.MINUTE_429:
        seconds = str(rng.choice((5, 20, 60)))
        return Held(429, [(b"x-rate-limit-problem", b"minute"), (b"retry-after", seconds.encode())])
    if fault is Fault.DAY_429:
        seconds = str(rng.choice((300, 1200)))
        return Held(429, [(b"x-rate-limit-problem", b"day"), (b"retry-after", seconds.encode())])
    if fault is Fault.REJECTED_401:
        return unauthorized("TokenExpired: token expired").held()
    return Held(500) if fault is Fault.RESET_BEFORE else None
