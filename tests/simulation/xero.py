"""The sandbox's rules in this process: call its application without a socket, at the virtual time."""

from __future__ import annotations

import re
from collections.abc import Coroutine
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from starlette.types import Message

from xero_sandbox.app import create_app
from xero_sandbox.control import bookkeeper
from xero_sandbox.control.held import Held
from xero_sandbox.seeds.demo import ADVISER_ID, AUSTRALIAN_ID, demo_world
from xero_sandbox.world import World

URL = "http://xero.simulated"
_FLOW = re.compile(r'name="flow" value="([^"]+)"')


class Xero:
    """One sandbox. `load` puts a remembered world in its place, so that each schedule begins alike."""

    def __init__(self, start: datetime) -> None:
        world = demo_world()
        del world.organisations[AUSTRALIAN_ID]
        world.clock.frozen_at = start
        self._app = create_app(world)
        self.sandbox = self._app.state.sandbox

    @property
    def world(self) -> World:
        world: World = self.sandbox.world
        return world

    def save(self) -> bytes:
        return self.world.export()

    def load(self, saved: bytes) -> None:
        # Not `sandbox.load`: that checks each reference, and this world was exported by ourselves.
        self.sandbox._replace(msgspec.json.decode(saved, type=World))
        self.sandbox.in_flight.clear()

    def tick(self, now: datetime) -> None:
        self.world.clock.frozen_at = now

    def ask(
        self,
        method: str,
        url: str,
        headers: list[tuple[bytes, bytes]],
        body: bytes = b"",
        instructions: dict[str, Any] | None = None,
    ) -> Held:
        """Carry a call out at once, and return the reply."""
        parts = urlsplit(url)
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": parts.scheme,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in headers],
            "server": ("xero.simulated", 80),
            "client": ("127.0.0.1", 1),
            "state": dict(instructions or {}),
            "app": self._app,
        }
        reply = Held()
        _run(self._app(scope, _body(body), reply.take))
        return reply

    def do(self, organisation_id: str, deed: str, **details: object) -> bool:
        """Let a bookkeeper act in Xero; False when that can't be done now."""
        try:
            bookkeeper.do(self.sandbox, {"organisation": organisation_id, "do": deed, **details})
        except bookkeeper.CannotDo:
            return False
        return True

    def consent(self, url: str, *organisation_ids: str) -> dict[str, str]:
        """Sign in at the consent page and allow access; return what the browser brings back to us."""
        shown = self.ask("GET", url, [(b"host", b"xero.simulated")])
        cookie = next(value for name, value in shown.headers if name == b"set-cookie").split(b";")[0]
        moved = self._post({"flow": _flow_in(shown), "user": ADVISER_ID}, cookie)
        page = self.ask("GET", _absolute(moved), [(b"host", b"xero.simulated"), (b"cookie", cookie)])
        fields = [("flow", _flow_in(page)), ("answer", "allow"), *(("organisation", each) for each in organisation_ids)]
        return dict(parse_qsl(urlsplit(_location(self._post(fields, cookie))).query))

    def _post(self, fields: dict[str, str] | list[tuple[str, str]], cookie: bytes) -> Held:
        form = (b"content-type", b"application/x-www-form-urlencoded")
        host = (b"host", b"xero.simulated")
        return self.ask(
            "POST", f"{URL}/identity/connect/authorize", [form, host, (b"cookie", cookie)], urlencode(fields).encode()
        )


def _run(call: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never truly waits; the virtual clock does all the waiting."""
    try:
        while True:
            call.send(None)
    except StopIteration:
        return


def _body(body: bytes) -> Any:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _flow_in(page: Held) -> str:
    found = _FLOW.search(page.body.decode())
    assert found, page
    return unescape(found.group(1))


def _location(reply: Held) -> str:
    return next(value for name, value in reply.headers if name.lower() == b"location").decode()


def _absolute(reply: Held) -> str:
    location = _location(reply)
    return location if "://" in location else f"{URL}{location}"
