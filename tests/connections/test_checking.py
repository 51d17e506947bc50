"""What is found out without anybody asking: organisations gone at Xero, keys lost and found."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from builders import a_workspace, an_administrator
from connections.walking import NOW, connect, refresh_token
from consenting import AppServer, bearer
from keito_books.accounting.errors import MustReconnect
from keito_books.accounting.port import Access, Receipt
from keito_books.connections.checking import check_connection, check_connections
from keito_books.connections.grants import access_token_of
from keito_books.connections.models import Connection, Grant
from keito_books.connections.signals import connected, expired
from keito_books.connections.tokens import access_for, call_with_access
from keito_books.workspaces.models import AuditEntry
from xero_sandbox.seeds.demo import BRITISH_ID, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, NEW_ZEALAND_ID
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.django_db
OTHER_KEY = "other:" + base64.b64encode(bytes([9]) * 32).decode()


def ignore(_: Receipt) -> None: ...


def disconnect_inside_xero(sandbox: RunningSandbox, connection: Connection) -> None:
    """Remove the app as a person does on Xero's page of connected apps."""
    assert connection.grant is not None
    server = AppServer(sandbox.url, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)
    try:
        reply = server.http.delete(
            f"/connections/{connection.remote_connection_id}", headers=bearer(access_token_of(connection.grant))
        )
    finally:
        server.close()
    assert reply.status_code == 204


@pytest.fixture
def heard() -> Iterator[list[tuple[str, Any]]]:
    told: list[tuple[str, Any]] = []

    def on_expired(*, connection: Connection, **_: Any) -> None:
        told.append(("expired", connection.pk))

    def on_connected(*, connection: Connection, previous_state: str | None, **_: Any) -> None:
        told.append(("connected", previous_state))

    expired.connect(on_expired)
    connected.connect(on_connected)
    yield told
    expired.disconnect(on_expired)
    connected.disconnect(on_connected)


@pytest.mark.fault("F78")
@pytest.mark.promise("P59")
def test_an_organisation_disconnected_inside_xero_is_found_out_and_shows_as_expired(
    sandbox: RunningSandbox, heard: list[tuple[str, Any]]
) -> None:
    connection = connect(an_administrator())
    disconnect_inside_xero(sandbox, connection)

    check_connections(NOW + timedelta(minutes=1))

    found = Connection.objects.get()
    assert (found.state, found.expired_kind) == (Connection.State.EXPIRED, Connection.Expiry.REMOVED_THERE)
    assert "disconnected from Harbour & Finch Ltd inside Xero" in found.expired_because
    assert heard == [("connected", None), ("expired", connection.pk)]
    assert AuditEntry.objects.filter(action="connection.expired", person=None).count() == 1


def test_connections_that_stand_stay_as_they_are(sandbox: RunningSandbox) -> None:
    connect(an_administrator(), BRITISH_ID)
    connect(an_administrator(a_workspace("Northgate Studio")), NEW_ZEALAND_ID)

    check_connections(NOW + timedelta(minutes=1))

    assert [each.state for each in Connection.objects.all()] == [Connection.State.ACTIVE] * 2


def test_an_organisation_joined_again_keeps_the_mark_of_its_first_consent_and_still_counts(
    sandbox: RunningSandbox,
) -> None:
    by = an_administrator()
    connect(by, BRITISH_ID)
    connect(by, BRITISH_ID)

    check_connections(NOW + timedelta(minutes=1))

    assert Connection.objects.get().is_active


def test_only_the_organisation_that_is_gone_expires(sandbox: RunningSandbox) -> None:
    gone = connect(an_administrator(), BRITISH_ID)
    stays = connect(an_administrator(a_workspace("Northgate Studio")), NEW_ZEALAND_ID)
    disconnect_inside_xero(sandbox, gone)

    check_connections(NOW + timedelta(minutes=1))

    assert not check_connection(gone, now=NOW)
    assert check_connection(stays, now=NOW)


