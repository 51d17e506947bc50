"""Random schedules hold every invariant, and a seed replays to the letter."""

from __future__ import annotations

import pytest

from simulation.plan import drawn
from simulation.schedule import Outcome, run
from simulation.stage import Stage

# Few, since each takes about a second; `simulation.run` runs any number.
SLICES = 20
SCHEDULES_A_SLICE = 4


def told(outcome: Outcome) -> str:
    """Say how to replay a failing seed, and what it did."""
    trace = "\n".join(outcome.trace.lines)
    return f"{outcome.violation}\nreplay: SEED={outcome.seed} python -m simulation.run\n{trace}"


@pytest.mark.parametrize("place", range(SLICES))
def test_schedules_of_chaos_and_quiet_hold_every_invariant(stage: Stage, place: int) -> None:
    first = 1 + place * SCHEDULES_A_SLICE

    for seed in range(first, first + SCHEDULES_A_SLICE):
        outcome = run(stage, drawn(seed))
        assert not outcome.violation, told(outcome)


def test_a_seed_replays_to_the_letter(stage: Stage) -> None:
    seeds = (7, 16, 41)

    first = [run(stage, drawn(seed)).trace for seed in seeds]
    again = [run(stage, drawn(seed)).trace for seed in reversed(seeds)]

    for one, other in zip(first, reversed(again), strict=True):
        assert one.lines == other.lines
        assert one.hash == other.hash
