"""Talk HTTP to accounting systems: the only place that opens sockets.

It stands on httpcore2, the engine of httpx2, because that follows no redirects, keeps no cookies and reads no proxy
settings: all of them would have to be switched off here. What a failure means is decided by one question only: may a
byte of the request have left us?
"""

from __future__ import annotations

import logging
import time
import weakref
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import urlsplit

import httpcore2

from keito_books.accounting.errors import OutcomeUnknown, ProviderError, TryAgainLater
from keito_books.providers.deadlines import Watch, WatchedBackend, watching
from keito_books.providers.masking import kept_body, masked
from keito_books.providers.settings import ProviderSettings

# Shorter than the idle time after which balancers hang up, so that a kept connection is rarely a dead one.
_KEEP_ALIVE_SECONDS = 20.0

# The engine tells every header at DEBUG, tokens included.
logging.getLogger("httpcore2").setLevel(logging.WARNING)


class _Unreadable(Exception):
    """A reply came and can't be read to its end."""


_FAILURES = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    _Unreadable,
)


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `is_write` says that a lost reply leaves the outcome unknown; `secrets` never reach any record."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    is_write: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """Evidence of one call with secrets removed; `status` 0 and a `problem` when no reply came."""

    method: str
    path: str
    sent_at: datetime
    seconds: float
    status: int
    headers: Mapping[str, str]
    request_body: str
    response_body: str
    problem: str = ""


Observer = Callable[[Exchange], None]


class Http:
    """One pool of kept-alive connections to a fixed set of origins such as https://api.xero.com."""

    def __init__(self, settings: ProviderSettings, *, origins: frozenset[str]) -> None:
        self._settings = settings
        self._origins = origins
        self._pool = httpcore2.ConnectionPool(
            max_connections=settings.connections_max,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
            network_backend=WatchedBackend(),
        )
        # Whoever drops a provider, and the end of the process, hangs up what it kept alive.
        self.close = weakref.finalize(self, self._pool.close)

    def call(self, request: Request, *, observe: Observer | None = None) -> Reply:
        """Return the reply, whatever its status.

        Raises TryAgainLater when nothing was done (it never left us, or it was a read), else OutcomeUnknown.
        """
        self._check_origin(request.url)
        sent_at = datetime.now(UTC)
        started = time.monotonic()
        reply: Reply | None = None
        problem = ""
        with watching(self._settings.total_seconds) as watch:
            try:
                reply = self._talk(request)
            except _FAILURES as error:
                problem = masked(f"{type(error).__name__}: {error}", request.secrets)
                _give_up(request, watch, error)
            finally:
                if observe is not None:
                    observe(_exchange(request, reply, sent_at, time.monotonic() - started, problem))
        return reply

    def deadline(self) -> AbstractContextManager[Watch]:
        """Begin the deadline of a call before it, to put it over what must still hold when the first byte leaves."""
        return watching(self._settings.total_seconds)

    def _check_origin(self, url: str) -> None:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" not in self._origins:
            raise ValueError(f"{parts.scheme}://{parts.netloc} is not a host of this provider")

    def _talk(self, request: Request) -> Reply:
        with self._pool.stream(
            request.method,
            request.url,
            headers=self._headers(request),
            content=request.body or None,
            extensions={"timeout": self._timeouts()},
        ) as response:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            body = _read_body(response, headers.get("content-encoding", ""), self._settings.reply_bytes_max)
            return Reply(response.status, headers, body, received_at=datetime.now(UTC))

    def _headers(self, request: Request) -> list[tuple[bytes, bytes]]:
        host = urlsplit(request.url).netloc
        headers = {
            "Host": host,
            "User-Agent": self._settings.user_agent,
            "Accept-Encoding": "gzip",
            "Accept": "application/json",
            **request.headers,
        }
        if request.body or request.method in {"POST", "PUT"}:
            headers["Content-Length"] = str(len(request.body))
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]

    def _timeouts(self) -> dict[str, float]:
        settings = self._settings
        return {
            "connect": settings.connect_seconds,
            "pool": settings.connect_seconds,
            "read": settings.read_seconds,
            "write": settings.read_seconds,
        }


def _read_body(response: httpcore2.Response, encoding: str, bytes_max: int) -> bytes:
    """Return the whole body unpacked. Raises _Unreadable beyond the cap, so that a small bomb stays small."""
    if encoding not in {"", "identity", "gzip"}:
        raise _Unreadable(f"the reply is packed as {encoding!r}, which was not asked for")
    unpack = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if encoding == "gzip" else None
    body = bytearray()
    for chunk in response.iter_stream():
        body += _unpacked(unpack, chunk, room=bytes_max + 1 - len(body)) if unpack else chunk
        if len(body) > bytes_max:
            raise _Unreadable(f"the reply is larger than {bytes_max} bytes")
    if unpack and not unpack.eof:
        raise _Unreadable("the packed reply is cut short")
    return bytes(body)


def _unpacked(unpack: zlib._Decompress, chunk: bytes, *, room: int) -> bytes:
    try:
        return unpack.decompress(chunk, room)
    except zlib.error as error:
        raise _Unreadable("the reply is not packed as it says") from error


def _give_up(request: Request, watch: Watch, error: Exception) -> NoReturn:
    if request.is_write and watch.has_written:
        raise OutcomeUnknown("The reply was lost, so the write may or may not have been applied") from error
    raise _unreachable(request, watch) from error


def _unreachable(request: Request, watch: Watch) -> ProviderError:
    host = urlsplit(request.url).hostname
    message = f"{host} gave no usable reply" if watch.has_written else f"{host} could not be reached"
    return TryAgainLater(message, reason="unreachable")


def _exchange(request: Request, reply: Reply | None, sent_at: datetime, seconds: float, problem: str) -> Exchange:
    parts = urlsplit(request.url)
    return Exchange(
        method=request.method,
        path=masked(f"{parts.path}?{parts.query}" if parts.query else parts.path, request.secrets),
        sent_at=sent_at,
        seconds=seconds,
        status=reply.status if reply else 0,
        headers=reply.headers if reply else {},
        request_body=kept_body(request.body, request.secrets),
        response_body=kept_body(reply.body, request.secrets) if reply else "",
        problem=problem,
    )
