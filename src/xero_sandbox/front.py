"""Stands before every route: reads the body, keeps the log, and makes the scripted trouble happen."""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xero_sandbox.accounting.dispatch import answer_accounting
from xero_sandbox.accounting.incoming import PREFIX, Incoming
from xero_sandbox.control import kinds
from xero_sandbox.control.canned import canned
from xero_sandbox.control.delivery import Line, deliver, flood
from xero_sandbox.control.faults import Fault
from xero_sandbox.control.held import Held, held
from xero_sandbox.control.tampering import TAMPERING, tampered
from xero_sandbox.problems import UNHANDLED
from xero_sandbox.readings import Readings
from xero_sandbox.sandbox import Sandbox

BODY_LIMIT = 3_500_000  # bytes (xero-api reference 4, "classic limit")
FILE_LIMIT = 10_000_000  # of attachments (reference 4: the lower of two figures)
OTHER_BODY_LIMIT, OTHER_FILE_LIMIT = 10_000_000, 25_000_000  # the other figures of the same sources
CONTROL = "/_sandbox"
ELSEWHERE = b"The control doors take no orders from other websites' pages."
FAILED = 500
SILENT = frozenset({kinds.SAVE_AND_DROP, kinds.SAVE_AND_RESET, kinds.CLOSE_AFTER_FIRST})  # carried out, no reply


class BodyTooLarge(Exception):
    """The body is over the limit."""


class Front:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._late: set[asyncio.Task[None]] = set()  # keeps late calls from being collected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(CONTROL):
            await (held(403, ELSEWHERE).send(send) if _from_another_site(scope) else self._app(scope, receive, send))
            return
        try:
            limit = _body_limit(scope["path"], scope["app"].state.sandbox.world.readings)
            body = await _read_body(receive, limit)
        except BodyTooLarge:
            await held(413, b"The request body is larger than %d bytes" % limit).send(send)
            return
        await self._answer(scope, body, Line(scope, receive, send))

    async def _answer(self, scope: Scope, body: bytes, line: Line) -> None:
        sandbox: Sandbox = scope["app"].state.sandbox
        method, path = scope["method"], scope["path"]
        exchange = sandbox.log.open(
            sandbox.world.clock.now(), method, path, scope["query_string"], scope["headers"], body
        )
        started = time.perf_counter()
        fault = sandbox.faults.take(method, path)
        exchange.fault = fault.then if fault else ""
        reply = await self._reply(scope, body, fault) if fault else await self._run(scope, body)
        exchange.milliseconds = (time.perf_counter() - started) * 1000
        if reply is not None:
            sandbox.log.close(exchange, reply.status, reply.headers, reply.body)
        if fault is not None:
            await deliver(fault, reply, line)
        elif reply is not None:
            await reply.send(line.send)

    async def _reply(self, scope: Scope, body: bytes, fault: Fault) -> Held | None:
        """Return the reply under a fault; None means that the connection is cut."""
        if fault.then in (kinds.DROP_REQUEST, kinds.RESET):
            return None
        if fault.then in (kinds.HUGE, kinds.BOMB):
            return flood(fault)
        if fault.then == kinds.APPLY_LATE:
            self._run_late(scope, body, fault.asked.seconds)
            return None
        instead = canned(fault, scope["path"], scope["app"].state.sandbox.world.readings)
        return instead if instead is not None else await self._carry_out(scope, body, fault)

    async def _carry_out(self, scope: Scope, body: bytes, fault: Fault) -> Held | None:
        await self._prepare(scope, body, fault)
        reply = await self._run(scope, body)
        if fault.then in SILENT:
            return None
        if fault.then == kinds.SAVE_AND_500 and reply.status != FAILED:
            return held(500, UNHANDLED)
        return tampered(fault.then, reply) if fault.then in TAMPERING else reply

    async def _prepare(self, scope: Scope, body: bytes, fault: Fault) -> None:
        """Do what a fault does before the call is carried out, or tell the handler of it."""
        state = scope.setdefault("state", {})
        if fault.then == kinds.CLOSE_AFTER_FIRST:
            state.update(elements_max=fault.first, forget_reply=True)
        elif fault.then == kinds.SAVE_AND_500:
            state["fail_after"] = True  # the 500 comes from behind the keys, which keep it too
        elif fault.then == kinds.LAG:
            state["lag_seconds"] = fault.asked.seconds
        elif fault.then == kinds.RUN_TWICE:
            await self._run(scope, body)
        elif fault.then == kinds.ANSWER_SLOWLY and scope["path"].startswith(PREFIX):
            state["delay_seconds"] = fault.asked.seconds  # waited inside, where the call counts as in flight
        elif fault.then == kinds.ANSWER_SLOWLY:
            await asyncio.sleep(fault.asked.seconds)

    async def _run(self, scope: Scope, body: bytes) -> Held:
        if scope["path"].startswith(PREFIX):  # the busiest paths go the shortest way
            return await answer_accounting(scope["app"].state.sandbox, Incoming(scope, body))
        reply = Held()
        await self._app(scope, _replay(body), reply.take)
        return reply

    def _run_late(self, scope: Scope, body: bytes, seconds: float) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            await self._run(scope, body)

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)


def _from_another_site(scope: Scope) -> bool:
    """Whether a browser was sent here by another site's page, to change something."""
    site = dict(scope["headers"]).get(b"sec-fetch-site", b"none")
    return scope["method"] not in ("GET", "HEAD") and site not in (b"none", b"same-origin")


def _body_limit(path: str, readings: Readings) -> int:
    if path.startswith(PREFIX) and "/attachments/" in path.lower():
        return OTHER_FILE_LIMIT if readings.files_up_to_25_mb else FILE_LIMIT
    return OTHER_BODY_LIMIT if readings.bodies_up_to_10_mb else BODY_LIMIT


async def _read_body(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(chunks)
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
