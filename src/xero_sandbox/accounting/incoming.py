"""A request to the Accounting API as it came, read no further than somebody asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.types import Scope

PREFIX = "/api.xro/2.0/"


@dataclass(slots=True)
class Incoming:
    """One request. Header names are in lower case, as servers hand them over."""

    scope: Scope
    body: bytes
    headers: dict[bytes, bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = dict(self.scope["headers"])

    @property
    def method(self) -> str:
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:
        path: str = self.scope["path"]
        return path

    @property
    def parts(self) -> list[str]:
        """Return the path below the API's root."""
        return [part for part in self.path[len(PREFIX) :].split("/") if part]

    @property
    def query(self) -> str:
        query: bytes = self.scope["query_string"]
        return query.decode("latin-1")

    @property
    def address(self) -> str:
        """Return the sandbox's address as the caller reached it."""
        return f"{self.scope.get('scheme', 'http')}://{self.header(b'host')}"

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def instructions(self) -> dict[str, Any]:
        """Return what a fault tells the handler."""
        state: dict[str, Any] = self.scope.get("state") or {}
        return state
