"""Replies get lost, limits are reached, workers die: one invoice at the end, and true words in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from joined import Joined
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.syncing import governor, runner
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Dispatch
from keito_books.syncing.status import Status


def permit(joined: Joined, *, fence: int, epoch: int = 1) -> str:
    asking = governor.Asking(fence, joined.connection.pk, epoch)
    limits = provider_for("xero").documents
    return governor.permit(lane_of(joined.connection).pk, asking, limits=limits, now=joined.clock())


@pytest.mark.fault("F15")
@pytest.mark.promise("P45", "P68")
def test_a_lost_reply_is_asked_for_again_and_makes_one_invoice(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)

    joined.work()
    unknown = joined.status(invoice)
    joined.clock.advance(seconds=5)
    joined.work()

    assert unknown.status is Status.PENDING
    assert "has not answered" in unknown.text
    assert joined.status(invoice).status is Status.SUCCESS
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F03", "F15", "F49")
def test_a_worker_that_dies_after_sending_is_followed_by_a_look_up(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()

    joined.clock.advance(minutes=4)
    joined.work()
    waiting = joined.status(invoice)
    joined.clock.advance(minutes=7)
    joined.work()

    assert waiting.status is Status.PENDING
    assert "Checking with Xero" in waiting.text
    assert joined.status(invoice).status is Status.SUCCESS
    assert joined.asked("PUT", "/Invoices") == 1
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F16")
def test_a_lost_request_is_sent_anew_only_after_a_clean_look_up(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "drop the request", times=1)
    joined.copy(invoice)
    joined.work()

    joined.clock.advance(minutes=9)
    joined.work()
    after_nine = Dispatch.objects.filter(kind="invoice").count()
    joined.clock.advance(minutes=2)
    joined.work()

    assert after_nine == 1
    assert joined.status(invoice).status is Status.SUCCESS
    assert len(set(Dispatch.objects.filter(kind="invoice").values_list("key", flat=True))) == 2
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F15")
def test_a_lost_payment_reply_makes_one_payment(joined: Joined) -> None:
    invoice = joined.invoice(paid="40")
    joined.sandbox.fault("PUT /Payments", "save and drop the reply", times=1)
    joined.copy(invoice)

    joined.work()
    joined.clock.advance(minutes=11)
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS]
    assert [str(each["Amount"]) for each in there["Payments"]] in (["40.0"], ["40"], ["40.00"])
    assert joined.asked("PUT", "/Payments") == 1


@pytest.mark.fault("F55")
def test_a_lost_contact_reply_makes_one_contact(joined: Joined) -> None:
    invoice = joined.invoice(client=joined.client("Only Once Ltd"))
    joined.sandbox.fault("PUT /Contacts", "save and drop the reply", times=1)
    joined.copy(invoice)

    joined.work()
    joined.clock.advance(minutes=11)
    joined.work()
    joined.clock.advance(minutes=3)
    joined.work()

    found = joined.there("Contacts", where='Name=="Only Once Ltd"')["Contacts"]
    assert len(found) == 1
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F24")
@pytest.mark.parametrize("then", ["answer 500", "save and answer 500", "answer 503"])
def test_a_server_error_is_never_a_failure(joined: Joined, then: str) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", then, times=1)
    joined.copy(invoice)

    joined.work()
    in_between = joined.status(invoice)
    # The server keeps a failed answer under its key for six minutes, so the same key brings the same error.
    joined.clock.advance(minutes=11)
    joined.work()

    assert in_between.status is Status.PENDING
    assert joined.status(invoice).status is Status.SUCCESS
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F26")
@pytest.mark.promise("P65")
def test_a_rate_limit_says_when_it_goes_on_and_goes_on_by_itself(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "answer 429", times=1, retry_after=30)
    joined.copy(invoice)
    asked_at = joined.clock()

    joined.work()
    limited = joined.status(invoice)
    calls = len(joined.sandbox.requests())
    joined.clock.advance(seconds=20)
    joined.work()
    calls_inside = len(joined.sandbox.requests())
    joined.clock.advance(seconds=15)
    joined.work()

    assert limited.status is Status.PENDING
    assert "limit" in limited.text
    # 30 s as Xero asked, one of our own, and up to one of jitter.
    assert limited.until is not None
    assert timedelta(seconds=31) <= limited.until - asked_at <= timedelta(seconds=32)
    assert calls_inside == calls
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F13")
def test_an_unreachable_xero_leaves_the_invoice_pending(joined: Joined, settings: Settings) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    url = joined.sandbox.url
    settings.XERO_SANDBOX_URL = "http://127.0.0.1:9"

    joined.work()
    unreachable = joined.status(invoice)
    settings.XERO_SANDBOX_URL = url
    joined.clock.advance(minutes=1)
    joined.work()

    assert unreachable.status is Status.PENDING
    assert "could not reach Xero" in unreachable.text
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F95", "F101")
def test_a_worker_that_lost_its_lease_sends_nothing(joined: Joined) -> None:
    joined.copy(joined.invoice())
    lane = governor.lane_of(joined.connection)
    old = governor.take_lease(lane.pk, now=joined.clock())
    assert old is not None
    joined.clock.advance(seconds=61)
    new = governor.take_lease(lane.pk, now=joined.clock())

    with pytest.raises(governor.NotPermitted, match="another worker"):
        permit(joined, fence=old)

    assert new == old + 1
    assert runner.work(lane.pk, clock=joined.clock) == 0


@pytest.mark.fault("F82")
def test_nothing_leaves_after_a_disconnect(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    Connection.objects.filter(pk=joined.connection.pk).update(state=Connection.State.DISCONNECTED, grant=None, epoch=2)
    calls = len(joined.sandbox.requests())

    joined.work()

    assert len(joined.sandbox.requests()) == calls


@pytest.mark.fault("F82")
def test_a_permit_of_an_earlier_epoch_is_refused(joined: Joined) -> None:
    lane = governor.lane_of(joined.connection)
    fence = governor.take_lease(lane.pk, now=joined.clock())
    assert fence is not None

    with pytest.raises(governor.NotPermitted, match="has ended"):
        permit(joined, fence=fence, epoch=2)
