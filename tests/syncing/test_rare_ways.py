"""What happens seldom on the way of a document: it ends where the protocol says, and nobody else is held up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from joined import Joined
from keito_books.accounting.errors import Refused, TryAgainLater
from keito_books.accounting.port import Receipt
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.models import Invoice
from keito_books.mapping.models import BooksCopy, TaxMapping
from keito_books.syncing import claims, clock, governor, runner
from keito_books.syncing.errands.base import Errand, NotYet
from keito_books.syncing.governor import lane_of
from keito_books.syncing.guarding import guarded
from keito_books.syncing.models import BULK, CLICK, Brake, Dispatch, Job, Lane, Link, Ride
from keito_books.syncing.road import Road
from keito_books.syncing.status import Status

LIMITS = provider_for("xero").documents


def waiting_in_bulk(joined: Joined, number: int) -> list[Invoice]:
    """Return invoices of a client whose contact is known."""
    known = joined.invoice()
    joined.copy(known)
    joined.work()
    invoices = [joined.invoice(client=known.client) for _ in range(number)]
    for invoice in invoices:
        joined.copy(invoice)
    Job.objects.filter(invoice__in=invoices).update(priority=BULK)
    return invoices


def statuses(joined: Joined, invoices: list[Invoice]) -> list[Status]:
    return [joined.status(each).status for each in invoices]


def test_one_that_cannot_be_taken_in_does_not_undo_the_others(joined: Joined) -> None:
    invoices = waiting_in_bulk(joined, 3)
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.work()
    kept = Ride.objects.get(job__invoice=invoices[1])
    whole = kept.expected
    Ride.objects.filter(pk=kept.pk).update(expected={"broken": "by hand"})

    joined.clock.advance(seconds=5)
    joined.work()
    after = statuses(joined, invoices)
    Ride.objects.filter(pk=kept.pk).update(expected=whole)
    joined.clock.advance(minutes=11)
    joined.work()

    assert after == [Status.SUCCESS, Status.PENDING, Status.SUCCESS]
    assert statuses(joined, invoices) == [Status.SUCCESS] * 3
    assert joined.asked("PUT", "/Invoices") == 3


@pytest.mark.fault("F16")
def test_a_refusal_after_a_lost_request_is_believed_only_after_a_look(joined: Joined) -> None:
    invoices = waiting_in_bulk(joined, 2)
    joined.sandbox.fault("PUT /Invoices", "drop the request", times=1)
    joined.work()
    joined.organisation.end_of_year_lock_date = invoices[0].issue_date

    joined.clock.advance(seconds=5)
    joined.work()
    in_between = statuses(joined, invoices)
    kept = [ride.declined for ride in Ride.objects.filter(job__invoice__in=invoices)]
    joined.clock.advance(minutes=11)
    joined.work()

    assert in_between == [Status.PENDING] * 2
    assert None not in kept
    assert [joined.status(each).code for each in invoices] == ["period_locked"] * 2
    assert Dispatch.objects.filter(closed_at=None).count() == 0


def test_looking_up_stops_at_the_limit_and_goes_on_after_it(joined: Joined) -> None:
    invoices = waiting_in_bulk(joined, 3)
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.work()
    joined.clock.advance(minutes=11)
    soon = (joined.clock() + timedelta(seconds=30)).timestamp()
    Lane.objects.update(calls=[[str(number), soon, False] for number in range(57)])

    joined.work()
    at_the_limit = statuses(joined, invoices)
    joined.clock.advance(seconds=61)
    joined.work()

    assert sorted(at_the_limit) == [Status.PENDING, Status.PENDING, Status.SUCCESS]
    assert statuses(joined, invoices) == [Status.SUCCESS] * 3


def test_a_second_sending_that_meets_a_limit_stays_unknown(joined: Joined) -> None:
    [invoice] = waiting_in_bulk(joined, 1)
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.work()
    joined.sandbox.fault("PUT /Invoices", "answer 429", times=1, retry_after=20)

    joined.clock.advance(seconds=5)
    joined.work()
    limited = joined.status(invoice)
    joined.clock.advance(minutes=12)
    joined.work()

    assert limited.status is Status.PENDING
    assert Job.objects.get(invoice=invoice).state == Job.State.DONE
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F78")
def test_an_organisation_that_left_us_makes_the_invoice_wait_and_not_fail(joined: Joined) -> None:
    [invoice] = waiting_in_bulk(joined, 1)
    joined.sandbox.bookkeeper(joined.connection.organisation_name, "disconnect app")

    joined.work()

    joined.connection.refresh_from_db()
    assert joined.connection.state == Connection.State.EXPIRED
    assert joined.status(invoice).status is Status.PENDING
    assert Job.objects.get(invoice=invoice).dispatch is None


def test_twelve_attempts_are_the_end_and_say_so(joined: Joined) -> None:
    [invoice] = waiting_in_bulk(joined, 1)
    Job.objects.filter(invoice=invoice).update(attempts=12)

    joined.work()

    assert (joined.status(invoice).status, joined.status(invoice).code) == (Status.FAILED, "too_many_attempts")
    assert joined.invoices_there(invoice.number) == []


@pytest.mark.fault("F12")
def test_an_invoice_that_our_own_code_cannot_read_fails_alone_in_the_end(joined: Joined) -> None:
    invoices = waiting_in_bulk(joined, 3)
    # A link without an id of theirs is something that our code never writes.
    Link.objects.create(
        connection=joined.connection, kind="invoice", invoice=invoices[0], remote_id="", made_at=joined.clock()
    )
    Job.objects.filter(invoice=invoices[0]).update(attempts=11)

    joined.work()

    assert statuses(joined, invoices)[1:] == [Status.SUCCESS] * 2
    assert joined.status(invoices[0]).status is Status.FAILED


def test_lists_that_cannot_be_read_hold_up_one_connection_for_a_while_and_are_tried_again(joined: Joined) -> None:
    invoices = waiting_in_bulk(joined, 2)
    copy = BooksCopy.objects.get()
    whole = copy.content
    BooksCopy.objects.update(content={"broken": "by hand"})

    joined.work()
    broken = statuses(joined, invoices)
    BooksCopy.objects.update(content=whole)
    joined.clock.advance(minutes=1)
    joined.work()

    assert broken == [Status.PENDING] * 2
    assert statuses(joined, invoices) == [Status.SUCCESS] * 2


@pytest.mark.fault("F25")
def test_maintenance_is_no_attempt_of_a_document(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.sandbox.fault("GET /Contacts*", "answer 503", times=None)

    for _ in range(15):
        joined.work()
        joined.clock.advance(minutes=16)
    held = joined.status(invoice)
    joined.sandbox.clear_faults()
    joined.work()
    joined.clock.advance(minutes=16)
    joined.work()

    assert held.status is Status.PENDING
    assert joined.status(invoice).status is Status.SUCCESS
    assert set(Job.objects.values_list("attempts", flat=True)) == {0}


@pytest.mark.fault("F13")
def test_an_outage_costs_a_few_calls_and_not_one_for_each_document(joined: Joined) -> None:
    invoices = [joined.invoice(client=joined.client(f"Client {number} Ltd")) for number in range(6)]
    for invoice in invoices:
        joined.copy(invoice)
    Job.objects.filter(kind="contact").update(goes_alone=True)
    joined.sandbox.fault("GET /Contacts*", "answer 500", times=None)
    before = len(joined.sandbox.requests())

    joined.work()

    assert len(joined.sandbox.requests()) - before == 3
    assert Lane.objects.get().blocked_because == "unreachable"
    assert statuses(joined, invoices) == [Status.PENDING] * 6


@pytest.mark.fault("F95")
def test_four_calls_of_bulk_at_once_are_enough_and_a_click_may_be_the_fifth(joined: Joined) -> None:
    lane = lane_of(joined.connection)
    now = joined.clock()
    lane.calls = [[str(number), now.timestamp() + 90, True] for number in range(4)]

    bulk = governor.held_back(lane, urgency=BULK, limits=LIMITS, now=now)

    assert bulk is not None
    assert bulk.reason == "limit"
    assert governor.held_back(lane, urgency=CLICK, limits=LIMITS, now=now) is None


@pytest.mark.fault("F29")
@pytest.mark.parametrize(("left", "bulk_may", "click_may"), [(501, True, True), (500, False, True), (50, False, False)])
def test_the_brake_of_the_app_holds_bulk_of_all_organisations_first(
    joined: Joined, left: int, *, bulk_may: bool, click_may: bool
) -> None:
    lane = lane_of(joined.connection)
    now = joined.clock()
    Brake.objects.create(provider="xero", calls_left=left, told_at=now)
    a_minute_on = now + timedelta(seconds=61)

    assert (governor.held_back(lane, urgency=BULK, limits=LIMITS, now=now) is None) is bulk_may
    assert (governor.held_back(lane, urgency=CLICK, limits=LIMITS, now=now) is None) is click_may
    assert governor.held_back(lane, urgency=BULK, limits=LIMITS, now=a_minute_on) is None


@pytest.mark.parametrize(("left", "noted"), [(999, [999]), (1000, []), (None, [])])
def test_what_the_app_has_left_is_noted_when_it_is_little(joined: Joined, left: int | None, noted: list[int]) -> None:
    lane = lane_of(joined.connection)
    receipt = Receipt("GET", "/Contacts", joined.clock(), 0.1, 200, "", "", "", app_minute_left=left)

    governor.note(lane.pk, receipt, slot="none", limits=LIMITS, now=joined.clock())

    assert list(Brake.objects.values_list("calls_left", flat=True)) == noted


@pytest.mark.fault("F28")
def test_a_day_that_was_used_up_is_looked_at_again_after_half_an_hour(joined: Joined) -> None:
    lane = lane_of(joined.connection)
    lane.day_left, lane.day_left_at = 3, joined.clock()
    later = joined.clock() + timedelta(minutes=30)

    held = governor.held_back(lane, urgency=BULK, limits=LIMITS, now=joined.clock())

    assert held is not None
    assert (held.reason, held.retry_after) == ("day limit", timedelta(minutes=30))
    assert governor.held_back(lane, urgency=BULK, limits=LIMITS, now=later) is None


def test_trouble_of_one_consent_does_not_hold_the_whole_organisation(joined: Joined) -> None:
    lane = lane_of(joined.connection)

    held = governor.trouble(lane.pk, TryAgainLater("refreshing", reason="token"), spread=0, now=joined.clock())

    assert held is None


@pytest.mark.fault("F112")
def test_rows_of_a_newer_release_wait_for_a_worker_of_that_release(joined: Joined) -> None:
    [newer, ours] = waiting_in_bulk(joined, 2)
    Job.objects.filter(invoice=newer).update(format_version=claims.FORMAT + 1)

    joined.work()

    assert statuses(joined, [newer, ours]) == [Status.PENDING, Status.SUCCESS]


def test_a_workspace_that_left_the_plan_sends_nothing(joined: Joined) -> None:
    [invoice] = waiting_in_bulk(joined, 1)
    joined.workspace.plan = "pro"
    joined.workspace.save()

    joined.work()

    assert Job.objects.get(invoice=invoice).waiting_because == "plan"
    assert joined.invoices_there(invoice.number) == []


def errand_of(joined: Joined, job: Job) -> tuple[Road, Errand]:
    """Return a job as a worker has it in hand that just took the lane."""
    lane = lane_of(joined.connection)
    fence = governor.take_lease(lane.pk, now=joined.clock())
    assert fence is not None
    road = Road(joined.connection, lane_id=lane.pk, fence=fence, urgency=CLICK, clock=joined.clock, spread=lambda: 0.5)
    return road, road.errands([job])[0]


def too_early() -> None:
    raise NotYet("contact", for_=timedelta(minutes=2))


def test_a_contact_that_comes_between_the_look_and_the_note_wakes_its_invoice(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    job = Job.objects.get(invoice=invoice)
    Link.objects.create(
        connection=joined.connection, kind="contact", client=invoice.client, remote_id="id", made_at=joined.clock()
    )

    guarded(*errand_of(joined, job), too_early)

    job.refresh_from_db()
    assert (job.next_at, job.waiting_because) == (joined.clock(), "")


def test_a_contact_that_fails_between_the_look_and_the_note_wakes_its_invoice(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    Job.objects.filter(client=invoice.client).update(state=Job.State.FAILED)
    job = Job.objects.get(invoice=invoice)

    guarded(*errand_of(joined, job), too_early)

    job.refresh_from_db()
    assert (job.next_at, job.waiting_because) == (joined.clock(), "")


def test_a_contact_that_fails_ends_the_waiting_of_its_invoice_at_once(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    waiting = Job.objects.get(invoice=invoice)
    # In another thread, while the contact is under way.
    guarded(*errand_of(joined, waiting), too_early)
    contact = Job.objects.get(client=invoice.client)

    def refuse() -> None:
        raise Refused(Refusal(RefusalCode.MISSING_ROLE))

    Lane.objects.update(lease_expires_at=None)
    guarded(*errand_of(joined, contact), refuse)
    Lane.objects.update(lease_expires_at=None)
    joined.work()

    assert joined.status(invoice).code == "missing_role"


@pytest.mark.fault("F97")
def test_an_invoice_that_was_closed_while_it_waited_is_not_sent(joined: Joined) -> None:
    [closed, open_one] = waiting_in_bulk(joined, 2)
    invoicing.close_invoice(closed, by=joined.by, now=joined.clock())

    joined.work()

    assert statuses(joined, [closed, open_one]) == [Status.NOT_SYNCED, Status.SUCCESS]
    assert joined.invoices_there(closed.number) == []


@pytest.mark.fault("F108")
def test_workers_share_the_clock_of_the_database(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(minutes=10))

    shared = clock.shared()

    assert abs(shared() - real) < timedelta(seconds=30)
    assert shared() < shared()


@pytest.mark.fault("F82")
def test_a_request_of_an_ended_epoch_is_looked_for_and_not_sent_again(joined: Joined) -> None:
    [invoice] = waiting_in_bulk(joined, 1)
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.work()
    Connection.objects.update(epoch=2)
    Job.objects.update(epoch=2)

    joined.clock.advance(seconds=30)
    joined.work()
    puts = joined.asked("PUT", "/Invoices")
    joined.clock.advance(minutes=11)
    joined.work()

    assert puts == 2
    assert joined.status(invoice).status is Status.SUCCESS
    assert joined.asked("PUT", "/Invoices") == 2


def test_a_missing_mapping_fails_one_and_lets_the_others_go(joined: Joined) -> None:
    invoices = waiting_in_bulk(joined, 2)
    TaxMapping.objects.all().delete()
    untouched = joined.client("Waits Ltd")

    joined.work()

    assert {joined.status(each).code for each in invoices} == {"tax_mapping_missing"}
    assert not Link.objects.filter(client=untouched).exists()


def test_two_threads_share_a_lane(transactional_joined: Joined) -> None:
    joined = transactional_joined
    invoices = waiting_in_bulk(joined, 8)
    Job.objects.filter(invoice__in=invoices).update(goes_alone=True)
    clicked = joined.invoice(client=joined.client("Another Ltd"))
    joined.copy(clicked)

    steps = runner.work(lane_of(joined.connection).pk, clock=joined.clock, threads=3, patience=timedelta(seconds=1))

    assert statuses(joined, [*invoices, clicked]) == [Status.SUCCESS] * 9
    # A contact, a click and eight alone.
    assert steps >= 10
    assert lane_of(joined.connection).lease_expires_at is None
    assert all(len(joined.invoices_there(each.number)) == 1 for each in invoices)
