"""A client on a bare socket, which sees how a connection ends."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sandbox_client import Client
from xero_sandbox.testing import RunningSandbox

SECONDS = 5


@dataclass(slots=True)
class Seen:
    """What came over the wire, and whether the connection ended in a reset."""

    data: bytes = b""
    was_reset: bool = False
    arrivals: list[tuple[float, int]] = field(default_factory=list)  # seconds since asking, bytes

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]


def ask_raw(
    sandbox: RunningSandbox, xero: Client, method: str, path: str, body: bytes = b"", most: int = 10**9
) -> Seen:
    """Call once and read until the connection ends, or until `most` bytes have come."""
    lines = [
        f"{method} /api.xro/2.0{path} HTTP/1.1",
        "Host: sandbox",
        "Connection: close",
        "Accept: application/json",
        f"Authorization: Bearer {xero.token}",
        f"xero-tenant-id: {xero.tenant_id}",
        f"Content-Length: {len(body)}",
    ]
    address = urlsplit(sandbox.url)
    assert address.hostname
    seen = Seen()
    with socket.create_connection((address.hostname, address.port or 80), timeout=SECONDS) as wire:
        started = time.monotonic()
        wire.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        while len(seen.data) < most:
            try:
                chunk = wire.recv(65_536)
            except ConnectionResetError:
                seen.was_reset = True
                break
            if not chunk:
                break
            seen.data += chunk
            seen.arrivals.append((time.monotonic() - started, len(chunk)))
    return seen
