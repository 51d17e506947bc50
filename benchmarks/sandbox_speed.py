"""Measure how fast the sandbox is, as ratios from one run, and say which aims it misses.

PYTHONPATH=src python benchmarks/sandbox_speed.py [reads] [batches] [look-ups] [start]

Without a name all four are measured. Times are the processor's, so that other work on the machine counts little.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from xero_sandbox.app import create_app
from xero_sandbox.identity.grants import grant_without_browser
from xero_sandbox.identity.state import Tier
from xero_sandbox.seeds.large import large_world
from xero_sandbox.serving import CuttableProtocol, make_server
from xero_sandbox.wire.codec import decode, encode
from xero_sandbox.world import World

ROUNDS = 15
READS_A_ROUND = 300
BATCHES_A_ROUND = 4
LOOK_UPS_A_ROUND = 200
FEW, MANY = 1_000, 20_000
MEGABYTE = 1_000_000
FILTER = quote('InvoiceNumber=="LG-000500"')


@dataclass(frozen=True, slots=True)
class Aim:
    what: str
    figure: float
    bound: float
    is_least: bool = False
    unit: str = "x"

    @property
    def is_met(self) -> bool:
        return self.figure >= self.bound if self.is_least else self.figure <= self.bound

    def line(self) -> str:
        verdict, sign = "ok  " if self.is_met else "MISS", "≥" if self.is_least else "≤"
        return f"{verdict} {self.what:<62}{self.figure:8.2f} {self.unit:<3}({sign} {self.bound:g})"


def main() -> None:
    parts = {"reads": reads, "batches": batches, "look-ups": look_ups, "start": start}
    aims = [aim for name in sys.argv[1:] or parts for aim in parts[name]()]
    print("\n".join(aim.line() for aim in aims))
    sys.exit(0 if all(aim.is_met for aim in aims) else 1)


class Caller:
    """Calls an application over the server's own HTTP protocol, without a network between them."""

    def __init__(self, app: ASGIApp, world: World | None = None) -> None:
        self.app = app
        self.world = world
        self.headers = "" if world is None else _authorise(world)
        self._server = make_server(app)
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)

    def seconds(self, requests: list[bytes]) -> float:
        """Return the processor time of answering these, one after the other; raises when one is no 200."""
        return asyncio.run(self._answer(requests))

    async def _answer(self, requests: list[bytes]) -> float:
        self._lift_limits()
        protocol = CuttableProtocol(self._server.config, self._server.server_state, {})
        wire = Wire()
        protocol.connection_made(wire)
        started = time.process_time()
        for request in requests:
            wire.answered.clear()
            protocol.data_received(request)
            await wire.answered.wait()
        took = time.process_time() - started
        protocol.connection_lost(None)
        if not wire.head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"The last call was refused: {wire.head[:200]!r}")
        return took

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nHost: sandbox\r\nAccept: application/json\r\n{self.headers}"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def _lift_limits(self) -> None:
        if self.world is not None:
            self.world.limits.minutes.clear()
            self.world.limits.days.clear()
            self.world.limits.app_minutes.clear()


