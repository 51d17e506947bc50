"""How a run stands is told truly: how fast it goes, what it waits for, and when it can't be through today."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joined import Joined
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.syncing import runs
from keito_books.syncing.explanations import refusal_to_json
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Job, Lane, Run
from keito_books.syncing.progress import Progress, progress_of


@pytest.fixture
def run(joined: Joined) -> Run:
    client = joined.client()
    ids = [joined.invoice(client=client).pk for _ in range(3)]
    return runs.start_run(ids, by=joined.by, now=joined.clock())


def look(joined: Joined, run: Run) -> Progress:
    return progress_of(Run.objects.select_related("connection").get(pk=run.pk), now=joined.clock())


def test_a_run_that_moves_gives_no_reason_and_an_end(joined: Joined, run: Run) -> None:
    found = look(joined, run)

    assert (found.because, found.is_moving, found.is_over, found.calls_left) == ("", True, False, None)
    assert found.ends_at is not None


@pytest.mark.promise("P65")
def test_a_limit_moves_the_end_behind_itself(joined: Joined, run: Run) -> None:
    until = joined.clock() + timedelta(hours=2)
    Lane.objects.filter(pk=lane_of(joined.connection).pk).update(blocked_until=until, blocked_because="day limit")

    found = look(joined, run)

    assert (found.because, found.until) == ("Xero's daily limit of calls is used up.", until)
    assert found.ends_at is not None
    assert found.ends_at > until


@pytest.mark.parametrize(
    ("because", "sentence", "has_time"),
    [
        ("unreachable", "We could not reach Xero. Nothing was sent.", True),
        ("plan", "Syncing pauses", False),
        ("settings", "Xero does not accept this installation", False),
        ("contact", "", False),
    ],
)
def test_what_rests_says_why_and_until_when(
    joined: Joined, run: Run, because: str, sentence: str, *, has_time: bool
) -> None:
    until = joined.clock() + timedelta(minutes=4)
    Job.objects.filter(run=run).update(next_at=until, waiting_because=because)

    found = look(joined, run)

    assert found.because.startswith(sentence)
    assert bool(found.because) == bool(sentence)
    assert found.until == (until if has_time else None)


@pytest.mark.promise("P59")
def test_an_expired_connection_has_no_end_in_sight(joined: Joined, run: Run) -> None:
    Connection.objects.update(state=Connection.State.EXPIRED)

    found = look(joined, run)

    assert "Reconnect" in found.because
    assert found.ends_at is None


def test_more_invoices_than_calls_are_left_for_do_not_end_today(joined: Joined, run: Run) -> None:
    lane = lane_of(joined.connection)
    # Three invoices are one call; their payments might be another.
    for left, runs_out in ((0, True), (1, False)):
        Lane.objects.filter(pk=lane.pk).update(day_left=left, day_left_at=joined.clock())
        assert look(joined, run).runs_out_today is runs_out


def test_failures_are_grouped_by_cause_the_commonest_first(joined: Joined, run: Run) -> None:
    jobs = list(Job.objects.filter(run=run, kind="invoice"))
    codes = [RefusalCode.NO_REVENUE_ACCOUNT, RefusalCode.MISSING_ROLE, RefusalCode.MISSING_ROLE]
    for job, code in zip(jobs, codes, strict=True):
        refusal = refusal_to_json(Refusal(code))
        Job.objects.filter(pk=job.pk).update(state="failed", refusal=refusal, finished_at=joined.clock())

    found = look(joined, run)

    assert [cause.count for cause in found.causes] == [2, 1]
    assert "may not create invoices" in found.causes[0].explanation.sentence
    assert (found.is_over, found.settled, found.ends_at) == (True, 3, None)
