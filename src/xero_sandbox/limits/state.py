"""What the limits remember between calls; part of the exported state."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Window:
    """Calls counted in one window: a fixed one, or one that rolls and remembers each call."""

    started: datetime
    used: int = 0
    calls: list[datetime] = field(default_factory=list)  # of a rolling one, oldest first


@dataclass(slots=True)
class StoredReply:
    """The first reply to a call that carried an idempotency key."""

    fingerprint: str
    first_called: datetime
    status: int
    content_type: str | None
    body: bytes


@dataclass(slots=True)
class LimitState:
    minutes: dict[str, Window] = field(default_factory=dict)  # by "client id/organisation id"
    days: dict[str, Window] = field(default_factory=dict)  # the same
    app_minutes: dict[str, Window] = field(default_factory=dict)  # by client id
    replies: dict[str, StoredReply] = field(default_factory=dict)  # by "client id/key"
    egress_bytes: dict[str, int] = field(default_factory=dict)  # by "client id/2026-11"
