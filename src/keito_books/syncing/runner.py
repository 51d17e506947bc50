"""Work one organisation's lane: take its lease, then work on what is due, a request at a time in each thread."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection as database

from keito_books.connections.providing import provider_for
from keito_books.syncing import claims, governor, records
from keito_books.syncing.clock import real_seconds
from keito_books.syncing.filling import fill_and_send
from keito_books.syncing.following import Trip
from keito_books.syncing.guarding import poisoned
from keito_books.syncing.models import BULK, CLICK, Job, Lane
from keito_books.syncing.road import WHILE_PAUSED, Road

Clock = Callable[[], datetime]
lanes_with_due_work = claims.lanes_with_due_work

SLICE = timedelta(seconds=20)
# How often one idle thread looks for a click while the others carry bulk.
_LOOK_AGAIN_SECONDS = 0.2
# The looker may have died of a broken database; nobody waits for it longer than this.
_AT_MOST_SECONDS = 2.0
# Most slices are over before that: one click, one call. Further threads then never touch the database.
_COME_IN_AFTER_SECONDS = 0.15
# The worker is being stopped: end the slice after the call that is under way.
stopping = threading.Event()
log = logging.getLogger(__name__)


def work(
    lane_id: UUID,
    *,
    clock: Clock,
    threads: int = 1,
    patience: timedelta = timedelta(0),
    spread: Callable[[], float] = random.random,
) -> int:
    """Do due jobs of one organisation for a slice of time, and return how many requests were worked on.

    Returns 0 at once while another worker holds the lane; its work is found again by the sweep. `patience` is how
    long a thread may sleep for a permit instead of handing the lane back.
    """
    fence = governor.take_lease(lane_id, now=clock())
    if fence is None:
        return 0
    shift = Shift(lane_id, fence=fence, clock=clock, threads=threads, patience=patience, spread=spread)
    others = [threading.Thread(target=shift.work_as_other) for _ in range(threads - 1)]
    try:
        for other in others:
            other.start()
        shift.work()
    finally:
        shift.close()
        for other in others:
            other.join()
        governor.release_lease(lane_id, fence=fence)
    return shift.steps


class Shift:
    """One worker's slice of a lane, shared by its threads."""

    def __init__(
        self,
        lane_id: UUID,
        *,
        fence: int,
        clock: Clock,
        threads: int,
        patience: timedelta,
        spread: Callable[[], float],
    ) -> None:
        self.lane_id = lane_id
        self.fence = fence
        self.clock = clock
        self.patience = patience
        self.spread = spread
        self.until = clock() + SLICE
        self.steps = 0
        self._for_bulk = max(threads - 1, 1)
        self._bulk_loads = 0
        self._in_hand: set[UUID] = set()
        self._looker: int | None = None
        self._is_over = False
        self._changed = threading.Condition()

    def work_as_other(self) -> None:
        """Work in a thread of its own, which leaves no connection to the database behind."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over, timeout=real_seconds(_COME_IN_AFTER_SECONDS))
            if self._is_over:
                return
        try:
            self.work()
        finally:
            database.close()

    def close(self) -> None:
        """Send the other threads home."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def work(self) -> None:
        while (jobs := self._take()) is not None:
            try:
                do(jobs, lane_id=self.lane_id, fence=self.fence, clock=self.clock, spread=self.spread)
            finally:
                self._give_back(jobs)

    def _take(self) -> list[Job] | None:
        """Return the next jobs, after waiting for the other threads where they may make some due; None at the end."""
        with self._changed:
            while self.clock() < self.until and not stopping.is_set():
                jobs, wait = self._next()
                if jobs:
                    self._stop_looking()
                    self._in_hand |= {job.pk for job in jobs}
                    self._bulk_loads += jobs[0].priority >= BULK
                    self.steps += 1
                    return jobs
                if wait is not None and wait <= self.patience:
                    self._changed.wait(real_seconds(wait.total_seconds()))
                elif self._in_hand:
                    self._wait_for_others()
                else:
                    break
            self._stop_looking()
            return None

    def _wait_for_others(self) -> None:
        """Rest until another thread gives something back. One of the idle ones looks for clicks meanwhile."""
        me = threading.get_ident()
        if self._looker in (None, me):
            self._looker = me
            self._changed.wait(real_seconds(_LOOK_AGAIN_SECONDS))
        else:
            self._changed.wait(real_seconds(_AT_MOST_SECONDS))

    def _stop_looking(self) -> None:
        if self._looker == threading.get_ident():
            self._looker = None
            self._changed.notify_all()

    def _next(self) -> tuple[list[Job], timedelta | None]:
        """Return jobs that may go now, or none and how long the limits hold back what is due."""
        lane = Lane.objects.get(pk=self.lane_id)
        limits = provider_for(lane.provider).documents
        now = self.clock()
        wait: timedelta | None = None
        for urgency in (CLICK, BULK):
            # One thread stays free, so that a click need not wait for the end of a call that carries bulk.
            if urgency == BULK and self._bulk_loads >= self._for_bulk:
                break
            held = governor.held_back(lane, urgency=urgency, limits=limits, now=now)
            size = 1 if held else limits.batch_size
            jobs = claims.next_load(lane, urgency=urgency, busy=self._in_hand, batch_size=size, now=now)
            if jobs and held is None:
                return jobs, None
            if jobs and held is not None:
                wait = held.retry_after
        return [], wait

    def _give_back(self, jobs: Sequence[Job]) -> None:
        with self._changed:
            self._bulk_loads -= jobs[0].priority >= BULK
            self._in_hand -= {job.pk for job in jobs}
            self._changed.notify_all()


def do(jobs: Sequence[Job], *, lane_id: UUID, fence: int, clock: Clock, spread: Callable[[], float]) -> None:
    """Take jobs of one connection one step along their way, together."""
    road = Road(jobs[0].connection, lane_id=lane_id, fence=fence, urgency=jobs[0].priority, clock=clock, spread=spread)
    going: list[Job] = []
    for job in jobs:
        closed = road.closed_because(job)
        if closed is None:
            going.append(job)
        else:
            records.postpone([job], until=clock() + WHILE_PAUSED, because=closed)
    if not going:
        return
    try:
        if (dispatch := going[0].dispatch) is not None:
            Trip(road, dispatch, road.errands(going)).go_on()
        else:
            fill_and_send(road, going)
    except Exception:  # outermost edge: what the guard of each job did not catch must not hold up the lane
        log.exception("%d jobs could not be worked on together", len(going))
        for job in going:
            poisoned(road, job)
