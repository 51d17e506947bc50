"""Call a sandbox in this process, without sockets, and tell whether it kept its head."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from starlette.types import Message

from xero_openapi.checking import problems_of
from xero_sandbox.app import create_app
from xero_sandbox.control.log import Exchange
from xero_sandbox.identity.grants import grant_without_browser
from xero_sandbox.seeds import SEEDS
from xero_sandbox.seeds.demo import BRITISH_ID

NOT_IMPLEMENTED = 501
SERVER_ERRORS = range(500, 600)
FRESH_AFTER = 300  # cases, so that the world neither fills up nor ends up all archived
REPLY_SECONDS = 20
ISSUER = "http://localhost:9400"


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str  # percent-encoded
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    status: int = 0
    body: bytes = b""


class Stage:
    """A demo world that grows old with the cases, and is renewed now and then."""

    def __init__(self) -> None:
        self.asked = 0
        self._loop = asyncio.new_event_loop()
        self._told: list[str] = []
        self._renew()

    def close(self) -> None:
        self._loop.close()

    def problems(self, asked: Asked) -> list[str]:
        """Return what was wrong with the answer: a server error, an exception, a shape that Xero does not have."""
        self.asked += 1
        if self.asked % FRESH_AFTER == 0:
            self._renew()
        self._lift_limits()
        self._told.clear()
        try:
            answer = self._loop.run_until_complete(asyncio.wait_for(self._call(asked), REPLY_SECONDS))
        except Exception as problem:  # noqa: BLE001  # whatever comes out of the application is what we look for
            return [f"{asked.method} {asked.path}: {type(problem).__name__}: {problem}"]
        if answer.status in SERVER_ERRORS and answer.status != NOT_IMPLEMENTED:
            return [f"{asked.method} {asked.path}: {answer.status} {answer.body[:200]!r}"]
        if b"Traceback" in answer.body:
            return [f"{asked.method} {asked.path}: a stack trace"]
        return list(self._told)

    @property
    def known_ids(self) -> list[str]:
        """Return ids and numbers that exist, for paths that lead somewhere."""
        books = self._app.state.sandbox.world.organisations[BRITISH_ID]
        kinds = (books.invoices, books.contacts, books.payments, books.accounts)
        return ["HF-0031", "OUTPUT2", *(next(iter(kind)) for kind in kinds if kind)]

    def _renew(self) -> None:
        self._app = create_app(SEEDS["demo"]())
        sandbox = self._app.state.sandbox
        sandbox.log.watchers.append(self._watch)
        granted = grant_without_browser(sandbox.world, [BRITISH_ID], None, issuer=ISSUER)
        self._own = {
            "authorization": f"Bearer {granted['access_token']}",
            "xero-tenant-id": BRITISH_ID,
            "accept": "application/json",
        }

    def _lift_limits(self) -> None:
        limits = self._app.state.sandbox.world.limits
        limits.minutes.clear()
        limits.days.clear()
        limits.app_minutes.clear()

    def _watch(self, exchange: Exchange) -> None:
        self._told.extend(problems_of(exchange))

    async def _call(self, asked: Asked) -> Answer:
        answer = Answer()
        sent = False

        async def receive() -> Message:
            nonlocal sent
            if sent:
                return {"type": "http.disconnect"}
            sent = True
            return {"type": "http.request", "body": asked.body, "more_body": False}

        async def send(message: Message) -> None:
            answer.status = message.get("status", answer.status)
            answer.body += message.get("body", b"")

        await self._app(self._scope(asked), receive, send)
        return answer

    def _scope(self, asked: Asked) -> dict[str, object]:
        headers = {name.lower(): value for name, value in asked.headers} | self._own
        path = unquote_to_bytes(asked.path)
        return {
            "type": "http",
            "http_version": "1.1",
            "method": asked.method,
            "scheme": "http",
            "path": path.decode("utf-8", "replace"),
            "raw_path": asked.path.encode(),
            "query_string": asked.query.encode(),
            "root_path": "",
            "headers": [(_bytes(name), _bytes(value)) for name, value in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 9400),
            "state": {},
        }


def encoded(part: str) -> str:
    """Return a part of a path as a client would write it."""
    return quote(part, safe="", errors="surrogatepass")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")
