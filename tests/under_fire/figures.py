"""What a run is measured by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SHOWN_OF_EACH = 5


@dataclass
class Figures:
    seed: int
    burned_seconds: float
    settled_seconds: float = 0.0
    troubles: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    jobs: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    unrecorded: int = 0
    longest_stop_seconds: float = 0.0
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kills(self) -> int:
        """Return how many processes lost all they had in hand: workers and databases that got no time to end."""
        return sum(self.troubles[each] for each in ("worker killed", "database killed", "database stopped at once"))

    @property
    def is_clean(self) -> bool:
        return not any(self.wrong.values())

    def lines(self) -> list[str]:
        said = [
            f"seed {self.seed}: {self.burned_seconds:.0f} s under fire, then {self.settled_seconds:.0f} s to settle",
            f"{self.kills} kills; {sum(self.operations.values())} operations answered OK",
            *(_counted("troubles", self.troubles), _counted("operations", self.operations)),
            *(_counted("jobs", self.jobs), _counted("links by origin", self.links)),
            _counted("calls that Xero saw", self.calls),
            f"writes under way when their worker died: {self.unrecorded}",
            f"attempts in our evidence: {self.attempts}; slowest stop of a worker: {self.longest_stop_seconds:.1f} s",
            ", ".join(f"{kind}: {len(found)}" for kind, found in self.wrong.items()),
        ]
        for kind, found in self.wrong.items():
            said += [f"WRONG, {kind}: {each}" for each in found[:SHOWN_OF_EACH]]
        return said

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "kills": self.kills, "is_clean": self.is_clean}


def _counted(what: str, counter: Counter[str]) -> str:
    return f"{what}: {sum(counter.values())} ({', '.join(f'{name} {count}' for name, count in counter.most_common())})"
