"""Disconnecting: at once here, as soon as possible at Xero, and never more than asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from builders import a_membership, a_workspace, an_administrator
from connections.walking import (
    NOW,
    begin,
    come_back,
    connect,
    consent,
    is_accepted_at_xero,
    joined_at_xero,
    refresh_token,
    token_calls,
)
from keito_books.accounting.errors import TryAgainLater
from keito_books.accounting.port import TokenSet
from keito_books.connections.actions import disconnect
from keito_books.connections.errors import NotConnected
from keito_books.connections.grants import refresh_token_of
from keito_books.connections.leaving import keep_for_revocation, retry_revocations
from keito_books.connections.models import Connection, Grant, Revocation
from keito_books.connections.queries import latest_connection, live_connection
from keito_books.connections.signals import disconnected
from keito_books.connections.tokens import access_for
from keito_books.workspaces.audit import entries_about
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import AuditEntry, Membership, Plan, Role, Workspace
from xero_sandbox.seeds.demo import BRITISH_ID, NEW_ZEALAND_ID
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9460"  # nobody listens here


def ignore(_: object) -> None: ...


def disconnect_while_xero_is_away(by: Membership, settings: Settings) -> Revocation:
    connection = connect(by)
    settings.XERO_SANDBOX_URL, address = NOWHERE, settings.XERO_SANDBOX_URL
    disconnect(connection=connection, by=by, now=NOW)
    settings.XERO_SANDBOX_URL = address
    return Revocation.objects.get()


@pytest.mark.promise("P55", "P56")
def test_disconnecting_revokes_the_tokens_at_xero_and_removes_the_connection_there(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    token = refresh_token(connection)

    done = disconnect(connection=connection, by=by, now=NOW)

    assert done.is_ended_there
    assert "revoked in Xero" in done.sentence
    assert not is_accepted_at_xero(sandbox, token)
    assert joined_at_xero(sandbox) == set()


@pytest.mark.promise("P56")
def test_disconnecting_wipes_the_tokens_here(sandbox: RunningSandbox) -> None:
    by = an_administrator()

    disconnect(connection=connect(by), by=by, now=NOW)

    for kept in (Grant.objects.get(), Revocation.objects.get()):
        assert bytes(kept.sealed_access_token) == bytes(kept.sealed_refresh_token) == b""


@pytest.mark.promise("P57")
def test_disconnecting_keeps_the_row_with_the_organisation(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)

    disconnect(connection=connection, by=by, now=NOW)

    kept = latest_connection(by.workspace)
    assert kept is not None
    assert (kept.pk, kept.organisation_id, kept.state) == (connection.pk, BRITISH_ID, Connection.State.DISCONNECTED)
    assert live_connection(by.workspace) is None
    history = entries_about(by.workspace, "connection", connection.pk)
    assert [each.action for each in history] == ["connection.disconnected", "connection.connected"]


@pytest.mark.fault("F82")
@pytest.mark.promise("P58")
def test_after_a_disconnect_nothing_gets_a_token_and_no_call_that_was_ready_may_leave(
    sandbox: RunningSandbox,
) -> None:
    by = an_administrator()
    connection = connect(by)
    ready = access_for(connection, now=NOW, record=ignore)

    disconnect(connection=Connection.objects.get(pk=connection.pk), by=by, now=NOW)

    with pytest.raises(NotConnected):
        access_for(connection, now=NOW, record=ignore)
    with pytest.raises(TryAgainLater):
        ready.permit()


@pytest.mark.fault("F82")
def test_work_of_an_earlier_epoch_gets_no_token_after_a_reconnect(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    earlier = connect(by)
    disconnect(connection=Connection.objects.get(), by=by, now=NOW)
    connect(by)

    with pytest.raises(NotConnected):
        access_for(earlier, now=NOW, record=ignore)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.MEMBER])
def test_only_administrators_disconnect(sandbox: RunningSandbox, role: Role) -> None:
    by = an_administrator()
    connection = connect(by)

    with pytest.raises(NotAllowed):
        disconnect(connection=connection, by=a_membership(by.workspace, role=role), now=NOW)

    assert live_connection(by.workspace) is not None


def test_an_administrator_of_another_workspace_can_not_disconnect(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())

    with pytest.raises(NotAllowed):
        disconnect(connection=connection, by=an_administrator(), now=NOW)


def test_a_workspace_that_lost_its_plan_may_still_disconnect(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    Workspace.objects.update(plan=Plan.FREE)
    by = Membership.objects.select_related("workspace").get(pk=by.pk)

    disconnect(connection=connection, by=by, now=NOW)

    assert live_connection(by.workspace) is None


def test_disconnecting_twice_does_it_once(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    disconnect(connection=connection, by=by, now=NOW)

    disconnect(connection=connection, by=by, now=NOW)

    assert Revocation.objects.count() == 1
    assert AuditEntry.objects.filter(action="connection.disconnected").count() == 1


def test_an_expired_connection_is_disconnected_without_asking_xero(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    Connection.objects.update(state=Connection.State.EXPIRED)
    Grant.objects.update(sealed_access_token=b"", sealed_refresh_token=b"", retired_at=NOW)
    asked = len(sandbox.requests())

    done = disconnect(connection=connection, by=by, now=NOW)

    assert done.is_ended_there
    assert live_connection(by.workspace) is None
    assert len(sandbox.requests()) == asked


def test_whoever_objects_in_the_same_transaction_keeps_the_connection(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    token = refresh_token(connection)

    def object_to_it(**_: Any) -> None:
        raise RuntimeError("not now")

    disconnected.connect(object_to_it)
    try:
        with pytest.raises(RuntimeError, match="not now"):
            disconnect(connection=connection, by=by, now=NOW)
    finally:
        disconnected.disconnect(object_to_it)

    assert live_connection(by.workspace) == connection
    assert is_accepted_at_xero(sandbox, token)


# --- when Xero is away -------------------------------------------------------------------------------------------


@pytest.mark.fault("F83")
@pytest.mark.promise("P55", "P58")
def test_without_xero_it_is_disconnected_here_at_once(sandbox: RunningSandbox, settings: Settings) -> None:
    by = an_administrator()
    connection = connect(by)
    settings.XERO_SANDBOX_URL = NOWHERE

    done = disconnect(connection=connection, by=by, now=NOW)

    assert not done.is_ended_there
    assert "in the background, within a day" in done.sentence
    assert live_connection(by.workspace) is None
    assert bytes(Grant.objects.get().sealed_refresh_token) == b""


@pytest.mark.fault("F83")
@pytest.mark.promise("P56")
def test_a_revocation_that_failed_is_done_in_the_background(sandbox: RunningSandbox, settings: Settings) -> None:
    token = refresh_token_of(disconnect_while_xero_is_away(an_administrator(), settings))

    assert retry_revocations(NOW + timedelta(seconds=59)) == 0
    assert retry_revocations(NOW + timedelta(seconds=60)) == 1

    assert not is_accepted_at_xero(sandbox, token)
    assert joined_at_xero(sandbox) == set()
    done = Revocation.objects.get()
    assert (done.outcome, bytes(done.sealed_refresh_token)) == (Revocation.Outcome.DONE, b"")


def test_a_revocation_refreshes_an_access_token_that_has_run_out(sandbox: RunningSandbox, settings: Settings) -> None:
    disconnect_while_xero_is_away(an_administrator(), settings)
    sandbox.advance(3_600)

    assert retry_revocations(NOW + timedelta(hours=1)) == 1

    assert joined_at_xero(sandbox) == set()
    assert Revocation.objects.get().outcome == Revocation.Outcome.DONE


def test_a_consent_that_is_dead_at_xero_needs_no_revocation(sandbox: RunningSandbox, settings: Settings) -> None:
    disconnect_while_xero_is_away(an_administrator(), settings)
    sandbox.advance(61 * 24 * 3_600)

    assert retry_revocations(NOW + timedelta(hours=1)) == 1

    assert Revocation.objects.get().outcome == Revocation.Outcome.NOT_NEEDED


@pytest.mark.fault("F83")
def test_a_revocation_is_given_up_after_a_day_and_people_are_told(sandbox: RunningSandbox, settings: Settings) -> None:
    by = an_administrator()
    disconnect_while_xero_is_away(by, settings)
    settings.XERO_SANDBOX_URL = NOWHERE
    now = NOW
    while Revocation.objects.get().outcome == Revocation.Outcome.WAITING:
        now = Revocation.objects.get().next_at
        retry_revocations(now)

    given_up = Revocation.objects.get()
    assert given_up.outcome == Revocation.Outcome.GIVEN_UP
    assert NOW + timedelta(hours=24) <= now <= NOW + timedelta(hours=25)
    assert bytes(given_up.sealed_refresh_token) == b""
    told = AuditEntry.objects.get(workspace=by.workspace, action="connection.revocation_given_up")
    assert "still listed there" in told.details["because"]


def test_tokens_that_arrive_after_the_disconnect_are_the_ones_that_are_revoked(
    sandbox: RunningSandbox, settings: Settings
) -> None:
    revocation = disconnect_while_xero_is_away(an_administrator(), settings)
    late = TokenSet("late-access", "late-refresh", NOW + timedelta(minutes=30), NOW + timedelta(days=60), "")

    keep_for_revocation(revocation.grant_id, late)

    assert refresh_token_of(Revocation.objects.get()) == "late-refresh"


# --- the trap: revoking at Xero takes everything of the same person ----------------------------------------------


def test_disconnecting_one_workspace_leaves_another_of_the_same_xero_user_working(sandbox: RunningSandbox) -> None:
    here, there = an_administrator(), an_administrator(a_workspace("Northgate Studio"))
    mine, theirs = connect(here, BRITISH_ID), connect(there, NEW_ZEALAND_ID)

    disconnect(connection=mine, by=here, now=NOW)

    assert joined_at_xero(sandbox) == {NEW_ZEALAND_ID}
    assert is_accepted_at_xero(sandbox, refresh_token(theirs))


def test_the_last_workspace_of_a_xero_user_to_leave_revokes(sandbox: RunningSandbox) -> None:
    here, there = an_administrator(), an_administrator(a_workspace("Northgate Studio"))
    mine, theirs = connect(here, BRITISH_ID), connect(there, NEW_ZEALAND_ID)
    disconnect(connection=mine, by=here, now=NOW)
    token = refresh_token(theirs)

    disconnect(connection=theirs, by=there, now=NOW)

    assert joined_at_xero(sandbox) == set()
    assert not is_accepted_at_xero(sandbox, token)


@pytest.mark.fault("F87")
def test_two_workspaces_joined_to_one_organisation_leave_one_by_one(sandbox: RunningSandbox) -> None:
    here, there = an_administrator(), an_administrator(a_workspace("Northgate Studio"))
    mine, theirs = connect(here, BRITISH_ID), connect(there, BRITISH_ID)

    disconnect(connection=mine, by=here, now=NOW)

    assert joined_at_xero(sandbox) == {BRITISH_ID}
    assert is_accepted_at_xero(sandbox, refresh_token(theirs))


def test_a_revocation_that_waits_spares_whoever_reconnected_meanwhile(
    sandbox: RunningSandbox, settings: Settings
) -> None:
    by = an_administrator()
    disconnect_while_xero_is_away(by, settings)
    again = connect(by)

    retry_revocations(NOW + timedelta(minutes=2))

    assert Revocation.objects.get().outcome == Revocation.Outcome.NOT_NEEDED
    assert joined_at_xero(sandbox) == {BRITISH_ID}
    assert is_accepted_at_xero(sandbox, refresh_token(again))


def test_a_revocation_that_waits_spares_whoever_is_choosing_at_this_moment(
    sandbox: RunningSandbox, settings: Settings
) -> None:
    by = an_administrator()
    disconnect_while_xero_is_away(by, settings)
    come_back(consent(begin(by), NEW_ZEALAND_ID), by)
    calls = token_calls(sandbox)

    retry_revocations(NOW + timedelta(minutes=2))

    assert joined_at_xero(sandbox) == {NEW_ZEALAND_ID}
    assert token_calls(sandbox) == calls


def moments(*minutes: int) -> list[datetime]:
    return [NOW + timedelta(minutes=each) for each in minutes]


def test_revocations_wait_longer_each_time(sandbox: RunningSandbox, settings: Settings) -> None:
    disconnect_while_xero_is_away(an_administrator(), settings)
    settings.XERO_SANDBOX_URL = NOWHERE
    due = []
    for _ in range(4):
        due.append(Revocation.objects.get().next_at)
        retry_revocations(due[-1])

    assert due == moments(1, 3, 7, 15)
