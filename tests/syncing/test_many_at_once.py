"""Clicks, tabs and workers in parallel, on real connections to PostgreSQL."""

from __future__ import annotations

import pytest

from at_once import at_once
from joined import Joined, join
from keito_books.syncing import actions, runner
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Dispatch, Job
from keito_books.syncing.status import Status
from xero_sandbox.testing import RunningSandbox


@pytest.fixture
def joined(transactional_db: None, sandbox: RunningSandbox) -> Joined:
    """Committed rows, so that other connections see them."""
    return join(sandbox)


@pytest.mark.fault("F93")
def test_twenty_clicks_make_one_job(joined: Joined) -> None:
    invoice = joined.invoice()

    jobs = at_once(20, lambda: actions.copy_invoice(invoice, by=joined.by, now=joined.clock()).pk)

    assert len(set(jobs)) == 1
    assert Job.objects.filter(kind="invoice").count() == 1
    assert Job.objects.filter(kind="contact").count() == 1


@pytest.mark.fault("F95")
def test_four_workers_send_one_invoice_once(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    lane = lane_of(joined.connection).pk

    at_once(4, lambda: runner.work(lane, clock=joined.clock))
    joined.work()

    assert joined.status(invoice).status is Status.SUCCESS
    assert Dispatch.objects.filter(kind="invoice").count() == 1
    assert joined.asked("PUT", "/Invoices") == 1
