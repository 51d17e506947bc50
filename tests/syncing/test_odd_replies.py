"""Whatever becomes of a request or of its reply: one document at the end, and true words in between."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal

import pytest

from joined import Joined
from keito_books.connections.providing import provider_for
from keito_books.invoicing.models import Invoice
from keito_books.syncing import governor, runner
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import BULK, CLICK, Dispatch, Job
from keito_books.syncing.status import Status
from xero_sandbox.seeds.demo import DEMO_CLIENT_ID

ODD = [
    "save and reset in the middle of the reply",
    "save and reset the connection",
    "save and cut the reply short",
    "answer malformed JSON",
    "answer an HTML page",
    "answer an empty list",
    "answer without ids",
    "answer unknown values",
    "answer everything twice",
    "answer a redirect",
    "carry out twice",
]


def whole(joined: Joined) -> Invoice:
    """Ask for an invoice with a new contact and a payment."""
    invoice = joined.invoice(client=joined.client("Only Once Ltd"), paid="40")
    joined.copy(invoice)
    return invoice


def work_through(joined: Joined) -> None:
    """Work until three quarantines of ten minutes are over, one behind the other."""
    joined.work()
    for _ in range(14):
        joined.clock.advance(minutes=3)
        joined.work()
    joined.token = joined.sandbox.grant([joined.connection.organisation_name])["access_token"]


@pytest.mark.fault("F18", "F20", "F21", "F22", "F23", "F30", "F35", "F39")
@pytest.mark.parametrize("then", ODD)
def test_one_contact_one_invoice_and_one_payment_whatever_becomes_of_the_replies(joined: Joined, then: str) -> None:
    invoice = whole(joined)
    for route in ("PUT /Contacts", "PUT /Invoices", "PUT /Payments"):
        joined.sandbox.fault(route, then, times=1)

    work_through(joined)

    contacts = joined.there("Contacts", where='Name=="Only Once Ltd"')["Contacts"]
    [there] = joined.invoices_there(invoice.number)
    assert joined.status(invoice).status is Status.SUCCESS
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS]
    assert (len(contacts), len(there["Payments"])) == (1, 1)


@pytest.mark.fault("F22")
@pytest.mark.parametrize("status", [200, 404, 502])
def test_a_page_of_html_is_not_shown_to_people(joined: Joined, status: int) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "answer an HTML page", times=1, status=status)
    joined.copy(invoice)

    joined.work()

    told = joined.status(invoice)
    assert told.status is Status.PENDING
    assert "has not answered" in told.text
    assert "<" not in told.text


@pytest.mark.fault("F17")
@pytest.mark.parametrize(("kind", "path"), [("invoice", "Invoices"), ("payment", "Payments")])
@pytest.mark.parametrize("seconds", [5, 240])
def test_a_request_that_is_carried_out_late_makes_one_document(
    joined: Joined, kind: str, path: str, seconds: float
) -> None:
    invoice = joined.invoice(paid="40")
    joined.sandbox.fault(f"PUT /{path}", "apply late and drop the reply", times=1, seconds=0.3)
    joined.copy(invoice)
    joined.work()
    asked = joined.asked("PUT", f"/{path}")
    joined.clock.advance(seconds=seconds)

    joined.work()
    time.sleep(0.6)
    joined.clock.advance(minutes=11)
    joined.work()
    joined.clock.advance(minutes=3)
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    assert asked == 1
    assert joined.status(invoice).status is Status.SUCCESS
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS]
    assert [each["Amount"] for each in there["Payments"]] == [Decimal(40)]
    assert Dispatch.objects.filter(kind=kind).count() == 1


@pytest.mark.fault("F42")
def test_a_look_that_does_not_show_the_newest_yet_makes_no_second_document(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.sandbox.fault("GET /Invoices*", "answer as it was", times=None, seconds=60)
    joined.copy(invoice)
    joined.work()

    joined.clock.advance(minutes=4)
    joined.work()
    joined.clock.advance(minutes=7)
    joined.work()

    assert joined.status(invoice).status is Status.SUCCESS
    assert Dispatch.objects.filter(kind="invoice").count() == 1


@pytest.mark.fault("F43")
def test_two_that_could_be_ours_are_shown_and_nothing_more_is_sent(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()
    joined.sandbox.fault("GET /Invoices", "answer everything twice", times=1)

    joined.clock.advance(minutes=11)
    joined.work()

    stopped = joined.status(invoice)
    assert (stopped.status, stopped.code) == (Status.FAILED, "possible_duplicate")
    assert f"invoice {invoice.number}" in stopped.text
    assert joined.asked("PUT", "/Invoices") == 1


@pytest.mark.fault("F33")
def test_a_key_that_xero_knows_for_another_request_leads_to_a_look(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()
    sent = Dispatch.objects.get(kind="invoice")
    Dispatch.objects.filter(pk=sent.pk).update(body=bytes(sent.body) + b" ")
    joined.clock.advance(seconds=5)

    joined.work()
    clash = [each["status"] for each in joined.sandbox.requests() if "/Invoices" in each["path"]][-1]
    between = joined.status(invoice)
    joined.clock.advance(minutes=11)
    joined.work()

    assert clash == 400
    assert between.status is Status.PENDING
    assert joined.status(invoice).status is Status.SUCCESS
    assert Dispatch.objects.filter(kind="invoice").count() == 1
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F25", "F69")
def test_an_organisation_that_is_offline_is_waited_for(joined: Joined) -> None:
    name = joined.connection.organisation_name
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.sandbox.bookkeeper(name, "go offline")

    joined.work()
    joined.clock.advance(minutes=25)
    joined.work()
    waiting = joined.status(invoice)
    joined.sandbox.bookkeeper(name, "come online")
    joined.clock.advance(minutes=16)
    joined.work()

    assert waiting.status is Status.PENDING
    assert "down for maintenance" in waiting.text
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F27")
def test_a_limit_without_a_wait_is_waited_for_longer_each_time(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.sandbox.fault("* /*", "answer 429", times=6, problem="concurrent")
    waits: list[float] = []

    for _ in range(6):
        joined.work()
        waits.append((Job.objects.get(kind="contact").next_at - joined.clock()).total_seconds())
        joined.clock.advance(seconds=waits[-1] + 0.001)
    refused = [each["status"] for each in joined.sandbox.requests()].count(429)
    joined.clock.advance(minutes=5)
    joined.work()

    # One second at least, and up to 4, 8, 16 ... more by chance.
    assert all(1 <= wait <= 1 + 2 ** (number + 2) for number, wait in enumerate(waits))
    assert refused == 6
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F28")
def test_a_day_that_is_used_up_says_when_it_goes_on_and_fails_nothing(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.sandbox.fault("* /*", "answer 429", times=1, problem="day", retry_after=14_400)
    asked_at = joined.clock()

    joined.work()
    waiting = joined.status(invoice)
    calls = len(joined.sandbox.requests())
    joined.clock.advance(hours=3)
    joined.work()
    calls_inside = len(joined.sandbox.requests())
    joined.clock.advance(hours=1, minutes=1)
    joined.work()

    assert waiting.status is Status.PENDING
    assert "daily limit" in waiting.text
    assert waiting.until is not None
    # Four hours as Xero asked, one second of our own and at most one of jitter.
    assert timedelta(hours=4) < waiting.until - asked_at <= timedelta(hours=4, seconds=2)
    assert calls_inside == calls
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F29")
@pytest.mark.parametrize(("left", "held"), [(400, [BULK]), (40, [CLICK, BULK])])
def test_when_the_apps_minute_runs_low_bulk_stops_before_clicks(joined: Joined, left: int, held: list[int]) -> None:
    joined.sandbox.sandbox.world.limits.app_minutes[DEMO_CLIENT_ID].used = 9_999 - left
    joined.copy(joined.invoice())
    runner.work(lane_of(joined.connection).pk, clock=joined.clock)
    lane = lane_of(joined.connection)
    limits = provider_for("xero").documents

    def waits(urgency: int, seconds: float) -> bool:
        now = joined.clock() + timedelta(seconds=seconds)
        return governor.held_back(lane, urgency=urgency, limits=limits, now=now) is not None

    assert [urgency for urgency in (CLICK, BULK) if waits(urgency, 0)] == held
    assert [urgency for urgency in (CLICK, BULK) if waits(urgency, 61)] == []


@pytest.mark.fault("F44")
def test_a_good_token_that_is_rejected_once_is_refreshed_unseen(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.clock.advance(minutes=2)
    joined.sandbox.fault("PUT /Invoices", "answer 401", times=1)

    joined.work()

    assert joined.status(invoice).status is Status.SUCCESS
    assert joined.asked("POST", "/connect/token") == 1


@pytest.mark.fault("F46")
def test_what_was_made_and_is_gone_is_not_made_again(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()
    [there] = joined.invoices_there(invoice.number)
    joined.there(f"Invoices/{there['InvoiceID']}", "POST", {"DueDate": "2026-12-24"})
    joined.clock.advance(minutes=11)
    joined.work()
    differs = joined.status(invoice)
    joined.sandbox.fault("GET /Invoices/{id}", "answer 404", times=1)

    joined.copy(invoice)
    joined.work()

    gone = joined.status(invoice)
    assert differs.code == "not_as_sent"
    assert (gone.status, gone.code) == (Status.FAILED, "deleted_remotely")
    assert joined.asked("PUT", "/Invoices") == 1
