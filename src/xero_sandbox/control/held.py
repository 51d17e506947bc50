"""A reply held back until it is known what to do with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.types import Message, Send

Headers = list[tuple[bytes, bytes]]
BODILESS = frozenset({204, 304})


@dataclass(slots=True)
class Held:
    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})

    def with_body(self, body: bytes) -> Held:
        kept = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        return Held(self.status, [*kept, (b"content-length", str(len(body)).encode())], body)


def held_reply(status: int, body: bytes, content_type: str | None, headers: dict[str, str]) -> Held:
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    if content_type:
        raw.append((b"content-type", content_type.encode("latin-1")))
    if status not in BODILESS:
        raw.append((b"content-length", str(len(body)).encode()))
    return Held(status, raw, body)


def held(status: int, body: bytes, content_type: str = "text/plain; charset=utf-8", **headers: str) -> Held:
    """Return a reply; further headers are named with _ for -."""
    return held_reply(status, body, content_type, {name.replace("_", "-"): value for name, value in headers.items()})
