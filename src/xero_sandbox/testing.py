"""Run a sandbox for a test: `with running_sandbox() as sandbox: ... sandbox.url`; `sandbox_process` for one apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xero_sandbox.app import create_app
from xero_sandbox.control.log import Exchange
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.seeds import SEEDS
from xero_sandbox.serving import listen, make_server
from xero_sandbox.world import World, import_world

START_SECONDS = 10
REPLY_SECONDS = 10


class NotInside(RuntimeError):
    """The sandbox is a process of its own: ask its doors instead."""


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that answers at `url`; the helpers use its doors, so they work with a process of its own too."""

    url: str
    inside: Sandbox | None = None

    @property
    def sandbox(self) -> Sandbox:
        """Return the inside, where it is this process; raises NotInside."""
        if self.inside is None:
            raise NotInside("This sandbox runs as a process of its own. Use world() and changing().")
        return self.inside

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

    def world(self) -> World:
        """Return a copy of the whole state."""
        return import_world(json.dumps(self.door("GET", "/state")).encode())

    @contextmanager
    def changing(self) -> Iterator[World]:
        """Hand out the state to be changed within the block; faults and the request log begin anew."""
        world = self.world()
        yield world
        self.door("PUT", "/state", json.loads(world.export()))

    def now(self) -> datetime:
        """Return the time by the sandbox's clock."""
        return datetime.fromisoformat(self.door("GET", "/clock")["now"])

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


@contextmanager
def sandbox_process(seed: str = "demo", port: int = 0) -> Iterator[RunningSandbox]:
    """Start `python -m xero_sandbox` on a free port of 127.0.0.1, and stop it when the block ends."""
    here = str(Path(__file__).parent.parent)
    with subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-m", "xero_sandbox", "--port", str(port), "--seed", seed],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])},
    ) as process:
        try:
            yield RunningSandbox(_printed_address(process))
        finally:
            process.terminate()
            try:
                process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _printed_address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    if "http" not in line:
        raise RuntimeError("The sandbox did not start; what it printed says why.")
    return line[line.index("http") :].strip().removesuffix("/_sandbox/")


def _wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The sandbox did not start within {START_SECONDS} seconds")
        time.sleep(0.005)
