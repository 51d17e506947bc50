"""Send a reply, or what a fault makes of it, over the connection of one call."""

from __future__ import annotations

import asyncio
import socket
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from xero_sandbox.control import kinds
from xero_sandbox.control.faults import Fault
from xero_sandbox.control.held import Held

CHUNK = 65_536
OPENING, FILLING, CLOSING = b'{"Status":"OK","Invoices":[],"Filling":"', b"x" * CHUNK, b'"}'
TICKS = 20  # a second, at most, of a dripping reply
FIRST_HALF_SECONDS = 0.05  # until the client has read the half that comes before a reset
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # linger for no time: the connection ends in RST instead of FIN


class ConnectionCut(ConnectionResetError):
    """The reply was to be cut, and no real connection is there to cut (in-process use without a server)."""


@dataclass(frozen=True, slots=True)
class Line:
    """The connection of one call."""

    scope: Scope
    receive: Receive
    send: Send

    @property
    def transport(self) -> asyncio.Transport | None:
        found = self.scope.setdefault("state", {}).get("transport")
        return found if isinstance(found, asyncio.Transport) else None

    @property
    def is_gone(self) -> bool:
        return self.transport is not None and self.transport.is_closing()

    async def cut(self, *, reset: bool = False, flush: bool = False) -> None:
        """Break the connection; `flush` lets what was sent arrive first."""
        transport = self.transport
        if transport is None:
            raise ConnectionCut("The connection was cut by a fault")
        if reset:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        if flush:
            transport.close()
        else:
            transport.abort()
        while (await self.receive())["type"] != "http.disconnect":
            pass  # the server forgets the call only once it has seen the connection go

    async def begin(self, reply: Held) -> None:
        await self.send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})

    async def more(self, chunk: bytes) -> None:
        await self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def end(self) -> None:
        await self.send({"type": "http.response.body", "body": b""})


async def deliver(fault: Fault, reply: Held | None, line: Line) -> None:
    """Send the reply in the way of the fault; None means that not a byte of it is sent."""
    if reply is None:
        await line.cut(reset=fault.then in (kinds.RESET, kinds.SAVE_AND_RESET))
    elif fault.then == kinds.TRUNCATE:
        await _send_half(reply, line)
        await line.cut(flush=True)
    elif fault.then == kinds.RESET_MIDWAY:
        await _send_half(reply, line)
        await asyncio.sleep(FIRST_HALF_SECONDS)
        await line.cut(reset=True)
    elif fault.then == kinds.DRIP:
        await _drip(reply, line, fault.asked.bytes_per_second)
    elif fault.then in (kinds.HUGE, kinds.BOMB):
        await _flood(reply, line, fault.asked.size)
    else:
        await reply.send(line.send)


def flood(fault: Fault) -> Held:
    """Return the head of a huge reply; its body is made while it is sent."""
    headers = [(b"content-type", b"application/json; charset=utf-8")]
    if fault.then == kinds.BOMB:
        return Held(200, [*headers, (b"content-encoding", b"gzip")])
    return Held(200, [*headers, (b"content-length", str(fault.asked.size).encode())])


async def _send_half(reply: Held, line: Line) -> None:
    await line.begin(reply)
    await line.more(reply.body[: len(reply.body) // 2])


async def _drip(reply: Held, line: Line, bytes_per_second: int) -> None:
    drop = max(1, bytes_per_second // TICKS)
    await line.begin(reply)
    for start in range(0, len(reply.body), drop):
        await line.more(reply.body[start : start + drop])
        await asyncio.sleep(drop / bytes_per_second)
        if line.is_gone:
            return
    await line.end()


async def _flood(reply: Held, line: Line, size: int) -> None:
    await line.begin(reply)
    is_packed = any(name == b"content-encoding" for name, _ in reply.headers)
    for chunk in _packed(_filling(size)) if is_packed else _filling(size):
        await line.more(chunk)
        await asyncio.sleep(0)  # other calls go on meanwhile
        if line.is_gone:
            return
    await line.end()


def _filling(size: int) -> Iterator[bytes]:
    yield OPENING
    left = size - len(OPENING) - len(CLOSING)
    while left > 0:
        yield FILLING[:left]
        left -= len(FILLING)
    yield CLOSING


def _packed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # 16: with gzip's head
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
