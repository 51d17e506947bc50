"""Remember what was asked and answered, with secrets masked when it is shown."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

KEPT_EXCHANGES = 2_000
KEPT_BYTES = 200_000  # of each body
KEPT_BYTES_IN_ALL = 64_000_000  # of all bodies together

SECRET_NAMES = "|".join(
    ["access_token", "refresh_token", "id_token", "client_secret", "code_verifier", "client_assertion", "token",
     "code", "password", "signing_key"]
)  # fmt: skip
_IN_JSON = re.compile(rf'("(?:{SECRET_NAMES})"\s*:\s*")[^"]*(")', re.IGNORECASE)
_IN_FORM = re.compile(rf"((?:^|[&?])(?:{SECRET_NAMES})=)[^&\s]+", re.IGNORECASE)
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie"})
MASK = "***"


Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Exchange:
    """One call and what came of it, as bytes: reading them is left to whoever looks.

    `status` is None when the connection was cut.
    """

    number: int
    at: datetime
    method: str
    path: str
    query_bytes: bytes
    request_raw: Headers
    request_body: bytes
    status: int | None = None
    reply_raw: Headers = field(default_factory=list)
    reply_body: bytes = b""
    milliseconds: float = 0.0
    fault: str = ""

    @property
    def query(self) -> str:
        return self.query_bytes.decode("latin-1")

    @property
    def request_headers(self) -> list[tuple[str, str]]:
        return _texts(self.request_raw)

    @property
    def reply_headers(self) -> list[tuple[str, str]]:
        return _texts(self.reply_raw)

    def shown(self) -> dict[str, object]:
        """Return it as JSON values, secrets masked."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "method": self.method,
            "path": self.path,
            "query": mask_text(self.query),
            "request_headers": mask_headers(self.request_headers),
            "request_body": mask_body(self.request_body),
            "status": self.status,
            "reply_headers": mask_headers(self.reply_headers),
            "reply_body": mask_body(self.reply_body),
            "milliseconds": round(self.milliseconds, 2),
            "fault": self.fault,
        }


class RequestLog:
    """The newest exchanges, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque()
        self._kept_bytes = 0
        self._counted = 0
        self.watchers: list[Callable[[Exchange], None]] = []  # told of each reply while its body is whole

    def open(self, at: datetime, method: str, path: str, query: bytes, headers: Headers, body: bytes) -> Exchange:
        self._counted += 1
        exchange = Exchange(self._counted, at, method, path, query, headers, body[:KEPT_BYTES])
        self._kept.append(exchange)
        self._kept_bytes += len(exchange.request_body)
        while len(self._kept) > KEPT_EXCHANGES or (self._kept_bytes > KEPT_BYTES_IN_ALL and len(self._kept) > 1):
            oldest = self._kept.popleft()
            self._kept_bytes -= len(oldest.request_body) + len(oldest.reply_body)
        return exchange

    def close(self, exchange: Exchange, status: int, headers: Headers, body: bytes) -> None:
        exchange.status, exchange.reply_raw, exchange.reply_body = status, headers, body
        for tell in self.watchers:
            tell(exchange)
        exchange.reply_body = body[:KEPT_BYTES]
        self._kept_bytes += len(exchange.reply_body)

    def exchanges(self) -> list[Exchange]:
        return list(self._kept)

    def numbered(self, number: int) -> Exchange | None:
        return next((one for one in self._kept if one.number == number), None)

    def clear(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0
        self._counted = 0


def mask_text(text: str) -> str:
    return _IN_FORM.sub(rf"\g<1>{MASK}", _IN_JSON.sub(rf"\g<1>{MASK}\g<2>", text))


def mask_body(body: bytes) -> str:
    return mask_text(body.decode("utf-8", "replace"))


def mask_headers(headers: list[tuple[str, str]]) -> dict[str, str]:
    return {
        name: MASK if name.lower() in _SECRET_HEADERS else mask_text(value)  # Location may carry a code
        for name, value in headers
    }


def _texts(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
