"""Workers die, are told to stop, and are of different ages: the lanes go on."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter

import pytest
from django.db import connection as database

from keito_books.syncing import clock, governor
from keito_books.syncing.claims import FORMAT
from keito_books.syncing.models import Job
from processes import soon
from under_fire.crew import Crew

# A dead tick is buried and the sweep finds the lane: in seconds of the application's time, on top of the lease.
FOUND_WITHIN_SECONDS = 60.0


@pytest.mark.fault("F08")
def test_the_lane_of_a_killed_worker_is_another_ones_within_the_lease(crew: Crew) -> None:
    desk = crew.desk()
    crew.slow_down("PUT /Invoices", seconds=2)
    first = crew.hire()
    desk.copy()
    crew.wait_for_call("PUT", "/Invoices")
    fence = desk.lane.fence
    crew.hire()

    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    killed_at = clock.now()
    changed_hands = soon(lambda: desk.lane.fence > fence, within_seconds=60)

    assert changed_hands
    assert (clock.now() - killed_at).total_seconds() < governor.LEASE.total_seconds() + FOUND_WITHIN_SECONDS


@pytest.mark.fault("F10")
def test_a_worker_that_is_told_to_stop_records_the_call_under_way_and_hands_its_lane_back(crew: Crew) -> None:
    desk = crew.desk()
    crew.slow_down("PUT /Invoices", seconds=1)
    worker = crew.hire()
    invoice = desk.copy()
    crew.wait_for_call("PUT", "/Invoices")

    told_at = time.monotonic()
    worker.ask_to_stop()
    ended = soon(lambda: worker.exit_code is not None, within_seconds=30)

    assert ended, worker.log.read_text()[-2000:]
    assert worker.exit_code == 0
    assert time.monotonic() - told_at < 30
    assert desk.lane.lease_expires_at is None
    assert desk.is_done(invoice)
    assert _ticks_left_running() == 0


def test_periodic_work_is_done_once_however_many_workers_there_are(crew: Crew) -> None:
    crew.hire(), crew.hire()
    assert soon(lambda: len(_sweeps(crew)) >= 6, within_seconds=60)

    sweeps = _sweeps(crew)

    assert {times for _, times in sweeps.items()} == {1}


def test_two_workers_share_the_organisations(crew: Crew) -> None:
    desks = [crew.desk(number) for number in range(len(crew.seats))]
    crew.slow_down("* /*", seconds=0.1)
    crew.hire(), crew.hire()
    assert soon(lambda: all("Starting worker" in worker.log.read_text() for worker in crew.workers))

    invoices = [desk.copy() for desk in desks for _ in range(2)]
    assert soon(lambda: desks[0].is_done(*invoices), within_seconds=60)

    pattern = re.compile(r"Starting job keito_books\.work\[\d+\]\(lane_id='([^']+)'")
    shares = [len(set(pattern.findall(log))) for log in _logs(crew)]
    assert min(shares) >= len(desks) / 4, shares


@pytest.mark.fault("F112")
def test_a_job_that_a_newer_release_wrote_waits_for_it_and_holds_up_nobody(crew: Crew) -> None:
    desk = crew.desk()
    newer = desk.copy()
    Job.objects.filter(invoice=newer).update(format_version=FORMAT + 1)
    older = desk.copy()
    before = Job.objects.filter(invoice=newer).values().get()

    crew.hire()
    done = soon(lambda: desk.is_done(older), within_seconds=60)

    assert done
    assert Job.objects.filter(invoice=newer).values().get() == before


def test_whoever_buries_the_dead_may_die_of_it(crew: Crew) -> None:
    """A worker that was killed while it ended the ticks of others left all of these behind."""
    desk = crew.desk()
    invoice = desk.copy()
    with database.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, lock, args, status)"
            " VALUES ('keito_books.bury_dead_ticks', 'upkeep', 'bury', '{\"timestamp\": 1}', 'doing')"
        )

    crew.hire()

    assert soon(lambda: desk.is_done(invoice), within_seconds=60)


def _sweeps(crew: Crew) -> Counter[str]:
    """Return how often the sweep of each second was started, over all workers."""
    pattern = re.compile(r"Starting job keito_books\.sweep\[\d+\]\(timestamp=(\d+)\)")
    return Counter(found for log in _logs(crew) for found in pattern.findall(log))


def _logs(crew: Crew) -> list[str]:
    return [worker.log.read_text() for worker in crew.workers]


def _ticks_left_running() -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' AND queue_name = 'organisations'")
        return len(cursor.fetchall())
