"""Webhooks reach a receiver on the loopback: what happened, signed, in order, once."""

import re
from typing import Any

import pytest

from sandbox_client import Client, a_line, an_invoice
from webhook_receiver import Receiver
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
pytestmark = pytest.mark.usefixtures("subscription")


def events(batches: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["eventCategory"], one["eventType"]) for batch in batches for one in batch["events"]]


def subscription_now(sandbox: RunningSandbox) -> dict[str, Any]:
    shown: dict[str, Any] = sandbox.door("GET", "/webhooks")["subscriptions"][0]
    return shown


def test_an_own_write_comes_back_as_an_event(sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
    invoice = xero.invoice()

    [batch] = receiver.wait_for_batches(1)

    [event] = batch["events"]
    assert (event["eventCategory"], event["eventType"]) == ("INVOICE", "CREATE")
    assert (event["resourceId"], event["tenantId"]) == (invoice["InvoiceID"], xero.tenant_id)
    assert event["tenantType"] == "ORGANISATION"
    assert event["resourceUrl"] == f"{sandbox.url}/api.xro/2.0/Invoices/{invoice['InvoiceID']}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", event["eventDateUtc"])
    assert (batch["firstEventSequence"], batch["lastEventSequence"]) == (1, 1)
    assert re.fullmatch(r"[A-Z]{20}", batch["entropy"])
    assert receiver.heard == [(batch, True)]


def test_the_url_of_an_event_answers_the_document(xero: Client, receiver: Receiver) -> None:
    invoice = xero.invoice()
    [batch] = receiver.wait_for_batches(1)

    fetched = xero.get(batch["events"][0]["resourceUrl"])

    assert fetched["Invoices"][0]["InvoiceNumber"] == invoice["InvoiceNumber"]


def test_a_credit_note_is_told_with_its_type_and_status(xero: Client, receiver: Receiver) -> None:
    asked = {"Type": "ACCRECCREDIT", "Contact": {"Name": "Bluebell Bakeries Ltd"}, "LineItems": [a_line()]}
    made = xero.put("/CreditNotes", asked)["CreditNotes"][0]

    [event] = receiver.wait_for_events(1)

    assert (event["eventCategory"], event["resourceId"]) == ("CREDITNOTE", made["CreditNoteID"])
    assert event["data"] == {"Type": "ACCRECCREDIT", "Status": "DRAFT"}
    assert xero.get(event["resourceUrl"])["CreditNotes"][0]["CreditNoteID"] == made["CreditNoteID"]


@pytest.mark.parametrize("kind", ["PREPAYMENT", "OVERPAYMENT"])
def test_prepayments_and_overpayments_are_told_to_who_asks_for_them(
    sandbox: RunningSandbox, xero: Client, receiver: Receiver, kind: str
) -> None:
    sandbox.door("POST", "/webhooks", {"url": receiver.url, "categories": [kind]})
    line = a_line(AccountCode="610" if kind == "OVERPAYMENT" else "620")
    asked = {"Type": f"RECEIVE-{kind}", "BankAccount": {"Code": "090"}, "LineItems": [line]}
    xero.put("/BankTransactions", asked | {"Contact": {"Name": "Bluebell Bakeries Ltd"}})

    [event] = receiver.wait_for_events(1)

    assert (event["eventCategory"], event["eventType"]) == (kind, "CREATE")
    assert event["data"] == {"Type": f"RECEIVE-{kind}", "Status": "AUTHORISED"}
    assert xero.get(event["resourceUrl"])[f"{kind.capitalize()}s"]


