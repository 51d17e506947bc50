"""Draw from a seed what one schedule is made of."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

from simulation.faults import Fault
from simulation.hub import Trouble

CHAOS_SECONDS = 1500.0
# Deeds of people in Keito Books, with how often each is chosen.
_DEEDS = {
    "copy": 10,
    "copy twice": 1,
    "copy many": 4,
    "steer a run": 2,
    "pay": 6,
    "pay the rest": 3,
    "delete a payment": 4,
    "retry": 3,
    "change settings": 1,
    "revert": 1,
    "disconnect": 1,
    "reconnect": 2,
}
_EDITS = {
    "void invoice": 2,
    "delete payment": 2,
    "pay invoice": 1,
    "edit invoice": 2,
    "rename contact": 1,
    "archive contact": 1,
    "restore contact": 1,
    "merge contacts": 1,
    "archive account": 1,
    "restore account": 1,
    "set lock date": 1,
    "lift lock date": 2,
    "disconnect app": 1,
    "go offline": 1,
    "come online": 3,
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does at a time; `pick` chooses which of the things that are there."""

    at: float
    home: int
    what: str
    pick: float


@dataclass(slots=True)
class Plan:
    """One schedule."""

    seed: int
    homes: tuple[int, ...]
    workers: int
    skews: tuple[float, ...]
    kinds: frozenset[Fault]
    rate: float
    trouble: Trouble
    ticks_overlap: float
    ticks_lost: float
    deeds: list[Deed]
    edits: list[Deed]
    chaos_seconds: float = CHAOS_SECONDS
    only: str = "/"
    crash_at: frozenset[int] = frozenset()
    scripted: dict[int, Fault] = field(default_factory=dict)


def drawn(seed: int, *, skewed: bool = False) -> Plan:
    """Return the plan of a seed."""
    rng = random.Random(f"plan {seed}")  # noqa: S311  the same plan again is what it is for
    homes = rng.choice(((0,), (0,), (0,), (2,), (0, 1), (0, 2), (0, 1, 2)))
    workers = rng.choice((1, 2, 2, 3, 4))
    return Plan(
        seed=seed,
        homes=homes,
        workers=workers,
        skews=tuple(rng.uniform(-600, 600) if skewed and rng.random() < 0.5 else 0.0 for _ in range(workers + 2)),
        kinds=frozenset(each for each in Fault if rng.random() < 0.4),
        rate=rng.choice((0.0, 0.1, 0.25, 0.25, 0.5)),
        trouble=Trouble(
            switch=rng.choice((0.0, 0.05, 0.2)),
            kill=rng.choice((0.0, 0.0, 0.002, 0.01)),
            freeze=rng.choice((0.0, 0.0, 0.003)),
        ),
        ticks_overlap=rng.choice((0.0, 0.3)),
        ticks_lost=rng.choice((0.0, 0.1)),
        deeds=_deeds(rng, homes),
        edits=_edits(rng, homes) if rng.random() < 0.4 else [],
    )


def _deeds(rng: random.Random, homes: tuple[int, ...]) -> list[Deed]:
    first = [Deed(rng.uniform(0, 20), home, rng.choice(("copy", "copy many")), rng.random()) for home in homes]
    number = rng.randint(2, 7)
    more = [
        Deed(rng.uniform(0, CHAOS_SECONDS * 0.8), rng.choice(homes), _choice(rng, _DEEDS), rng.random())
        for _ in range(number)
    ]
    return sorted(first + more, key=lambda deed: deed.at)


def _edits(rng: random.Random, homes: tuple[int, ...]) -> list[Deed]:
    made = [
        Deed(rng.uniform(0, CHAOS_SECONDS * 0.8), rng.choice(homes), _choice(rng, _EDITS), rng.random())
        for _ in range(rng.randint(1, 4))
    ]
    return sorted(made, key=lambda deed: deed.at)


def _choice(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def length(plan: Plan) -> timedelta:
    return timedelta(seconds=plan.chaos_seconds)
