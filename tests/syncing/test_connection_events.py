"""Disconnecting stops everything and forgets nothing; reconnecting goes on where it was; expiring only pauses."""

from __future__ import annotations

import pytest

from builders import a_payment
from connections.walking import connect
from joined import Joined
from keito_books.connections.actions import disconnect
from keito_books.connections.models import Connection
from keito_books.syncing.errors import NotConnectedNow
from keito_books.syncing.models import Job, Link
from keito_books.syncing.status import Status


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
    first, second = joined.invoice(), joined.invoice()
    joined.copy(first)
    joined.work()
    joined.clock.advance(minutes=31)
    joined.copy(second)
    joined.work()

    assert joined.status(second).status is Status.SUCCESS
    assert joined.asked("POST", "/connect/token") == 1
