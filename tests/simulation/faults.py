"""What can go wrong with a call, and how often in one schedule: each seed takes a part of the kinds (a swarm)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import Enum


class Fault(Enum):
    """Named for what happens; most have two sides, and the worker sees one of them."""

    CANNOT_CONNECT = "cannot connect"
    LOST_REQUEST = "request lost"
    LOST_REPLY = "reply lost"
    APPLIED_LATE = "applied late"
    RESET_BEFORE = "reset before the effect"
    RESET_AFTER = "reset after the effect"
    BEFORE_500 = "500 before the effect"
    SAVED_500 = "500 after the effect"
    HTML_AFTER = "502 page after the effect"
    OFFLINE_503 = "503"
    MINUTE_429 = "429 minute"
    DAY_429 = "429 day"
    REJECTED_401 = "401"
    CUT_SHORT = "reply cut short"
    MALFORMED = "malformed JSON"
    OTHER_ORDER = "elements in another order"
    WITHOUT_LAST = "last element missing"
    EMPTY_LIST = "empty list"
    WITHOUT_IDS = "elements without ids"
    READ_LAG = "read lags 30 s behind"


# A token request has no list to tamper with, and Xero counts no limits there.
_OF_TOKENS = (
    Fault.CANNOT_CONNECT,
    Fault.LOST_REQUEST,
    Fault.LOST_REPLY,
    Fault.APPLIED_LATE,
    Fault.RESET_AFTER,
    Fault.BEFORE_500,
    Fault.SAVED_500,
    Fault.HTML_AFTER,
    Fault.OFFLINE_503,
    Fault.CUT_SHORT,
    Fault.MALFORMED,
)
_OF_READS = tuple(each for each in Fault if each not in (Fault.EMPTY_LIST, Fault.WITHOUT_LAST, Fault.WITHOUT_IDS))
_OF_WRITES = tuple(each for each in Fault if each is not Fault.READ_LAG)
LATE_SECONDS = (25.0, 120.0)
VERY_LATE_SECONDS = (120.0, 300.0)


@dataclass(slots=True)
class Weather:
    """Which kinds of faults there are now, and how often; `rate` is raised and lowered by the schedule."""

    kinds: frozenset[Fault] = frozenset()
    rate: float = 0.0
    very_late: float = 0.3
    only: str = "/"  # what a path must begin with to meet a fault
    scripted: dict[int, Fault] = field(default_factory=dict)  # by the number of the write, from 1
    writes: int = 0

    def fault_for(self, method: str, path: str, rng: random.Random) -> Fault | None:
        if method != "GET" and path.startswith("/api.xro/"):
            self.writes += 1
            if self.writes in self.scripted:
                return self.scripted[self.writes]
        drawn, place = rng.random(), rng.random()
        if drawn >= self.rate or not path.startswith(self.only):
            return None
        fitting = [each for each in _fitting(method, path) if each in self.kinds]
        return fitting[int(place * len(fitting))] if fitting else None

    def lateness(self, rng: random.Random) -> float:
        """Return how long a request is on its way; at most five minutes (assumption A1 of docs/protocol.md)."""
        return rng.uniform(*(VERY_LATE_SECONDS if rng.random() < self.very_late else LATE_SECONDS))


def _fitting(method: str, path: str) -> tuple[Fault, ...]:
    if path.startswith("/connect/"):
        return _OF_TOKENS
    if path.startswith("/connections"):
        return (Fault.CANNOT_CONNECT, Fault.LOST_REQUEST, Fault.LOST_REPLY, Fault.BEFORE_500, Fault.OFFLINE_503)
    return _OF_READS if method == "GET" else _OF_WRITES
