"""Run a sandbox inside a test: `with running_sandbox() as sandbox: ... sandbox.url`."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from xero_sandbox.app import create_app
from xero_sandbox.control.log import Exchange
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.seeds import SEEDS
from xero_sandbox.serving import listen, make_server

START_SECONDS = 10
REPLY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that answers at `url`; the helpers use its doors."""

    url: str
    sandbox: Sandbox  # the inside, for tests in the same process

    def door(self, method: str, path: str, body: object = None) -> Any:  # JSON of any shape
        """Call a control door, as `door("POST", "/clock", {"advance_seconds": 60})`."""
        asked = urllib.request.Request(  # noqa: S310  # our own http address
            f"{self.url}/_sandbox{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=REPLY_SECONDS) as reply:  # noqa: S310  # the same
            return json.loads(reply.read())

    def reset(self, seed: str = "demo") -> None:
        self.door("POST", "/reset", {"seed": seed})

    def advance(self, seconds: float) -> None:
        self.door("POST", "/clock", {"advance_seconds": seconds})

    def fault(self, route: str, then: str, **details: int | float | str | None) -> None:
        """Script trouble, as `fault("PUT /Invoices", "save and drop the reply", times=1)`."""
        self.door("POST", "/faults", {"route": route, "then": then, **details})

    def clear_faults(self) -> None:
        self.door("DELETE", "/faults")

    def requests(self) -> list[dict[str, Any]]:
        """Return what was asked and answered, newest last."""
        kept: list[dict[str, Any]] = self.door("GET", "/requests")["requests"]
        return kept

    def limits(self, **used: int | str | None) -> dict[str, Any]:
        """Return how the first app stands, after setting what is named, as `limits(tier="starter", day_used=999)`."""
        shown = self.door("PUT", "/limits", used) if used else self.door("GET", "/limits")
        first: dict[str, Any] = shown["apps"][0]
        return first

    def grant(self, organisations: list[str] | None = None, scopes: str | None = None) -> dict[str, Any]:
        """Consent without a browser."""
        asked: dict[str, object] = {}
        if organisations is not None:
            asked["organisations"] = organisations
        if scopes is not None:
            asked["scopes"] = scopes
        granted: dict[str, Any] = self.door("POST", "/grants", asked)
        return granted

    def bookkeeper(self, organisation: str, do: str, **details: object) -> dict[str, Any]:
        """Do what a person does in Xero."""
        done: dict[str, Any] = self.door("POST", "/bookkeeper", {"organisation": organisation, "do": do, **details})
        return done


@contextmanager
def running_sandbox(
    seed: str = "demo", port: int = 0, watch: Callable[[Exchange], None] | None = None
) -> Iterator[RunningSandbox]:
    """Serve a sandbox from a thread on a free port of 127.0.0.1 until the block ends.

    `watch` is called with each exchange, in the server's thread, before the reply is sent.
    """
    app = create_app(SEEDS[seed]())
    if watch is not None:
        app.state.sandbox.log.watchers.append(watch)
    listener = listen("127.0.0.1", port)
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    _wait_until(lambda: server.started)
    try:
        yield RunningSandbox(f"http://127.0.0.1:{listener.getsockname()[1]}", app.state.sandbox)
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        listener.close()


def _wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The sandbox did not start within {START_SECONDS} seconds")
        time.sleep(0.005)
