"""What the settings page shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import an_administrator
from connections.walking import NOW, connect
from keito_books.connections.actions import disconnect, note_success
from keito_books.connections.models import Connection
from keito_books.connections.providing import is_offered, offers
from keito_books.connections.queries import active_connection, facts_of, latest_connection, live_connection
from keito_books.workspaces.models import Membership
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.django_db


@pytest.mark.promise("P16")
def test_the_facts_name_organisation_person_and_how_long_the_consent_lives(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    note_success(connection, now=NOW + timedelta(hours=2))
    connection.refresh_from_db()

    facts = facts_of(connection, now=NOW + timedelta(days=9, hours=1))

    assert (facts.provider_name, facts.organisation_name) == ("Xero", "Harbour & Finch Ltd")
    assert (facts.connected_by, facts.connected_at) == (by.person, NOW)
    assert (facts.lives_until, facts.days_left) == (NOW + timedelta(days=60), 50)
    assert facts.last_success_at == NOW + timedelta(hours=2)
    assert (facts.problem, facts.connector_has_left) == ("", False)


@pytest.mark.fault("F89")
def test_the_facts_tell_when_whoever_connected_has_left(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    Membership.objects.filter(pk=by.pk).delete()

    assert facts_of(connection, now=NOW).connector_has_left


@pytest.mark.promise("P59")
def test_an_expired_connection_shows_why_and_no_days(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    Connection.objects.update(state=Connection.State.EXPIRED, expired_because="Because.")

    facts = facts_of(Connection.objects.get(), now=NOW)

    assert (facts.days_left, facts.problem) == (None, "Because.")


@pytest.mark.promise("P59")
def test_an_expired_connection_is_live_but_not_active(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    Connection.objects.update(state=Connection.State.EXPIRED)

    assert live_connection(by.workspace) == connection
    assert active_connection(by.workspace) is None


def test_a_disconnected_connection_is_only_the_latest(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)

    disconnect(connection=connection, by=by, now=NOW)

    assert live_connection(by.workspace) is None
    assert latest_connection(by.workspace) == connection


def test_xero_is_offered_and_quickbooks_is_named_but_not_yet(sandbox: RunningSandbox) -> None:
    assert [(each.name, each.is_available) for each in offers()] == [("Xero", True), ("QuickBooks", False)]
    assert is_offered("xero")
    assert not is_offered("quickbooks")
    assert not is_offered("sage")
