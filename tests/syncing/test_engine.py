"""The engine's clockwork: what must come round often does."""

from __future__ import annotations

import pytest
from croniter import croniter
from procrastinate.contrib.django import app

from keito_books.syncing import engine

NINE_OCLOCK = 1772442000.0  # 2 March 2026, 09:00:00 UTC


@pytest.mark.parametrize(
    ("task", "seconds"),
    [
        (engine.sweep, 5),
        (engine.bury_dead_ticks, 10),
        (engine.keep_connections, 30),
        (engine.look_after_connections, 3600),
    ],
)
def test_periodic_work_comes_round(task: object, seconds: int) -> None:
    registered = {each.task.name: each for each in app.periodic_registry.periodic_tasks.values()}
    times = croniter(registered[task.name].cron, NINE_OCLOCK + 61)  # type: ignore[attr-defined]  # the engine's Task

    first, second, third = (times.get_next(float) for _ in range(3))

    assert (second - first, third - second) == (seconds, seconds)
