"""Stands before every route: reads the body, keeps the log, and makes the scripted trouble happen."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xero_sandbox.control import faults
from xero_sandbox.control.faults import Fault
from xero_sandbox.problems import NOT_FOUND_TEXT, UNHANDLED, gateway_problem
from xero_sandbox.sandbox import Sandbox

BODY_LIMIT = 3_500_000  # bytes (xero-api reference 4, "classic limit")
CONTROL = ("/_sandbox",)
ACCOUNTING = "/api.xro/2.0/"
ELSEWHERE = b"The control doors take no orders from other websites' pages."
FAILED = 500
MAINTENANCE = b"The Xero API is currently offline for maintenance"


class ConnectionCut(ConnectionResetError):
    """The reply was to be cut, and no real connection is there to cut (in-process use without a server)."""


class BodyTooLarge(Exception):
    """The body is over the limit."""


@dataclass(slots=True)
class Reply:
    """A reply held back until it is known what to do with it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


class Front:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._late: set[asyncio.Task[None]] = set()  # keeps late calls from being collected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(CONTROL):
            await (
                _plain_reply(403, ELSEWHERE).send(send)
                if _from_another_site(scope)
                else self._app(scope, receive, send)
            )
            return
        sandbox: Sandbox = scope["app"].state.sandbox
        try:
            body = await _read_body(receive)
        except BodyTooLarge:
            await _plain_reply(413, b"The request body is larger than 3.5 MB").send(send)
            return
        await self._answer(sandbox, scope, body, receive, send)

    async def _answer(self, sandbox: Sandbox, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        exchange = sandbox.log.open(
            sandbox.world.clock.now(), method, path, scope["query_string"].decode("latin-1"),
            _texts(scope["headers"]), body,
        )  # fmt: skip
        started = time.perf_counter()
        fault = sandbox.faults.take(method, path)
        exchange.fault = fault.then if fault else ""
        reply = await self._reply(scope, body, fault) if fault else await self._run(scope, body)
        exchange.milliseconds = (time.perf_counter() - started) * 1000
        if reply is None:
            await cut(scope, receive)
            return
        exchange.status, exchange.reply_headers = reply.status, _texts(reply.headers)
        exchange.reply_body = reply.body[: min(200000, len(reply.body))]
        if fault and fault.then == faults.TRUNCATE:
            await _send_half(reply, send)
            await cut(scope, receive, abort=False)
            return
        await reply.send(send)

    async def _reply(self, scope: Scope, body: bytes, fault: Fault) -> Reply | None:
        """Return the reply under a fault; None means that the connection is cut."""
        instead = _canned(fault)
        if instead is not None or fault.then == faults.DROP_REQUEST:
            return instead
        if fault.then == faults.APPLY_LATE:
            self._run_late(scope, body, fault.seconds)
            return None
        if fault.then == faults.CLOSE_AFTER_FIRST:
            _state(scope).update(elements_max=fault.first, forget_reply=True)
        if fault.then == faults.SAVE_AND_500:
            _state(scope)["fail_after"] = True  # the 500 comes from behind the keys, which keep it too
        if fault.then == faults.ANSWER_SLOWLY:
            return await self._run_slowly(scope, body, fault.seconds)
        reply = await self._run(scope, body)
        if fault.then == faults.SAVE_AND_500 and reply.status != FAILED:
            return _plain_reply(500, UNHANDLED)
        return reply if fault.then in (faults.TRUNCATE, faults.SAVE_AND_500) else None

    async def _run(self, scope: Scope, body: bytes) -> Reply:
        reply = Reply()
        await self._app(scope, _replay(body), reply.take)
        return reply

    async def _run_slowly(self, scope: Scope, body: bytes, seconds: float) -> Reply:
        if scope["path"].startswith(ACCOUNTING):
            _state(scope)["delay_seconds"] = seconds  # waited inside, where the call counts as in flight
        else:
            await asyncio.sleep(seconds)
        return await self._run(scope, body)

    def _run_late(self, scope: Scope, body: bytes, seconds: float) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            await self._run(scope, body)

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)


async def cut(scope: Scope, receive: Receive, *, abort: bool = True) -> None:
    """Break the connection, so that the client sees no reply at all."""
    transport = _state(scope).get("transport")
    if not isinstance(transport, asyncio.Transport):
        raise ConnectionCut("The connection was cut by a fault")
    if abort:
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass  # the server forgets the call only once it has seen the connection go


def _from_another_site(scope: Scope) -> bool:
    """Whether a browser was sent here by another site's page, to change something."""
    site = dict(scope["headers"]).get(b"sec-fetch-site", b"none")
    return scope["method"] not in ("GET", "HEAD") and site not in (b"none", b"same-origin")


async def _read_body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(chunks)
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BODY_LIMIT:
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


def _canned(fault: Fault) -> Reply | None:
    """Return the reply of a fault that carries nothing out."""
    if fault.then == faults.ANSWER_429:
        return Reply(429, _bytes({"X-Rate-Limit-Problem": fault.problem, "Retry-After": str(fault.retry_after)}))
    return CANNED.get(fault.then)


def _plain_reply(status: int, body: bytes, content_type: str = "text/plain; charset=utf-8") -> Reply:
    return Reply(status, _bytes({"Content-Type": content_type, "Content-Length": str(len(body))}), body)


def _gateway_reply(status: int, title: str, detail: str) -> Reply:
    problem = gateway_problem(status, title, detail)
    return _plain_reply(status, problem.body, "application/json")


async def _send_half(reply: Reply, send: Send) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})


def _state(scope: Scope) -> dict[str, object]:
    state: dict[str, object] = scope.setdefault("state", {})
    return state


def _texts(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _bytes(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


CANNED = {
    faults.ANSWER_500: _plain_reply(500, UNHANDLED),
    faults.ANSWER_503: _plain_reply(503, MAINTENANCE),
    faults.ANSWER_401: _gateway_reply(401, "Unauthorized", "TokenExpired: token expired"),
    faults.ANSWER_403: _gateway_reply(403, "Forbidden", "AuthenticationUnsuccessful"),
    faults.ANSWER_404: _plain_reply(404, NOT_FOUND_TEXT.encode(), "text/html; charset=utf-8"),
    faults.ANSWER_HTML: _plain_reply(200, b"<!doctype html><title>Gateway</title><p>Please wait.", "text/html"),
}
