"""Many documents in one call: each with its own verdict, none twice, and a click before all of them."""

from __future__ import annotations

import pytest
from django.db.models import Min

from joined import Joined
from keito_books.connections.providing import provider_for
from keito_books.invoicing.models import Invoice
from keito_books.syncing import directory, governor, runner
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import BULK, Dispatch, Job, Lane, Ride
from keito_books.syncing.status import Status


def asked_for_in_bulk(joined: Joined, number: int, *, paid: str = "") -> list[Invoice]:
    """Return invoices of one client whose contact is known, all waiting to be sent in bulk."""
    client = joined.client()
    known = joined.invoice(client=client)
    joined.copy(known)
    joined.work()
    invoices = [joined.invoice(client=client, paid=paid) for _ in range(number)]
    for invoice in invoices:
        joined.copy(invoice)
    Job.objects.filter(invoice__in=invoices).update(priority=BULK)
    return invoices


def statuses(joined: Joined, invoices: list[Invoice]) -> list[Status]:
    return [joined.status(each).status for each in invoices]


def sent(joined: Joined, kind: str) -> list[int]:
    """Return how many documents each request of a kind carried, in the order of sending."""
    rows = Dispatch.objects.filter(kind=kind, connection=joined.connection).annotate(first=Min("rides"))
    return [len(each.markers) for each in rows.order_by("first")]


def test_sixty_invoices_leave_in_two_calls_of_fifty_and_ten(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 60)

    joined.work()

    assert statuses(joined, invoices) == [Status.SUCCESS] * 60
    assert sent(joined, "invoice")[1:] == [50, 10]
    assert joined.asked("PUT", "/Invoices") == 3


def test_their_payments_follow_in_one_call(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 20, paid="40")

    joined.work()

    assert [each.status for invoice in invoices for each in joined.payments(invoice)] == [Status.SUCCESS] * 20
    assert joined.asked("PUT", "/Payments") == 1


def test_new_contacts_of_a_batch_go_first_in_one_call(joined: Joined) -> None:
    joined.there("Contacts", "PUT", {"Name": "Known There Ltd"})
    names = [f"New Client {number} Ltd" for number in range(20)] + ["Known There Ltd"]
    invoices = [joined.invoice(client=joined.client(name)) for name in names]
    for invoice in invoices:
        joined.copy(invoice)
    calls = len(joined.sandbox.requests())

    joined.work()

    assert statuses(joined, invoices) == [Status.SUCCESS] * 21
    # The contacts are read once, the twenty new ones made in one call, and the invoices in another.
    assert len(joined.sandbox.requests()) - calls == 3
    assert sent(joined, "contact") == [20]


def test_contacts_that_were_read_for_the_preview_are_not_read_again(joined: Joined) -> None:
    directory.read_ahead(joined.connection.pk, clock=joined.clock)
    for name in ("One Ltd", "Two Ltd"):
        joined.copy(joined.invoice(client=joined.client(name)))

    joined.work()

    assert joined.asked("GET", "/Contacts") == 1
    assert directory.is_fresh(joined.connection, now=joined.clock())


def test_a_contact_that_was_added_after_the_reading_is_found_by_its_name(joined: Joined) -> None:
    directory.read_ahead(joined.connection.pk, clock=joined.clock)
    theirs = joined.there("Contacts", "PUT", {"Name": "Added Since Ltd"})["Contacts"][0]
    invoices = [joined.invoice(client=joined.client(name)) for name in ("Added Since Ltd", "New Ltd")]
    for invoice in invoices:
        joined.copy(invoice)

    joined.work()

    assert statuses(joined, invoices) == [Status.SUCCESS] * 2
    assert joined.invoices_there(invoices[0].number)[0]["Contact"]["ContactID"] == theirs["ContactID"]


@pytest.mark.fault("F36")
def test_a_bad_one_fails_alone_with_its_own_reason(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 6)
    taken = invoices[3]
    account = {"Description": "Theirs", "Quantity": "1", "UnitAmount": "5", "AccountCode": "200"}
    theirs = {
        "Type": "ACCREC",
        "Contact": {"Name": "A Stranger"},
        "InvoiceNumber": taken.number,
        "LineItems": [account],
    }
    joined.there("Invoices", "PUT", {**theirs, "Status": "AUTHORISED", "Date": "2026-03-02", "DueDate": "2026-04-01"})

    joined.work()

    expected = [Status.SUCCESS] * 3 + [Status.FAILED] + [Status.SUCCESS] * 2
    assert statuses(joined, invoices) == expected
    assert joined.status(taken).code == "number_taken"


@pytest.mark.fault("F37")
def test_an_answer_in_another_order_is_matched_by_number(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 4)
    joined.sandbox.fault("PUT /Invoices", "answer in another order", times=1)

    joined.work()

    assert statuses(joined, invoices) == [Status.SUCCESS] * 4
    for invoice in invoices:
        assert joined.invoices_there(invoice.number)[0]["InvoiceID"] == joined.status(invoice).remote_id


