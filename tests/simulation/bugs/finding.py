"""Look for a planted mistake, seed after seed."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.bugs.planted import Bug
from simulation.schedule import run
from simulation.stage import Stage


@dataclass(frozen=True, slots=True)
class Hunt:
    """After how many seeds it was found, and by which invariant; 0 seeds when it was not."""

    bug: Bug
    seeds: int
    violation: str


def hunt(stage: Stage, bug: Bug) -> Hunt:
    with stage.database.in_use(), bug.planted():
        for seed in range(1, bug.seeds + 1):
            outcome = run(stage, bug.scenario(seed))
            if outcome.violation:
                return Hunt(bug, seed, outcome.violation.splitlines()[0])
        stage.set_up()
    return Hunt(bug, 0, "not found")