def test_a_name_that_was_changed_at_xero_is_taken_over(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    sandbox.sandbox.world.organisations[BRITISH_ID].name = "Harbour, Finch & Daughters Ltd"

    check_connections(NOW + timedelta(minutes=1))

    assert Connection.objects.get().organisation_name == "Harbour, Finch & Daughters Ltd"


def test_when_xero_does_not_answer_nothing_expires(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    sandbox.fault("GET /connections", "answer 503", times=5)

    check_connections(NOW + timedelta(minutes=1))

    assert Connection.objects.get().is_active


@pytest.mark.fault("F78")
def test_a_call_that_finds_the_organisation_gone_says_reconnect(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    disconnect_inside_xero(sandbox, connection)

    def call(_: Access) -> None:
        raise MustReconnect("no", code="AuthenticationUnsuccessful")

    with pytest.raises(MustReconnect):
        call_with_access(connection, now=NOW, record=ignore, call=call)

    assert Connection.objects.get().state == Connection.State.EXPIRED


# --- keys --------------------------------------------------------------------------------------------------------


@pytest.mark.fault("F91")
def test_a_lost_key_shows_as_expired_and_sends_nothing(sandbox: RunningSandbox, settings: Settings) -> None:
    connection = connect(an_administrator())
    asked = len(sandbox.requests())
    settings.TOKEN_KEYS = OTHER_KEY

    with pytest.raises(MustReconnect):
        access_for(connection, now=NOW, record=ignore)

    assert len(sandbox.requests()) == asked
    found = Connection.objects.get()
    assert (found.state, found.expired_kind) == (Connection.State.EXPIRED, Connection.Expiry.UNREADABLE)
    assert "can put the key back" in found.expired_because


def test_a_key_that_is_put_back_brings_the_connection_back(
    sandbox: RunningSandbox, settings: Settings, heard: list[tuple[str, Any]]
) -> None:
    connection = connect(an_administrator())
    settings.TOKEN_KEYS, key = OTHER_KEY, settings.TOKEN_KEYS
    with pytest.raises(MustReconnect):
        access_for(connection, now=NOW, record=ignore)
    settings.TOKEN_KEYS = key

    check_connections(NOW + timedelta(minutes=1))

    assert Connection.objects.get().is_active
    assert heard[-1] == ("connected", Connection.State.EXPIRED)
    assert access_for(connection, now=NOW, record=ignore).access_token


@pytest.mark.fault("F91")
def test_a_lost_key_can_be_answered_by_reconnecting(sandbox: RunningSandbox, settings: Settings) -> None:
    by = an_administrator()
    connection = connect(by)
    settings.TOKEN_KEYS = OTHER_KEY
    with pytest.raises(MustReconnect):
        access_for(connection, now=NOW, record=ignore)

    again = connect(by)

    assert again.pk == connection.pk
    assert access_for(again, now=NOW, record=ignore).access_token


@pytest.mark.fault("F92")
def test_tokens_swapped_between_two_workspaces_open_for_neither(sandbox: RunningSandbox) -> None:
    mine = connect(an_administrator(), BRITISH_ID)
    theirs = connect(an_administrator(a_workspace("Northgate Studio")), NEW_ZEALAND_ID)
    assert mine.grant is not None
    assert theirs.grant is not None
    Grant.objects.filter(pk=mine.grant.pk).update(
        sealed_access_token=theirs.grant.sealed_access_token, sealed_refresh_token=theirs.grant.sealed_refresh_token
    )

    with pytest.raises(MustReconnect):
        access_for(mine, now=NOW, record=ignore)

    assert Connection.objects.get(pk=mine.pk).expired_kind == Connection.Expiry.UNREADABLE
    assert access_for(theirs, now=NOW, record=ignore).organisation_id == NEW_ZEALAND_ID


@pytest.mark.fault("F90")
def test_tokens_are_opened_with_an_older_key_and_sealed_with_the_newer(
    sandbox: RunningSandbox, settings: Settings
) -> None:
    connection = connect(an_administrator())
    settings.TOKEN_KEYS = f"{OTHER_KEY},{settings.TOKEN_KEYS}"

    access_for(connection, now=NOW + timedelta(minutes=40), record=ignore)
    settings.TOKEN_KEYS = OTHER_KEY

    assert refresh_token(connection)
