"""Put one deadline over everything that a call does on its socket, and notice whether it ever wrote.

Time-outs of single reads do not end a reply that trickles in at one byte a second; a deadline for the whole call does.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import httpcore2

# A write is handed on in slices, so that a peer that reads slowly meets the deadline too.
_SLICE_BYTES = 16 * 1024
# Linux's plain monotonic clock stands still while the machine is suspended. What wakes up after an hour must find its
# deadline passed, or a write would leave an hour after it was noted as sent.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)


def elapsed_seconds() -> float:
    """Return seconds since some moment, those in which the machine slept as well; nobody sets this clock."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


@dataclass(slots=True)
class Watch:
    """One call's deadline by `elapsed_seconds`, and whether a byte of it may have left us."""

    ends_at: float
    has_written: bool = False

    def left(self, timeout_seconds: float | None) -> float:
        """Return how long the next step may take. Raises ReadTimeout when nothing is left."""
        remaining = self.ends_at - elapsed_seconds()
        if remaining <= 0:
            raise httpcore2.ReadTimeout("the deadline for the whole call has passed")
        return remaining if timeout_seconds is None else min(remaining, timeout_seconds)


_current: ContextVar[Watch | None] = ContextVar("current_watch", default=None)


@contextmanager
def watching(seconds: float) -> Iterator[Watch]:
    """Watch everything that this thread does on a `WatchedBackend` in the block; a block within ends no later."""
    around = _current.get()
    ends_at = elapsed_seconds() + seconds
    watch = Watch(ends_at=ends_at if around is None else min(ends_at, around.ends_at))
    token = _current.set(watch)
    try:
        yield watch
    finally:
        _current.reset(token)


class WatchedStream(httpcore2.NetworkStream):
    """A stream that asks the current watch before each step."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _time_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        watch = _current.get()
        for start in range(0, len(buffer), _SLICE_BYTES):
            left = _time_left(timeout)
            if watch is not None:
                watch.has_written = True
            self._inner.write(buffer[start : start + _SLICE_BYTES], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return WatchedStream(self._inner.start_tls(ssl_context, server_hostname, _time_left(timeout)))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class WatchedBackend(httpcore2.NetworkBackend):
    """Connect as usual, and watch what comes of it."""

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        return WatchedStream(self._inner.connect_tcp(host, port, _time_left(timeout), local_address, socket_options))


def _time_left(timeout_seconds: float | None) -> float | None:
    watch = _current.get()
    return timeout_seconds if watch is None else watch.left(timeout_seconds)