class Wire(asyncio.Transport):
    """Where the server writes: keeps the newest reply's head, and tells when a reply is whole."""

    def __init__(self) -> None:
        super().__init__({"socket": None, "peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.answered = asyncio.Event()
        self.head = b""
        self._left = 0

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        head, ended, body = bytes(data).partition(b"\r\n\r\n") if not self._left else (b"", b"", bytes(data))
        if ended:
            self.head = head
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self._left = int(length) if length else 0
        self._left -= len(body)
        if self._left <= 0:
            self._left = 0
            self.answered.set()

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.answered.set()

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


def _authorise(world: World) -> str:
    """Return the headers of a new connection of a Plus app: Rapid Sync lifts its minute and day limits."""
    next(iter(world.identity.apps.values())).tier = Tier.PLUS
    granted: Any = grant_without_browser(world, ["Harbour & Finch Ltd"])
    return f"Authorization: Bearer {granted['access_token']}\r\nxero-tenant-id: {granted['tenant_ids'][0]}\r\n"


def bare_app(reply: bytes) -> Starlette:
    async def answer(_request: Request) -> Response:
        return Response(reply, media_type="application/json")

    return Starlette(routes=[Route("/bare", answer)])


def reads() -> list[Aim]:
    """Compare simple reads with a route that does nothing, on the same server, with a reply of the same size."""
    world = large_world(FEW)
    sandbox = Caller(create_app(world), world)
    aims = []
    for name, path in (("Organisation", "/Organisation"), ("one invoice", "/Invoices/LG-000500")):
        asked = sandbox.request("GET", f"/api.xro/2.0{path}")
        bare = Caller(bare_app(_reply_body(sandbox.app, sandbox, path)))
        asked_bare = bare.request("GET", "/bare")
        ours, theirs = _by_turns(
            lambda: sandbox.seconds([asked] * READS_A_ROUND),  # noqa: B023  # called at once
            lambda: bare.seconds([asked_bare] * READS_A_ROUND),  # noqa: B023
        )
        print(f"{name}: {READS_A_ROUND / ours:,.0f} requests/s, a bare route {READS_A_ROUND / theirs:,.0f}")
        aims.append(Aim(f"requests/s of reading {name} ÷ a bare Starlette route", theirs / ours, 0.4, is_least=True))
    return aims


def batches() -> list[Aim]:
    """Compare a batch of 50 invoices of 5 lines with decoding and encoding the same JSON."""
    world = large_world(FEW)
    sandbox = Caller(create_app(world), world)
    bodies = [_batch(number) for number in range(ROUNDS * BATCHES_A_ROUND)]
    turn = iter(range(ROUNDS))

    def write() -> float:
        start = next(turn) * BATCHES_A_ROUND
        mine = bodies[start : start + BATCHES_A_ROUND]
        return sandbox.seconds([sandbox.request("PUT", "/api.xro/2.0/Invoices", body) for body in mine])

    def recode(decoding: Callable[[bytes], Any], encoding: Callable[[Any], object]) -> float:
        started = time.process_time()
        for body in bodies[:BATCHES_A_ROUND]:
            encoding(decoding(body))
        return time.process_time() - started

    ours, plain, exact = _by_turns(write, lambda: recode(json.loads, json.dumps), lambda: recode(decode, encode))
    each, one_plain, one_exact = (seconds / BATCHES_A_ROUND * 1000 for seconds in (ours, plain, exact))
    print(
        f"50 invoices of 5 lines: {each:.1f} ms; their JSON decoded and encoded by Python's json {one_plain:.2f} ms, "
        f"by the sandbox's own codec with exact decimals {one_exact:.2f} ms ({ours / exact:.1f} x)"
    )
    return [Aim("50 invoices of 5 lines ÷ json decoding and encoding the same", ours / plain, 15)]


def look_ups() -> list[Aim]:
    """Compare look-ups among many invoices with the same among few."""
    worlds = large_world(FEW, FEW // 10), large_world(MANY, MANY // 10)  # ten invoices a contact in both
    few, many = (Caller(create_app(world), world) for world in worlds)
    aims = []
    for name, path in {
        "by number": "/Invoices/LG-000500",
        "by id": f"/Invoices/a0000000-0000-4000-8000-{500:012x}",
        "by numbers in a list": "/Invoices?InvoiceNumbers=LG-000500&page=1",
        "by a filter on the number": f"/Invoices?where={FILTER}&page=1",
        "of a contact": f"/Invoices?ContactIDs=c0000000-0000-4000-8000-{99:012x}&page=1",
    }.items():
        there, here = _by_turns(
            lambda: few.seconds([few.request("GET", f"/api.xro/2.0{path}")] * LOOK_UPS_A_ROUND),  # noqa: B023
            lambda: many.seconds([many.request("GET", f"/api.xro/2.0{path}")] * LOOK_UPS_A_ROUND),  # noqa: B023
        )
        print(f"{name}: {there / LOOK_UPS_A_ROUND * 1e6:,.0f} µs among {FEW:,}, {here / LOOK_UPS_A_ROUND * 1e6:,.0f}")
        aims.append(Aim(f"a look-up {name}, {MANY:,} invoices ÷ {FEW:,}", here / there, 1.3))
    return aims


def start() -> list[Aim]:
    """Start the large world as a process of its own, from the command to the first reply."""
    script = "import resource,sys; sys.argv=['xero-sandbox','--port','0','--seed','large']; "
    script += "from xero_sandbox.__main__ import main; main(); "
    script += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        next(iter(process.stdout or ()))  # it prints its address when it listens
        took = time.monotonic() - began
        process.terminate()
        out, _ = process.communicate(timeout=60)
    worked = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    print(f"started in {took:.1f} s by the clock, {worked:.1f} s of the processor")
    return [
        Aim("start with 20,000 invoices, processor time", worked, 5, unit="s"),
        Aim("memory at its most with 20,000 invoices", int(out) * 1024 / MEGABYTE, 400, unit="MB"),
    ]


def _by_turns(*measured: Callable[[], float]) -> list[float]:
    """Return the best of each, measured in turns: what else the machine does only ever adds."""
    taken = [[measure() for measure in measured] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*taken, strict=True)]


def _reply_body(app: ASGIApp, caller: Caller, path: str) -> bytes:
    body = b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal body
        body += message.get("body", b"")

    headers = [line.split(": ") for line in caller.headers.split("\r\n") if line] + [["Accept", "application/json"]]
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": f"/api.xro/2.0{path}",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]  # it is a coroutine
    return body


def _batch(number: int) -> bytes:
    invoices = [
        {
            "Type": "ACCREC",
            "InvoiceNumber": f"BATCH-{number}-{one}",
            "Contact": {"ContactID": f"c0000000-0000-4000-8000-{one:012x}"},
            "Date": "2026-10-05",
            "DueDate": "2026-11-04",
            "Status": "AUTHORISED",
            "LineItems": [
                {
                    "Description": f"Consulting, part {line}",
                    "Quantity": 1.25,
                    "UnitAmount": 100.1 + line,
                    "AccountCode": "200",
                    "TaxType": "OUTPUT2",
                }
                for line in range(5)
            ],
        }
        for one in range(50)
    ]
    return json.dumps({"Invoices": invoices}).encode()


if __name__ == "__main__":
    main()
