"""Call the Accounting API with a token, slowly enough for its limits."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from email.message import Message
from http.client import HTTPResponse
from typing import IO, Any
from urllib.parse import urlsplit

REPLY_SECONDS = 30
WAIT_SECONDS_MAX = 70  # of a minute limit; a day limit is not waited for
TOO_MANY = 429
OURS = ("localhost", "127.0.0.1", "::1")


class CannotAsk(Exception):
    """The questions cannot be asked; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # what Xero answers to odd questions has no known shape
        try:
            return json.loads(self.body, parse_float=Decimal)
        except ValueError:
            return None

    def first(self, plural: str) -> dict[str, Any]:
        """Return the first element; an empty one when there is none."""
        body = self.json
        listed = body.get(plural) if isinstance(body, dict) else None
        return listed[0] if isinstance(listed, list) and listed else {}

    @property
    def messages(self) -> list[str]:
        """Return the sentences of a refusal, wherever they stand."""
        body = self.json if isinstance(self.json, dict) else {}
        listed = [one for element in body.get("Elements", []) for one in element.get("ValidationErrors", [])]
        return [str(one.get("Message")) for one in listed] or [str(body[name]) for name in ("Message",) if name in body]

    @property
    def told(self) -> str:
        """Return the status, and what was said if it was refused."""
        return str(self.status) if self.status == 200 else f"{self.status} {' / '.join(self.messages)}".strip()  # noqa: PLR2004  # success


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that was given, and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None: ...


class Api:
    def __init__(self, url: str, token: str, tenant_id: str, pause: Callable[[float], None] = time.sleep) -> None:
        """Raises CannotAsk for an address that would carry the token in the clear."""
        address = urlsplit(url)
        if address.scheme != "https" and address.hostname not in OURS:
            raise CannotAsk(f"{url} is not https, so the token would travel in the clear. Nothing was sent.")
        self._root = f"{url.rstrip('/')}/api.xro/2.0"
        self._headers = {"Authorization": f"Bearer {token}", "xero-tenant-id": tenant_id, "Accept": "application/json"}
        self._pause = pause
        self._opener = urllib.request.build_opener(_StayHere)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Return the answer, whatever its status; waits out a minute limit once. Header names have _ for -."""
        answer = self._call(method, path, body, headers)
        wait = answer.headers.get("retry-after", "")
        if answer.status == TOO_MANY and wait.isdigit() and int(wait) <= WAIT_SECONDS_MAX:
            self._pause(int(wait))
            answer = self._call(method, path, body, headers)
        return answer

    def _call(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        given = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        asked = urllib.request.Request(  # noqa: S310  # checked when the address was given
            f"{self._root}{path}", data, {**self._headers, **given}, method=method
        )
        try:
            with self._opener.open(asked, timeout=REPLY_SECONDS) as reply:
                return _answer(reply)
        except urllib.error.HTTPError as refused:
            with refused:
                return _answer(refused)
        except OSError as problem:
            raise CannotAsk(f"{self._root} cannot be reached: {problem}. Nothing more was asked.") from problem


def _answer(reply: HTTPResponse | urllib.error.HTTPError) -> Answer:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return Answer(int(reply.status or 0), headers, reply.read())
