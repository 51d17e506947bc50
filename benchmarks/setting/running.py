"""Work a backlog off in virtual time: the clock stands while calls are made, and is moved to the end of each wait."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from joined import Clock
from keito_books.connections.providing import provider_for
from keito_books.syncing import governor, runner
from keito_books.syncing.models import BULK, Job, Lane

_A_MOMENT = timedelta(milliseconds=20)


def run_dry(lane_id: UUID, clock: Clock) -> int:
    """Work until nothing waits, and return how often the clock had to be moved."""
    waits = 0
    while True:
        while runner.work(lane_id, clock=clock):
            pass
        waiting = Job.objects.filter(state__in=[Job.State.WAITING, Job.State.SENDING])
        next_at = waiting.order_by("next_at").values_list("next_at", flat=True).first()
        if next_at is None:
            return waits
        lane = Lane.objects.get(pk=lane_id)
        held = governor.held_back(lane, urgency=BULK, limits=provider_for("xero").documents, now=clock())
        wait = max(next_at - clock(), (held and held.retry_after) or timedelta(0), _A_MOMENT)
        clock.advance(seconds=wait.total_seconds())
        waits += 1
