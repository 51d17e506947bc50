"""Disconnecting stops everything and forgets nothing; reconnecting goes on where it was; expiring only pauses."""

from __future__ import annotations

from typing import Any

import pytest

from builders import a_payment, an_invoice_draft
from connections.walking import NOW, SESSION, begin, connect, consent, the
from connections.walking import come_back as return_with
from joined import Joined, join
from keito_books.connections.actions import confirm_other_organisation, disconnect
from keito_books.connections.models import Connection
from keito_books.connections.outcomes import ConfirmOther, Connected
from keito_books.providers.xero.documents import XeroDocuments
from keito_books.syncing.errors import NotConnectedNow
from keito_books.syncing.models import Dispatch, Job, Link
from keito_books.syncing.status import Status
from xero_sandbox.seeds.demo import NEW_ZEALAND_ID
from xero_sandbox.testing import RunningSandbox


def leave(joined: Joined) -> None:
    disconnect(connection=joined.connection, by=joined.by, now=joined.clock())


def come_back(joined: Joined) -> None:
    joined.connection = connect(joined.by, joined.connection.organisation_id, now=joined.clock())


@pytest.mark.fault("F82")
@pytest.mark.promise("P57", "P58")
def test_disconnecting_stops_what_waits_and_keeps_what_was_done(joined: Joined) -> None:
    done, waiting = joined.invoice(), joined.invoice()
    joined.copy(done)
    joined.work()
    joined.copy(waiting)

    leave(joined)
    calls = len(joined.sandbox.requests())
    joined.clock.advance(minutes=20)
    joined.work()
    a_payment(done, joined.by, "10")

    assert len(joined.sandbox.requests()) == calls
    assert joined.status(done).status is Status.SUCCESS
    assert joined.status(done).remote_id == Link.objects.get(invoice=done).remote_id
    assert joined.status(waiting).status is Status.NOT_SYNCED
    assert not Job.objects.filter(kind="payment").exists()
    with pytest.raises(NotConnectedNow, match="Settings > Integrations > Xero"):
        joined.copy(waiting)


@pytest.mark.fault("F84")
@pytest.mark.promise("P60")
def test_reconnecting_to_the_same_organisation_keeps_links_and_sends_nothing_twice(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    leave(joined)

    come_back(joined)
    joined.copy(invoice)
    second = joined.invoice(client=invoice.client)
    joined.copy(second)
    joined.work()

    assert joined.connection.epoch == 2
    assert joined.status(second).status is Status.SUCCESS
    assert joined.asked("PUT", "/Contacts") == 1
    assert joined.asked("PUT", "/Invoices") == 2


@pytest.mark.fault("F82", "F84")
def test_what_may_have_arrived_is_looked_up_after_a_reconnect(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()

    leave(joined)
    between = joined.status(invoice)
    joined.clock.advance(minutes=20)
    come_back(joined)
    joined.work()

    assert between.status is Status.PENDING
    assert "disconnected before this was certain" in between.text
    assert joined.status(invoice).status is Status.SUCCESS
    assert joined.asked("PUT", "/Invoices") == 1
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.fault("F76")
@pytest.mark.promise("P59", "P61")
def test_an_expired_connection_pauses_and_goes_on_after_a_reconnect(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.clock.advance(days=61)
    joined.copy(invoice)

    joined.work()
    joined.clock.advance(minutes=6)
    joined.work()
    joined.connection.refresh_from_db()
    paused = joined.status(invoice)
    come_back(joined)
    joined.work()

    assert paused.status is Status.PENDING
    assert "expired" in paused.text
    assert joined.connection.state == Connection.State.ACTIVE
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.promise("P18")
def test_a_token_that_expires_on_the_way_is_refreshed_unseen(joined: Joined) -> None:
    first = joined.invoice()
    second = joined.invoice(client=first.client)
    joined.copy(first)
    joined.work()
    joined.clock.advance(minutes=31)
    joined.copy(second)
    joined.work()

    assert joined.status(second).status is Status.SUCCESS
    assert joined.asked("POST", "/connect/token") == 1


@pytest.mark.fault("F70")
def test_a_token_that_runs_out_between_two_sendings_changes_neither_key_nor_bytes(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.clock.advance(minutes=24, seconds=30)
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()
    renewed = joined.asked("POST", "/connect/token")

    joined.clock.advance(minutes=1)
    joined.work()

    sent = Dispatch.objects.get(kind="invoice")
    assert (renewed, joined.asked("POST", "/connect/token")) == (0, 1)
    assert joined.status(invoice).status is Status.SUCCESS
    assert sent.sends == 2


@pytest.mark.fault("F82")
def test_an_answer_that_comes_in_after_a_disconnect_is_recorded(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, waiting = joined.invoice(), joined.invoice()
    joined.copy(done)
    send = XeroDocuments.send

    def send_and_leave(*args: Any, **named: Any) -> object:
        verdicts = send(*args, **named)
        if args[2].kind == "invoice":
            joined.copy(waiting)
            leave(joined)
        return verdicts

    monkeypatch.setattr(XeroDocuments, "send", send_and_leave)

    joined.work()
    calls = joined.asked("PUT", "/api.xro")
    joined.clock.advance(minutes=20)
    joined.work()

    assert joined.status(done).status is Status.SUCCESS
    assert Link.objects.filter(invoice=done).exists()
    assert joined.status(waiting).status is Status.NOT_SYNCED
    assert joined.asked("PUT", "/api.xro") == calls


@pytest.mark.fault("F85")
def test_another_organisation_gets_nothing_by_itself_and_the_links_to_the_first_rest(joined: Joined) -> None:
    done, waiting = joined.invoice(), joined.invoice()
    joined.copy(done)
    joined.work()
    joined.copy(waiting)
    asked = the(ConfirmOther, return_with(consent(begin(joined.by), NEW_ZEALAND_ID), joined.by))
    the(Connected, confirm_other_organisation(attempt=asked.attempt, by=joined.by, session_key=SESSION, now=NOW))
    calls = joined.asked("PUT", "/api.xro")

    for connection in Connection.objects.all():
        joined.connection = connection
        joined.clock.advance(minutes=20)
        joined.work()

    assert (asked.old_name, asked.new_name) == ("Harbour & Finch Ltd", "Kōwhai Studio")
    assert joined.asked("PUT", "/api.xro") == calls
    assert {joined.status(each).status for each in (done, waiting)} == {Status.NOT_SYNCED}
    assert Link.objects.get(invoice=done).connection.state == Connection.State.DISCONNECTED


@pytest.mark.fault("F87")
def test_two_workspaces_in_one_organisation_are_never_mixed(db: None, sandbox: RunningSandbox) -> None:
    mine, theirs = join(sandbox), join(sandbox)
    my_invoice = mine.invoice(draft=an_invoice_draft(mine.client("Shared Ltd"), number="INV-1"))
    same_number = theirs.invoice(draft=an_invoice_draft(theirs.client("Shared Ltd"), number="INV-1"))
    another = theirs.invoice(draft=an_invoice_draft(same_number.client, number="INV-2"))

    for joined, invoice in ((mine, my_invoice), (theirs, same_number), (theirs, another)):
        joined.copy(invoice)
        joined.work()

    [there] = mine.invoices_there("INV-1")
    assert mine.status(my_invoice).remote_id == there["InvoiceID"]
    assert theirs.status(same_number).code == "number_taken"
    assert theirs.status(another).status is Status.SUCCESS
    assert Link.objects.get(invoice=another).connection == theirs.connection
    assert not Link.objects.filter(invoice=same_number).exists()
