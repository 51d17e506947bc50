"""The simulation finds what somebody could do wrong, and finds nothing where nobody did."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest

from simulation.bugs.finding import hunt
from simulation.bugs.planted import BUGS, Bug
from simulation.schedule import run
from simulation.stage import Stage


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_planted_mistake_is_found_within_its_seeds(stage: Stage, bug: Bug) -> None:
    found = hunt(stage, bug)

    assert found.seeds, f"{bug.name} was not found within {bug.seeds} seeds"


@pytest.mark.parametrize("place", range(3))
def test_the_same_schedules_are_sound_with_the_right_code(stage: Stage, place: int) -> None:
    scenarios = sorted({bug.scenario for bug in BUGS}, key=lambda scenario: scenario.__name__)

    for scenario in scenarios[place::3]:
        outcome = run(stage, scenario(1))
        assert not outcome.violation, f"{scenario.__name__}: {outcome.violation}"


def test_there_are_at_least_twenty_of_them() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 20


def test_a_mistake_that_nobody_planted_is_not_found(stage: Stage) -> None:

    assert not hunt(stage, replace(BUGS[0], planted=nullcontext, seeds=2)).seeds
