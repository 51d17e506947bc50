"""Remember what was asked and answered, with secrets masked when it is shown."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import datetime

KEPT_EXCHANGES = 2_000
KEPT_BYTES = 200_000  # of each body

SECRET_NAMES = "|".join(
    ["access_token", "refresh_token", "id_token", "client_secret", "code_verifier", "client_assertion", "token",
     "code", "password", "signing_key"]
)  # fmt: skip
_IN_JSON = re.compile(rf'("(?:{SECRET_NAMES})"\s*:\s*")[^"]*(")', re.IGNORECASE)
_IN_FORM = re.compile(rf"((?:^|[&?])(?:{SECRET_NAMES})=)[^&\s]+", re.IGNORECASE)
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie"})
MASK = "***"


@dataclass(slots=True)
class Exchange:
    """One call and what came of it. `status` is None when the connection was cut."""

    number: int
    at: datetime
    method: str
    path: str
    query: str
    request_headers: list[tuple[str, str]]
    request_body: bytes
    status: int | None = None
    reply_headers: list[tuple[str, str]] | None = None
    reply_body: bytes = b""
    milliseconds: float = 0.0
    fault: str = ""

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
            "reply_headers": mask_headers(self.reply_headers or []),
            "reply_body": mask_body(self.reply_body),
            "milliseconds": round(self.milliseconds, 2),
            "fault": self.fault,
        }


class RequestLog:
    """The newest exchanges, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=KEPT_EXCHANGES)
        self._counted = 0

    def open(
        self, at: datetime, method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes
    ) -> Exchange:
        self._counted += 1
        exchange = Exchange(self._counted, at, method, path, query, headers, body[:KEPT_BYTES])
        self._kept.append(exchange)
        return exchange

    def exchanges(self) -> list[Exchange]:
        return list(self._kept)

    def numbered(self, number: int) -> Exchange | None:
        return next((one for one in self._kept if one.number == number), None)

    def clear(self) -> None:
        self._kept.clear()
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
