"""What the limits remember between calls; part of the exported state."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Window:
    """Calls counted in one fixed window."""

    started: datetime
    used: int = 0


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