@pytest.mark.fault("F37")
def test_an_element_that_is_missing_is_unknown_until_it_was_looked_for(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 4)
    joined.sandbox.fault("PUT /Invoices", "answer without the last element", times=1)
    puts = joined.asked("PUT", "/Invoices")

    joined.work()
    at_once = statuses(joined, invoices)
    joined.clock.advance(minutes=5)
    joined.work()
    after_five = statuses(joined, invoices)
    joined.clock.advance(minutes=6)
    joined.work()

    assert at_once.count(Status.SUCCESS) == after_five.count(Status.SUCCESS) == 3
    assert at_once.count(Status.PENDING) == after_five.count(Status.PENDING) == 1
    assert statuses(joined, invoices) == [Status.SUCCESS] * 4
    assert joined.asked("PUT", "/Invoices") == puts + 1


def test_a_lost_reply_of_a_batch_is_asked_for_again_with_the_same_bytes(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 5)
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)

    joined.work()
    unknown = statuses(joined, invoices)
    joined.clock.advance(seconds=5)
    joined.work()

    assert unknown == [Status.PENDING] * 5
    assert statuses(joined, invoices) == [Status.SUCCESS] * 5
    assert sent(joined, "invoice")[1:] == [5]
    assert all(len(joined.invoices_there(each.number)) == 1 for each in invoices)


@pytest.mark.fault("F06")
def test_a_batch_that_was_cut_after_two_is_completed_and_doubles_none(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 5)
    joined.sandbox.fault("PUT /Invoices", "close after saving the first 2", times=1)
    joined.work()

    joined.clock.advance(minutes=11)
    joined.work()

    assert statuses(joined, invoices) == [Status.SUCCESS] * 5
    assert all(len(joined.invoices_there(each.number)) == 1 for each in invoices)
    # Two of the five were there after ten minutes; only the other three were sent anew.
    assert sent(joined, "invoice")[1:] == [5, 3]


def test_one_that_was_stopped_meanwhile_is_left_out(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 3)
    Job.objects.filter(invoice=invoices[1]).update(state=Job.State.HELD)

    joined.work()

    assert statuses(joined, invoices)[::2] == [Status.SUCCESS] * 2
    assert joined.invoices_there(invoices[1].number) == []


@pytest.mark.fault("F103")
def test_a_click_goes_before_bulk_and_in_a_call_of_its_own(joined: Joined) -> None:
    asked_for_in_bulk(joined, 3)
    clicked = joined.invoice()
    joined.copy(clicked)

    joined.work()

    numbers = [each.markers for each in Dispatch.objects.filter(kind="invoice")]
    order = Ride.objects.filter(dispatch__kind="invoice").order_by("pk").values_list("marker", flat=True)
    assert [clicked.number] in numbers
    assert list(order)[1] == clicked.number


def test_bulk_leaves_two_calls_of_a_minute_for_clicks(joined: Joined) -> None:
    lane = lane_of(joined.connection)
    now = joined.clock()
    minute = [[f"{number}", now.timestamp() + 30, False] for number in range(58)]
    Lane.objects.filter(pk=lane.pk).update(calls=minute)
    lane.refresh_from_db()
    limits = provider_for("xero").documents

    bulk = governor.held_back(lane, urgency=BULK, limits=limits, now=now)

    assert governor.held_back(lane, urgency=0, limits=limits, now=now) is None
    assert bulk is not None
    assert bulk.retry_after is not None
    assert round(bulk.retry_after.total_seconds()) == 30


@pytest.mark.fault("F28")
@pytest.mark.parametrize(("left", "may_go"), [(51, True), (50, False)])
def test_bulk_leaves_fifty_calls_of_a_day_for_clicks(joined: Joined, left: int, *, may_go: bool) -> None:
    lane = lane_of(joined.connection)
    lane.day_left, lane.day_left_at = left, joined.clock()
    limits = provider_for("xero").documents

    bulk = governor.held_back(lane, urgency=BULK, limits=limits, now=joined.clock())

    assert (bulk is None) is may_go
    assert governor.held_back(lane, urgency=0, limits=limits, now=joined.clock()) is None


@pytest.mark.fault("F103")
def test_a_backlog_meets_no_429_and_uses_the_minute_up(joined: Joined) -> None:
    invoices = asked_for_in_bulk(joined, 70)
    Job.objects.filter(invoice__in=invoices).update(goes_alone=True)

    joined.work()
    left = lane_of(joined.connection).minute_left
    joined.clock.advance(seconds=61)
    joined.work()

    assert left == 2
    assert [each for each in joined.sandbox.requests() if each["status"] == 429] == []
    assert statuses(joined, invoices) == [Status.SUCCESS] * 70


@pytest.mark.fault("F10")
def test_a_slice_that_is_asked_to_stop_hands_the_lane_back(joined: Joined) -> None:
    joined.copy(joined.invoice())
    runner.stopping.set()
    try:
        steps = runner.work(lane_of(joined.connection).pk, clock=joined.clock)
    finally:
        runner.stopping.clear()

    assert steps == 0
    assert lane_of(joined.connection).lease_expires_at is None
