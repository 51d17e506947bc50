"""Whether copying moves is told truly: at work, waiting and for what, standing still, or with nobody at work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joined import Joined
from keito_books.connections.models import Connection
from keito_books.syncing import governor, runs
from keito_books.syncing.governor import lane_of
from keito_books.syncing.health import Health, Move, health_of
from keito_books.syncing.models import Job, Lane
from keito_books.workspaces.models import Plan, Workspace


def health(joined: Joined) -> Health:
    return health_of(Connection.objects.get(pk=joined.connection.pk), now=joined.clock())


def test_an_idle_lane_waits_for_nothing(joined: Joined) -> None:
    found = health(joined)

    assert (found.move, found.waiting, found.failed, found.day_left) == (Move.IDLE, 0, 0, None)


def test_calls_left_are_told_while_they_are_fresh(joined: Joined) -> None:
    joined.copy(joined.invoice())
    joined.work()
    lane = Lane.objects.get()

    fresh = health(joined)
    joined.clock.advance(minutes=2)
    later = health(joined)
    joined.clock.advance(days=1)
    tomorrow = health(joined)

    assert fresh.day_left == later.day_left == lane.day_left
    assert (fresh.minute_left, later.minute_left) == (lane.minute_left, None)
    assert tomorrow.day_left is None


@pytest.mark.promise("P65")
def test_a_lane_that_xero_asked_to_wait_says_until_when_and_why(joined: Joined) -> None:
    joined.copy(joined.invoice())
    until = joined.clock() + timedelta(hours=3)
    Lane.objects.filter(pk=lane_of(joined.connection).pk).update(blocked_until=until, blocked_because="day limit")

    found = health(joined)

    assert (found.move, found.until, found.because) == (Move.WAITING, until, "Xero's daily limit of calls is used up.")


def test_a_lane_at_work_says_so_and_one_that_nobody_works_too(joined: Joined) -> None:
    joined.copy(joined.invoice())
    assert health(joined).move is Move.WORKING

    joined.clock.advance(minutes=3)
    assert health(joined).move is Move.UNATTENDED
    governor.take_lease(lane_of(joined.connection).pk, now=joined.clock())
    assert health(joined).move is Move.WORKING


def test_what_rests_says_until_when(joined: Joined) -> None:
    joined.copy(joined.invoice())
    until = joined.clock() + timedelta(minutes=4)
    Job.objects.update(next_at=until, waiting_because="unreachable")

    found = health(joined)

    assert (found.move, found.until) == (Move.WAITING, until)
    assert found.because.startswith("We could not reach Xero.")


@pytest.mark.promise("P59")
def test_an_expired_connection_and_a_lost_plan_stand_still(joined: Joined) -> None:
    runs.start_run([joined.invoice().pk], by=joined.by, now=joined.clock())
    Workspace.objects.update(plan=Plan.PRO)
    without_plan = health(joined)
    Connection.objects.update(state=Connection.State.EXPIRED)
    expired = health(joined)

    assert (without_plan.move, expired.move) == (Move.STANDING, Move.STANDING)
    assert "Business plan" in without_plan.because
    assert "Reconnect" in expired.because


def test_what_is_held_back_and_what_failed_is_counted_apart(joined: Joined) -> None:
    run = runs.start_run([joined.invoice().pk, joined.invoice().pk], by=joined.by, now=joined.clock())
    runs.pause_run(run, by=joined.by, now=joined.clock())
    [job, *_] = Job.objects.filter(kind="invoice")
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=joined.clock())

    found = health(joined)

    # Two invoices and their two contacts were held back; one invoice of them is failed now.
    assert (found.waiting, found.held, found.failed, found.move) == (0, 3, 1, Move.IDLE)
