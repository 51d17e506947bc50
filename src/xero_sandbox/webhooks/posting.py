"""Send one POST to a receiver: one deadline for all of it, no redirects, nothing beyond this machine unasked."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

ANSWER_BYTES_MAX = 64_000
CHUNK_BYTES = 16_384
TAKEN = range(200, 300)
HTTP_PORT, HTTPS_PORT = 80, 443


class NotAnAddress(ValueError):
    """The address cannot be posted to; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int
    secure: bool
    target: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered; without a status, `trouble` says why there was none."""

    status: int | None
    trouble: str = ""
    has_body: bool = False
    has_cookie: bool = False
    milliseconds: float = 0.0


def read_address(url: str, *, anywhere: bool) -> Address:
    """Return where to post; raises NotAnAddress, also for a machine other than this unless `anywhere`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise NotAnAddress(f'"{url}" is no address: {problem}.') from problem
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise NotAnAddress(f'"{url}" is no address that begins with http:// or https://.')
    if not url.isascii() or any(one.isspace() for one in url):
        raise NotAnAddress("An address is plain ASCII without spaces.")
    if not anywhere and not _is_this_machine(parts.hostname):
        raise NotAnAddress(
            f'{parts.hostname} is not this machine. Add "anywhere": true to let the sandbox send beyond it.'
        )
    secure = parts.scheme == "https"
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Address(parts.hostname, port or (HTTPS_PORT if secure else HTTP_PORT), secure, target)


async def post(address: Address, body: bytes, headers: dict[str, str], patience_seconds: float) -> Answer:
    """Return the answer. Never raises for what a receiver or a network can do."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(patience_seconds):
            answer = await _exchange(address, body, headers)
    except TimeoutError:
        answer = Answer(None, f"no answer within {patience_seconds:g} seconds")
    except (OSError, ssl.SSLError) as problem:
        answer = Answer(None, f"no connection: {problem.strerror or problem}")
    except (h11.RemoteProtocolError, asyncio.IncompleteReadError):
        answer = Answer(None, "the answer was no HTTP")
    elapsed = (time.perf_counter() - started) * 1000
    return Answer(answer.status, answer.trouble, answer.has_body, answer.has_cookie, round(elapsed, 2))


async def _exchange(address: Address, body: bytes, headers: dict[str, str]) -> Answer:
    security = ssl.create_default_context() if address.secure else None
    reader, writer = await asyncio.open_connection(address.host, address.port, ssl=security)
    try:
        connection = h11.Connection(h11.CLIENT)
        request = h11.Request(method="POST", target=address.target, headers=_headers(address, body, headers))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(connection.send(event) or b"")
        await writer.drain()
        return await _read(connection, reader)
    finally:
        writer.close()


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    status, has_body, has_cookie, size = 0, False, False, 0
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            chunk = await reader.read(CHUNK_BYTES)
            size += len(chunk)
            if size > ANSWER_BYTES_MAX:
                return Answer(None, "the answer was far too long")
            connection.receive_data(chunk)
        elif isinstance(event, h11.Response):
            status = event.status_code
            has_cookie = any(name == b"set-cookie" for name, _ in event.headers)
        elif isinstance(event, h11.Data):
            has_body = has_body or bool(event.data)
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or event is h11.PAUSED:
            return Answer(status or None, "" if status else "no answer", has_body, has_cookie)


def _headers(address: Address, body: bytes, headers: dict[str, str]) -> list[tuple[str, str]]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    own = {"Host": f"{host}:{address.port}", "Content-Length": str(len(body)), "Connection": "close"}
    return list((own | headers).items())


def _is_this_machine(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