def test_without_being_asked_for_they_are_not_told(sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
    asked = {"Type": "RECEIVE-PREPAYMENT", "BankAccount": {"Code": "090"}, "LineItems": [a_line(AccountCode="620")]}
    xero.put("/BankTransactions", asked | {"Contact": {"Name": "Bluebell Bakeries Ltd"}})
    xero.contact("Told")

    assert events(receiver.wait_for_batches(1)) == [("CONTACT", "CREATE")]


def test_one_call_is_one_batch_with_its_sequences(xero: Client, receiver: Receiver) -> None:
    xero.put("/Invoices", {"Invoices": [an_invoice(Contact={"Name": "New Ltd"}), an_invoice(), an_invoice()]})

    [batch] = receiver.wait_for_batches(1)

    assert events([batch]) == [("CONTACT", "CREATE"), *[("INVOICE", "CREATE")] * 3]
    assert (batch["firstEventSequence"], batch["lastEventSequence"]) == (1, 4)


def test_a_write_that_was_refused_tells_nothing(xero: Client, receiver: Receiver) -> None:
    xero.refused("PUT", "/Invoices", {"Invoices": [an_invoice(), an_invoice(Contact=None)]})
    xero.contact("Told")

    assert events(receiver.wait_for_batches(1)) == [("CONTACT", "CREATE")]


def test_what_people_do_in_xero_is_told_too(sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
    number = xero.invoice()["InvoiceNumber"]
    receiver.wait_for_batches(1)

    sandbox.bookkeeper(BRITISH, "pay invoice", invoice=number)
    sandbox.bookkeeper(BRITISH, "archive contact", contact="Bluebell Bakeries Ltd")

    told = [(one["eventCategory"], one["eventType"]) for one in receiver.wait_for_events(3)]
    assert told == [("INVOICE", "CREATE"), ("INVOICE", "UPDATE"), ("CONTACT", "UPDATE")]


def test_an_organisation_that_is_not_connected_is_not_told_of(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.bookkeeper(BRITISH, "archive contact", contact="Bluebell Bakeries Ltd")

    sandbox.door("POST", "/webhooks/deliver")

    assert receiver.heard == []


def test_only_what_was_subscribed_to_is_told(sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
    sandbox.door("POST", "/webhooks", {"url": receiver.url, "categories": ["CONTACT"]})
    xero.invoice(Contact={"Name": "New Ltd"})

    assert events(receiver.wait_for_batches(1)) == [("CONTACT", "CREATE")]


class TestRetries:
    def test_a_refused_batch_comes_again_as_it_was_and_later_ones_wait(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        self.refuse_twice(sandbox, xero, receiver, 500)
        xero.contact("Second")
        receiver.status = None
        sandbox.advance(60)

        first, again, taken, second = receiver.wait_for_batches(4)

        assert first == again == taken
        assert (second["firstEventSequence"], second["lastEventSequence"]) == (2, 2)

    def test_attempts_grow_rarer_by_the_control_clock(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        assert self.attempts_after(sandbox, xero, receiver, [60, 300, 900, 1800]) == [1, 2, 3, 4, 5, 6]

    def test_the_other_reading_tries_every_fifteen_minutes(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        sandbox.door("PUT", "/readings", {"webhooks_retry_every_15_minutes": True})

        assert self.attempts_after(sandbox, xero, receiver, [900, 900]) == [1, 2, 3, 4]

    def test_after_a_day_the_subscription_is_switched_off_and_keeps_what_happens(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        self.refuse_twice(sandbox, xero, receiver, 503)
        sandbox.advance(24 * 3600)
        off = sandbox.door("POST", "/webhooks/deliver")["subscriptions"][0]
        sandbox.bookkeeper(BRITISH, "rename contact", contact="First", name="Renamed")
        tried = len(receiver.heard)
        receiver.status = None

        on = sandbox.door("POST", "/webhooks/confirm")

        assert (off["status"], on["status"]) == ("disabled", "ok")
        assert events(receiver.wait_for_batches(tried + 1)[tried:]) == [("CONTACT", "CREATE"), ("CONTACT", "UPDATE")]

    def test_events_of_more_than_31_days_ago_are_gone(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        self.refuse_twice(sandbox, xero, receiver, 503)
        sandbox.advance(31 * 24 * 3600 + 1)
        sandbox.door("POST", "/webhooks/deliver")
        receiver.status = None

        assert sandbox.door("POST", "/webhooks/confirm")["waiting"] == 0

    @pytest.mark.parametrize(
        ("body", "headers", "told"),
        [
            (b"thanks", {}, "answered 200 with a body, which must not be"),
            (b"", {"Set-Cookie": "a=b"}, "answered 200 with a cookie, which must not be"),
        ],
    )
    def test_an_answer_with_more_than_a_status_does_not_count(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver, body: bytes, headers: dict[str, str], told: str
    ) -> None:
        receiver.extra_body, receiver.extra_headers = body, headers
        self.refuse_twice(sandbox, xero, receiver, 200)

        assert subscription_now(sandbox)["deliveries"][-1]["outcome"] == told

    def test_an_answer_after_the_patience_is_no_answer(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        sandbox.door("POST", "/webhooks", {"url": receiver.url, "patience_seconds": 0.2})
        receiver.hold.clear()
        xero.contact("First")

        shown = sandbox.door("POST", "/webhooks/deliver")["subscriptions"][0]

        assert shown["deliveries"][-1]["outcome"] == "no answer within 0.2 seconds"
        assert shown["waiting"] == 1

    def test_requests_are_answered_while_a_receiver_is_silent(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        receiver.hold.clear()

        xero.contact("First")

        assert xero.call("GET", "/Contacts").elapsed.total_seconds() < 2

    @staticmethod
    def refuse_twice(sandbox: RunningSandbox, xero: Client, receiver: Receiver, status: int) -> None:
        """Let the first attempt and the one at once after it fail, and wait until the sandbox knows."""
        receiver.status = status
        xero.contact("First")
        receiver.wait_for_batches(2)
        sandbox.door("POST", "/webhooks/deliver")

    def attempts_after(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver, waits: list[float]
    ) -> list[int]:
        """Return the attempts when each next one is made after exactly its wait, and none a second before."""
        sandbox.door("POST", "/clock", {"freeze": True})
        self.refuse_twice(sandbox, xero, receiver, 500)
        for number, wait in enumerate(waits, 3):
            sandbox.advance(wait - 1)
            sandbox.door("POST", "/webhooks/deliver")
            assert len(receiver.batches) == number - 1
            sandbox.advance(1)
            sandbox.door("POST", "/webhooks/deliver")
        told = [one for one in subscription_now(sandbox)["deliveries"] if one["kind"] == "events"]
        return [one["attempt"] for one in told]


class TestTrouble:
    def test_a_dropped_batch_leaves_a_gap(self, sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
        self.ask(sandbox, "drop")
        xero.contact("First")
        sandbox.door("POST", "/webhooks/deliver")
        xero.contact("Second")

        [batch] = receiver.wait_for_batches(1)

        assert batch["firstEventSequence"] == 2
        lost = next(one for one in subscription_now(sandbox)["deliveries"] if one["kind"] == "dropped")
        assert (lost["status"], lost["outcome"]) == (None, "never sent")

    def test_a_doubled_batch_comes_twice(self, sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
        self.ask(sandbox, "double")
        xero.contact("First")

        first, again = receiver.wait_for_batches(2)

        assert first == again

    def test_shuffled_events_come_one_by_one_and_the_newest_first(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        self.ask(sandbox, "shuffle")
        xero.put("/Contacts", {"Contacts": [{"Name": "First"}, {"Name": "Second"}, {"Name": "Third"}]})

        assert [one["firstEventSequence"] for one in receiver.wait_for_batches(3)] == [3, 2, 1]

    def test_a_delayed_batch_waits_by_the_control_clock(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        self.ask(sandbox, "delay", seconds=300)
        xero.contact("First")
        sandbox.door("POST", "/webhooks/deliver")
        before = len(receiver.heard)
        sandbox.advance(300)

        assert before == 0
        assert events(receiver.wait_for_batches(1)) == [("CONTACT", "CREATE")]

    def test_a_forged_batch_goes_before_the_true_one(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        self.ask(sandbox, "forge")
        xero.contact("First")
        receiver.wait_for_batches(1)

        assert [signed_well for _, signed_well in receiver.heard] == [False, True]

    def test_an_old_delivery_can_be_sent_again(self, sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
        xero.contact("First")
        receiver.wait_for_batches(1)
        sandbox.door("POST", "/webhooks/deliver")
        number = subscription_now(sandbox)["deliveries"][-1]["number"]

        replayed = sandbox.door("POST", "/webhooks/replay", {"delivery": number})

        assert (replayed["kind"], replayed["outcome"]) == ("replayed", "taken")
        assert receiver.heard[0] == receiver.heard[1]

    def test_a_body_of_ones_own_can_be_forged(self, sandbox: RunningSandbox, receiver: Receiver) -> None:
        forged = sandbox.door("POST", "/webhooks/forge", {"body": {"events": [], "anything": 1}})

        assert (forged["kind"], forged["status"]) == ("forged", 401)
        assert receiver.heard == [({"events": [], "anything": 1}, False)]

    @staticmethod
    def ask(sandbox: RunningSandbox, then: str, **details: float) -> None:
        sandbox.door("POST", "/webhooks/trouble", {"then": then, **details})
