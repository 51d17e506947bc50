"""The engine's clockwork: what must come round often does."""

from __future__ import annotations

from uuid import UUID

import pytest
from croniter import croniter
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from keito_books.syncing import engine, ticks

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


def test_a_tick_never_goes_through_the_connections_of_a_workers_event_loop(db: None) -> None:
    lane = UUID("5f3c1e70-9a41-4c0e-8b55-0d2f6e1a7c01")

    with app.replace_connector(InMemoryConnector()):
        ticks.poke(lane)
        ticks.poke(lane)

    tick = ProcrastinateJob.objects.get(task_name=ticks.WORK)
    assert (tick.args, tick.queue_name, tick.lock) == ({"lane_id": str(lane)}, "organisations", f"organisation:{lane}")
