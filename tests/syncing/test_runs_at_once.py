"""Runs, clicks and workers in parallel, on real connections to PostgreSQL: one job each, and nobody waits for ever."""

from __future__ import annotations

from collections import Counter

import pytest

from at_once import at_once
from joined import Joined, join
from keito_books.invoicing.models import Invoice
from keito_books.syncing import actions, runner, runs
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Job, Run
from keito_books.syncing.status import Status
from xero_sandbox.testing import RunningSandbox


@pytest.fixture
def joined(transactional_db: None, sandbox: RunningSandbox) -> Joined:
    """Committed rows, so that other connections see them."""
    return join(sandbox)


def several(joined: Joined, number: int = 6) -> list[Invoice]:
    clients = [joined.client(f"Client {place}") for place in range(2)]
    return [joined.invoice(client=clients[place % 2]) for place in range(number)]


def test_four_tabs_that_start_together_make_one_run_of_each_invoice(joined: Joined) -> None:
    ids = [invoice.pk for invoice in several(joined)]

    def start() -> object:
        try:
            return runs.start_run(ids, by=joined.by, now=joined.clock())
        except runs.NothingToCopy as nothing:
            return nothing.run

    found = at_once(4, start)

    assert len(set(found)) == 1
    assert Run.objects.count() == 1
    assert Counter(Job.objects.values_list("kind", flat=True)) == {"invoice": 6, "contact": 2}


def test_runs_and_clicks_at_once_do_not_block_each_other(joined: Joined) -> None:
    invoices = several(joined)
    turns = iter(range(6))

    def act() -> object:
        turn = next(turns)
        if turn % 2:
            return actions.copy_invoice(invoices[turn], by=joined.by, now=joined.clock())
        try:
            # Each run takes them in another order; the locks do not follow it.
            ids = [invoice.pk for invoice in (invoices[turn:] + invoices[:turn])]
            return runs.start_run(ids, by=joined.by, now=joined.clock())
        except runs.NothingToCopy as nothing:
            return nothing

    at_once(6, act)

    assert Job.objects.filter(kind="invoice", state="waiting").count() == 6


def test_pausing_while_workers_send_leaves_each_invoice_there_once_or_held(joined: Joined) -> None:
    invoices = several(joined, 12)
    run = runs.start_run([invoice.pk for invoice in invoices], by=joined.by, now=joined.clock())
    lane = lane_of(joined.connection).pk
    turns = iter(range(3))

    def act() -> object:
        if next(turns):
            return runner.work(lane, clock=joined.clock)
        runs.pause_run(run, by=joined.by, now=joined.clock())
        return None

    at_once(3, act)
    joined.work()

    for invoice in invoices:
        [job] = Job.objects.filter(invoice=invoice)
        assert (job.state, len(joined.invoices_there(invoice.number))) in {("done", 1), ("held", 0)}
    runs.resume_run(run, by=joined.by, now=joined.clock())
    joined.work()
    assert {joined.status(invoice).status for invoice in invoices} == {Status.SUCCESS}
    assert [len(joined.invoices_there(invoice.number)) for invoice in invoices] == [1] * 12
