"""Several organisations, another one than before, and the same one again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import a_membership, an_administrator
from connections.walking import (
    NOW,
    SESSION,
    allow_several,
    begin,
    come_back,
    connect,
    consent,
    is_accepted_at_xero,
    joined_at_xero,
    refresh_token,
    the,
)
from keito_books.connections.actions import (
    abandon,
    choose_organisation,
    close_attempts,
    confirm_other_organisation,
    disconnect,
)
from keito_books.connections.grants import refresh_token_of
from keito_books.connections.models import ConnectAttempt, Connection, Grant
from keito_books.connections.outcomes import (
    Cancelled,
    ChooseOrganisation,
    ConfirmOther,
    Connected,
    Failed,
    Outcome,
    Why,
)
from keito_books.connections.queries import live_connection, open_attempt
from keito_books.workspaces.models import Membership
from xero_sandbox.seeds.demo import AUSTRALIAN_ID, BRITISH_ID, NEW_ZEALAND_ID, READER_ID
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.django_db


def two_to_choose_from(sandbox: RunningSandbox, by: Membership) -> ConnectAttempt:
    allow_several(sandbox)
    return the(ChooseOrganisation, come_back(consent(begin(by), BRITISH_ID, NEW_ZEALAND_ID), by)).attempt


def another_to_confirm(by: Membership) -> ConfirmOther:
    """Connect one organisation, then come back with another."""
    connect(by, BRITISH_ID)
    return the(ConfirmOther, come_back(consent(begin(by), NEW_ZEALAND_ID), by))


def choose(attempt: ConnectAttempt, organisation_id: str, by: Membership, session: str = SESSION) -> Outcome:
    return choose_organisation(attempt=attempt, organisation_id=organisation_id, by=by, session_key=session, now=NOW)


@pytest.mark.fault("F88")
@pytest.mark.promise("P15", "P16")
def test_a_consent_for_several_organisations_asks_which(sandbox: RunningSandbox) -> None:
    by = an_administrator()

    attempt = two_to_choose_from(sandbox, by)

    assert {each["name"] for each in attempt.organisations} == {"Harbour & Finch Ltd", "Kōwhai Studio"}
    assert live_connection(by.workspace) is None


@pytest.mark.fault("F88")
def test_the_chosen_organisation_is_connected_and_no_other(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    attempt = two_to_choose_from(sandbox, by)

    outcome = the(Connected, choose(attempt, NEW_ZEALAND_ID, by))

    assert outcome.connection.organisation_id == NEW_ZEALAND_ID
    assert Connection.objects.count() == 1


def test_an_organisation_outside_the_consent_can_not_be_chosen(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    attempt = two_to_choose_from(sandbox, by)

    outcome = the(Failed, choose(attempt, AUSTRALIAN_ID, by))

    assert outcome.why == Why.NO_ORGANISATION
    assert live_connection(by.workspace) is None


def test_nobody_else_can_choose(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    attempt = two_to_choose_from(sandbox, by)
    colleague, stranger = a_membership(by.workspace), an_administrator()

    for other, session in ((colleague, SESSION), (stranger, SESSION), (by, "another-browser")):
        assert open_attempt(attempt.pk, by=other, session_key=session, now=NOW) is None
        assert isinstance(choose(attempt, BRITISH_ID, other, session), Failed)
    assert live_connection(by.workspace) is None


def test_a_second_click_says_what_the_first_did(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    attempt = two_to_choose_from(sandbox, by)
    choose(attempt, BRITISH_ID, by)

    outcome = the(Failed, choose(attempt, BRITISH_ID, by))

    assert "is connected to Harbour & Finch Ltd" in outcome.sentence
    assert Connection.objects.get().is_active


def test_choosing_none_gives_the_consent_back(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    attempt = two_to_choose_from(sandbox, by)
    assert attempt.grant is not None
    token = refresh_token_of(attempt.grant)

    the(Cancelled, abandon(attempt=attempt, by=by, session_key=SESSION, now=NOW))

    assert joined_at_xero(sandbox) == set()
    assert not is_accepted_at_xero(sandbox, token)


def test_a_choice_that_nobody_makes_is_given_back_after_half_an_hour(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    attempt = two_to_choose_from(sandbox, by)

    assert close_attempts(NOW + timedelta(minutes=29)) == 0
    assert close_attempts(NOW + timedelta(minutes=31)) == 1

    assert joined_at_xero(sandbox) == set()
    assert isinstance(choose(attempt, BRITISH_ID, by), Failed)


# --- another organisation than before ----------------------------------------------------------------------------


@pytest.mark.fault("F85")
def test_another_organisation_than_before_needs_a_yes(sandbox: RunningSandbox) -> None:
    by = an_administrator()

    asked = another_to_confirm(by)

    assert (asked.old_name, asked.new_name) == ("Harbour & Finch Ltd", "Kōwhai Studio")
    live = live_connection(by.workspace)
    assert live is not None
    assert live.organisation_id == BRITISH_ID


def test_a_yes_ends_the_old_connection_and_leaves_the_new_one_working(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    asked = another_to_confirm(by)

    outcome = the(Connected, confirm_other_organisation(attempt=asked.attempt, by=by, session_key=SESSION, now=NOW))

    old = Connection.objects.get(organisation_id=BRITISH_ID)
    assert (old.state, old.grant) == (Connection.State.DISCONNECTED, None)
    assert outcome.connection.organisation_id == NEW_ZEALAND_ID
    assert joined_at_xero(sandbox) == {NEW_ZEALAND_ID}
    assert is_accepted_at_xero(sandbox, refresh_token(outcome.connection))


def test_a_no_keeps_the_old_connection_working_and_leaves_the_other_alone(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    asked = another_to_confirm(by)

    outcome = the(Cancelled, abandon(attempt=asked.attempt, by=by, session_key=SESSION, now=NOW))

    live = live_connection(by.workspace)
    assert live is not None
    assert "still connected to Harbour & Finch Ltd" in outcome.sentence
    assert joined_at_xero(sandbox) == {BRITISH_ID}
    assert is_accepted_at_xero(sandbox, refresh_token(live))


@pytest.mark.fault("F85")
def test_another_organisation_after_a_disconnect_needs_a_yes_too(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    disconnect(connection=connect(by, BRITISH_ID), by=by, now=NOW)

    assert isinstance(come_back(consent(begin(by), NEW_ZEALAND_ID), by), ConfirmOther)


def test_a_yes_to_something_that_changed_meanwhile_changes_nothing(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    asked = another_to_confirm(by)
    meanwhile = the(ConfirmOther, come_back(consent(begin(by), AUSTRALIAN_ID), by))
    confirm_other_organisation(attempt=meanwhile.attempt, by=by, session_key=SESSION, now=NOW)

    outcome = the(Failed, confirm_other_organisation(attempt=asked.attempt, by=by, session_key=SESSION, now=NOW))

    assert "Wattle Row Pty Ltd was connected meanwhile" in outcome.sentence
    live = live_connection(by.workspace)
    assert live is not None
    assert live.organisation_id == AUSTRALIAN_ID


# --- the same organisation again ---------------------------------------------------------------------------------


@pytest.mark.fault("F84")
@pytest.mark.promise("P57", "P60")
def test_connecting_the_same_organisation_after_a_disconnect_revives_its_row_in_a_new_epoch(
    sandbox: RunningSandbox,
) -> None:
    by = an_administrator()
    first = connect(by)
    disconnect(connection=first, by=by, now=NOW)

    again = connect(by, now=NOW + timedelta(days=1))

    assert (again.pk, again.epoch) == (first.pk, 2)
    assert (again.is_active, again.disconnected_at) == (True, None)
    assert is_accepted_at_xero(sandbox, refresh_token(again))


@pytest.mark.fault("F89")
@pytest.mark.promise("P60")
def test_reconnecting_an_expired_connection_keeps_row_and_epoch(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    first = connect(by)
    Connection.objects.update(state=Connection.State.EXPIRED, expired_at=NOW, expired_because="Because.")

    outcome = the(Connected, come_back(consent(begin(by)), by))

    again = outcome.connection
    assert outcome.is_reconnection
    assert (again.pk, again.epoch, again.expired_because) == (first.pk, 1, "")
    assert Connection.objects.count() == 1


def test_reauthorising_forgets_the_older_consent_without_revoking_the_new_one(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    first = connect(by)

    again = connect(by)

    assert again.pk == first.pk
    older = Grant.objects.exclude(connections=again).get()
    assert (older.retired_at, bytes(older.sealed_refresh_token)) == (NOW, b"")
    assert is_accepted_at_xero(sandbox, refresh_token(again))


def test_reauthorising_as_another_person_ends_the_first_ones_consent_at_xero(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    first = connect(by, AUSTRALIAN_ID)
    token = refresh_token(first)

    again = connect(by, AUSTRALIAN_ID, user_id=READER_ID)

    assert not is_accepted_at_xero(sandbox, token)
    assert is_accepted_at_xero(sandbox, refresh_token(again))
    assert joined_at_xero(sandbox) == {AUSTRALIAN_ID}
