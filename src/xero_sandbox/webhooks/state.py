"""What the webhooks remember: subscriptions, events that wait, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    UNCONFIRMED = "intent to receive required"
    OK = "ok"
    DISABLED = "disabled"  # nothing was taken for 24 hours


@dataclass(slots=True)
class Event:
    sequence: int
    at: datetime
    category: str
    type: str  # CREATE or UPDATE
    resource_id: str
    tenant_id: str
    data: dict[str, str] = field(default_factory=dict)  # Type and Status of a credit


@dataclass(slots=True)
class Batch:
    """Events that travel together. A batch that is refused stays as it is, and later ones wait behind it."""

    events: list[Event]
    entropy: str
    due: datetime
    attempts: int = 0
    first_attempt: datetime | None = None
    twice: bool = False  # sent once more after it was taken
    forged_first: bool = False  # a wrongly signed one goes before it
    lost: bool = False  # never sent


@dataclass(slots=True)
class Trouble:
    """What goes wrong with the next batches."""

    then: str
    times: int = 1
    seconds: float = 0.0


@dataclass(slots=True)
class Delivery:
    """One post and what came of it."""

    number: int
    at: datetime
    kind: str  # "events", "intent to receive", "forged", "replayed", "dropped"
    body: str
    signature: str
    attempt: int
    status: int | None  # None: no answer
    outcome: str  # "taken", or why not
    milliseconds: float = 0.0
    signed_well: bool = True


@dataclass(slots=True)
class Subscription:
    """The one address of an app, for all organisations that are connected to it."""

    client_id: str
    url: str
    key: str
    root: str  # where resourceUrl begins
    categories: list[str]
    anywhere: bool = False  # True: may send beyond this machine
    patience_seconds: float = 5.0
    lag_seconds: float = 0.0  # between what happened and the first attempt
    status: Status = Status.UNCONFIRMED
    was_ok: bool = False  # from then on events are kept
    next_sequence: int = 1
    waiting: list[Event] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)  # oldest first
    troubles: list[Trouble] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)  # the newest, oldest first
    next_delivery: int = 1


@dataclass(slots=True)
class WebhookState:
    subscriptions: dict[str, Subscription] = field(default_factory=dict)  # by client id
