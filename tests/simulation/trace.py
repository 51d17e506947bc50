"""Keep what happened, in order, so that two runs of one seed can be compared and a failing one can be read."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime


class Trace:
    """Lines of one schedule, and how often each thing happened in it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.counts: Counter[str] = Counter()

    def note(self, now: datetime, who: str, what: str) -> None:
        self.lines.append(f"{now:%H:%M:%S.%f} {who:<10} {what}")

    def count(self, what: str) -> None:
        self.counts[what] += 1

    @property
    def hash(self) -> str:
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()
