"""Older invoices are looked for in Xero by their numbers, in the background, before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from builders import TODAY, a_membership, an_invoice_draft
from joined import Joined
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice, State
from keito_books.syncing import backfill, governor, runs
from keito_books.syncing.errors import NotConnectedNow, NotCopyable
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Attempt, Job, Link, Search
from keito_books.syncing.status import Status
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import AuditEntry, Plan, Role, Workspace


def start(joined: Joined, issued_from: date = date(2026, 1, 1), issued_to: date = TODAY) -> Search:
    return backfill.start_search(issued_from=issued_from, issued_to=issued_to, by=joined.by, now=joined.clock())


def go_on(joined: Joined, search: Search) -> Search:
    backfill.go_on(search.pk, clock=joined.clock, spread=lambda: 0.5)
    return Search.objects.select_related("connection__workspace", "workspace").get(pk=search.pk)


def enter_by_hand(joined: Joined, invoice: Invoice) -> str:
    """Let a bookkeeper have entered an invoice with our number before."""
    body = {
        "Type": "ACCREC",
        "Contact": {"Name": "Somebody Else Ltd"},
        "InvoiceNumber": invoice.number,
        "Date": "2026-03-02",
        "DueDate": "2026-04-01",
        "Status": "AUTHORISED",
        "LineItems": [{"Description": "By hand", "Quantity": 1, "UnitAmount": 75, "AccountCode": "200"}],
    }
    made = joined.there("Invoices", "PUT", {"Invoices": [body]})["Invoices"][0]
    return str(made["InvoiceID"])


@pytest.mark.promise("P66", "P68")
def test_a_number_that_somebody_entered_by_hand_is_left_out_and_the_rest_is_ready(joined: Joined) -> None:
    client = joined.client()
    taken, free = joined.invoice(client=client), joined.invoice(client=client)
    enter_by_hand(joined, taken)

    search = go_on(joined, start(joined))
    found = backfill.findings_of(search, now=joined.clock())

    assert search.finished_at is not None
    assert [seen.item.id for seen in found.taken] == [taken.pk]
    # The bookkeeper's 75.00 with 20 % are 90.00.
    assert (found.taken[0].sighting.total, found.taken[0].is_gone) == (Decimal("90.0000"), False)
    assert [item.id for item in found.preview.ready] == [free.pk]
    assert not Job.objects.exists()
    assert joined.asked("PUT", "/Invoices") == 1  # the bookkeeper's own


def test_one_that_came_from_here_is_joined_again_and_not_created_twice(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    # As after a restore of an old backup: it is there, and nobody here knows.
    Link.objects.filter(invoice=invoice).delete()
    Attempt.objects.all().delete()
    Job.objects.filter(invoice=invoice).update(state="stopped", dispatch=None)

    found = backfill.findings_of(go_on(joined, start(joined)), now=joined.clock())
    runs.start_run([item.id for item in found.preview.ready], by=joined.by, now=joined.clock())
    joined.work()

    assert [seen.item.id for seen in found.ours] == [invoice.pk]
    assert joined.status(invoice).status is Status.SUCCESS
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F50")
def test_a_voided_one_keeps_its_number_taken(joined: Joined) -> None:
    invoice = joined.invoice()
    remote = enter_by_hand(joined, invoice)
    joined.there(f"Invoices/{remote}", "POST", {"InvoiceID": remote, "Status": "VOIDED"})

    found = backfill.findings_of(go_on(joined, start(joined)), now=joined.clock())

    assert [seen.is_gone for seen in found.taken] == [True]
    assert found.preview.ready == []


def test_only_finalized_invoices_of_these_days_that_are_not_there_are_looked_for(joined: Joined) -> None:
    client = joined.client()
    inside, early = (
        joined.invoice(client=client),
        joined.invoice(draft=replace(an_invoice_draft(client), issue_date=date(2025, 12, 31))),
    )
    joined.invoice(client=client, state=State.DRAFT)
    joined.invoice(client=client, state=State.CLOSED)
    copied = joined.invoice(client=client)
    joined.copy(copied)

    search = start(joined)

    assert search.wanted == [str(inside.pk)]
    assert backfill.oldest_missing(joined.workspace, joined.connection) == early.issue_date
    entry = AuditEntry.objects.get(action="sync.search_started")
    assert (entry.object_label, entry.details["invoices"]) == ("2026-01-01 to 2026-03-02", 1)


def test_fifty_numbers_are_one_call_and_its_evidence_is_kept(joined: Joined) -> None:
    client = joined.client()
    for _ in range(60):
        joined.invoice(client=client)
    before = joined.asked("GET", "/Invoices")

    search = go_on(joined, start(joined))

    assert joined.asked("GET", "/Invoices") - before == 2
    assert (search.searched, Attempt.objects.filter(purpose="search").count()) == (60, 2)


def test_an_equal_search_under_way_is_not_begun_twice(joined: Joined) -> None:
    joined.invoice()

    first = start(joined)
    assert start(joined) == first

    go_on(joined, first)
    assert start(joined) != first


def test_it_waits_for_the_limit_and_goes_on_where_it_was(joined: Joined) -> None:
    client = joined.client()
    for _ in range(60):
        joined.invoice(client=client)
    search = start(joined)
    joined.sandbox.fault("GET /Invoices", "answer 429", times=1)

    waiting = go_on(joined, search)
    assert (waiting.searched, waiting.waiting_because, waiting.finished_at) == (0, "limit", None)
    assert waiting.next_at > joined.clock()
    joined.clock.now = waiting.next_at
    joined.clock.advance(minutes=2)

    assert go_on(joined, search).searched == 60


def test_while_another_worker_has_the_lane_it_looks_in_again_soon(joined: Joined) -> None:
    joined.invoice()
    search = start(joined)
    governor.take_lease(lane_of(joined.connection).pk, now=joined.clock())

    waiting = go_on(joined, search)

    assert waiting.waiting_because == "lease"
    assert list(backfill.due_searches(now=joined.clock() + timedelta(seconds=2))) == [waiting]


@pytest.mark.promise("P58", "P59")
def test_it_waits_while_the_connection_is_expired_and_ends_with_a_disconnect(joined: Joined) -> None:
    joined.invoice()
    search = start(joined)
    Connection.objects.update(state=Connection.State.EXPIRED)
    assert go_on(joined, search).waiting_because == "expired"

    Connection.objects.update(state=Connection.State.DISCONNECTED, grant=None)
    joined.clock.advance(minutes=6)
    ended = go_on(joined, search)

    assert ended.finished_at is not None
    assert ended.problem.startswith("Xero was disconnected")
    assert joined.asked("GET", "/Invoices") == 0


def test_a_missing_permission_ends_it_with_the_way_out(joined: Joined) -> None:
    joined.invoice()
    search = start(joined)
    joined.sandbox.fault("GET /Invoices", "answer 403", times=1, problem="permission")

    ended = go_on(joined, search)

    assert ended.finished_at is not None
    assert "Give that user a role with invoice permission in Xero" in ended.problem


@pytest.mark.promise("P9", "P11")
def test_only_who_may_copy_may_search_and_only_while_connected(joined: Joined) -> None:
    joined.invoice()
    administrator, joined.by = joined.by, a_membership(joined.workspace, role=Role.MANAGER)
    with pytest.raises(NotAllowed):
        start(joined)
    joined.by = administrator
    search = start(joined)
    Workspace.objects.update(plan=Plan.PRO)
    assert go_on(joined, search).waiting_because == "plan"
    Connection.objects.update(state=Connection.State.EXPIRED)
    with pytest.raises(NotConnectedNow):
        start(joined)


def test_days_without_a_missing_invoice_are_refused(joined: Joined) -> None:
    with pytest.raises(NotCopyable, match="Choose other days"):
        start(joined)
