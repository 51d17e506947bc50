"""Connecting, from the button to the connection or to a reason why not."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from builders import a_membership, a_workspace, an_administrator
from connections.walking import (
    NOW,
    Return,
    begin,
    cancel,
    come_back,
    connect,
    consent,
    is_accepted_at_xero,
    joined_at_xero,
    quickbooks_in,
    refresh_token,
    the,
    token_calls,
)
from keito_books.connections import finishing
from keito_books.connections.actions import close_attempts, disconnect, start_connecting
from keito_books.connections.errors import CannotConnect, NotOffered
from keito_books.connections.models import ConnectAttempt, Connection, Grant, Revocation
from keito_books.connections.outcomes import Cancelled, Failed, Why
from keito_books.connections.queries import live_connection
from keito_books.workspaces.audit import entries_about
from keito_books.workspaces.errors import NeedsPlan, NotAllowed
from keito_books.workspaces.models import Membership, Plan, Role
from xero_sandbox.seeds.demo import BRITISH_ID, NEW_ZEALAND_ID
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.django_db


@pytest.mark.promise("P14", "P15", "P16", "P17")
def test_whoever_allows_access_at_xero_comes_back_connected(sandbox: RunningSandbox) -> None:
    by = an_administrator()

    connection = connect(by)

    assert connection.state == Connection.State.ACTIVE
    assert connection.organisation_name == "Harbour & Finch Ltd"
    assert connection.connected_by == by.person
    assert connection.epoch == 1
    assert live_connection(by.workspace) == connection
    assert [each.action for each in entries_about(by.workspace, "connection", connection.pk)] == [
        "connection.connected"
    ]


@pytest.mark.promise("P14", "P17")
def test_the_browser_is_sent_to_xero_with_pkce_and_our_own_way_back(
    sandbox: RunningSandbox, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://books.example.com"

    asked = parse_qs(urlsplit(begin(an_administrator())).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["https://books.example.com/settings/integrations/xero/callback"]
    assert len(asked["state"][0]) >= 22  # 128 bits in 64 letters


def test_the_state_is_kept_as_a_hash_and_the_verifier_sealed_until_it_is_used(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    url = begin(by)
    state = parse_qs(urlsplit(url).query)["state"][0]
    before = ConnectAttempt.objects.get()

    come_back(consent(url), by)

    assert state not in (before.state_hash, before.session_hash)
    assert bytes(before.sealed_verifier) != b""
    assert bytes(ConnectAttempt.objects.get().sealed_verifier) == b""


def test_no_token_stands_readable_in_the_database(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())

    stored = Grant.objects.get(connections=connection)

    assert refresh_token(connection).encode() not in bytes(stored.sealed_refresh_token)
    assert stored.refresh_expires_at == NOW + timedelta(days=60)
    assert stored.access_expires_at == NOW + timedelta(minutes=30)
    assert stored.account != ""


# --- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.promise("P9")
@pytest.mark.parametrize("plan", [Plan.FREE, Plan.PRO])
def test_a_workspace_below_business_reads_what_it_needs(sandbox: RunningSandbox, plan: Plan) -> None:
    by = an_administrator(a_workspace(plan=plan))

    with pytest.raises(NeedsPlan, match="Business plan"):
        begin(by)

    assert not ConnectAttempt.objects.exists()


@pytest.mark.promise("P11")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.MEMBER])
def test_only_administrators_connect(sandbox: RunningSandbox, role: Role) -> None:
    by = a_membership(role=role, may_draft_invoices=True, may_send_invoices=True)

    with pytest.raises(NotAllowed, match="Only Administrators"):
        begin(by)


@pytest.mark.promise("P11")
def test_who_is_no_administrator_any_more_when_coming_back_connects_nothing(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by))
    Membership.objects.filter(pk=by.pk).update(role=Role.MANAGER)

    outcome = the(Failed, come_back(back, by))

    assert outcome.why == Why.NOT_ALLOWED
    assert token_calls(sandbox) == 0
    assert live_connection(by.workspace) is None


def test_who_left_the_workspace_meanwhile_connects_nothing(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by))
    Membership.objects.filter(pk=by.pk).delete()

    outcome = the(Failed, come_back(back, by))

    assert (outcome.why, token_calls(sandbox)) == (Why.NOT_ALLOWED, 0)


# --- one at a time -----------------------------------------------------------------------------------------------


@pytest.mark.fault("F86")
@pytest.mark.promise("P2", "P3")
def test_quickbooks_must_be_disconnected_before_xero_is_connected(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    quickbooks = quickbooks_in(by.workspace)

    with pytest.raises(CannotConnect, match="Disconnect QuickBooks before connecting Xero"):
        begin(by)
    disconnect(connection=quickbooks, by=by, now=NOW)

    assert connect(by).provider == "xero"


@pytest.mark.promise("P2", "P3")
def test_quickbooks_connected_while_somebody_is_at_xero_keeps_its_place(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by))
    quickbooks = quickbooks_in(by.workspace)

    outcome = the(Failed, come_back(back, by))

    assert outcome.why == Why.TAKEN
    assert "Disconnect QuickBooks" in outcome.sentence
    assert live_connection(by.workspace) == quickbooks


@pytest.mark.promise("P2")
@pytest.mark.parametrize("state", [Connection.State.ACTIVE, Connection.State.EXPIRED])
def test_the_database_itself_refuses_a_second_live_connection(sandbox: RunningSandbox, state: str) -> None:
    by = an_administrator()
    connection = connect(by)
    Connection.objects.filter(pk=connection.pk).update(state=state)

    with pytest.raises(IntegrityError, match="connection_one_live_per_workspace"), transaction.atomic():
        quickbooks_in(by.workspace)


def test_quickbooks_says_that_it_is_not_available_yet(sandbox: RunningSandbox) -> None:
    with pytest.raises(NotOffered, match="QuickBooks is not available yet"):
        start_connecting(by=an_administrator(), session_key="s", now=NOW, provider="quickbooks")


def test_an_installation_without_an_app_at_xero_says_what_is_missing(
    sandbox: RunningSandbox, settings: Settings
) -> None:
    settings.XERO_CLIENT_ID = ""

    with pytest.raises(NotOffered, match="XERO_CLIENT_ID"):
        begin(an_administrator())


# --- ways back that are not what they should be ------------------------------------------------------------------


@pytest.mark.promise("P16")
def test_whoever_cancels_at_xero_reads_so_and_nothing_is_connected(sandbox: RunningSandbox) -> None:
    by = an_administrator()

    outcome = the(Cancelled, come_back(cancel(begin(by)), by))

    assert "cancelled" in outcome.sentence
    assert not Grant.objects.exists()
    assert live_connection(by.workspace) is None


def test_an_error_at_xero_is_not_called_a_cancellation(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    state = parse_qs(urlsplit(begin(by)).query)["state"][0]

    outcome = the(Failed, come_back(Return(state, error="invalid_scope"), by))

    assert outcome.why == Why.REFUSED_THERE
    assert "(invalid_scope)" in outcome.sentence


def test_an_error_that_is_no_plain_word_is_not_repeated(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    state = parse_qs(urlsplit(begin(by)).query)["state"][0]

    outcome = the(Failed, come_back(Return(state, error="<b>call 0800 SCAM</b>"), by))

    assert "SCAM" not in outcome.sentence


@pytest.mark.fault("F80")
@pytest.mark.parametrize("state", ["", "forged", "ü" * 500, "\x00"])
def test_a_state_that_we_never_gave_connects_nothing(sandbox: RunningSandbox, state: str) -> None:
    by = an_administrator()
    back = consent(begin(by))

    outcome = the(Failed, come_back(Return(state, code=back.code), by))

    assert (outcome.why, outcome.workspace, token_calls(sandbox)) == (Why.UNKNOWN, None, 0)


@pytest.mark.fault("F80")
@pytest.mark.parametrize(
    ("session", "provider"), [("another-browser", "xero"), ("", "xero"), ("a-browser-session-key", "quickbooks")]
)
def test_a_return_to_another_session_or_path_connects_nothing_and_spoils_nothing(
    sandbox: RunningSandbox, session: str, provider: str
) -> None:
    by = an_administrator()
    back = consent(begin(by))

    outcome = the(Failed, come_back(back, by, session=session, provider=provider))

    assert (outcome.why, outcome.workspace) == (Why.FOREIGN, None)
    assert come_back(back, by) is not None
    assert live_connection(by.workspace) is not None


@pytest.mark.fault("F80")
def test_a_return_to_another_person_connects_nothing(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    colleague = a_membership(by.workspace)
    back = consent(begin(by))

    outcome = the(Failed, come_back(back, colleague))

    assert outcome.why == Why.FOREIGN
    assert live_connection(by.workspace) is None


@pytest.mark.fault("F80")
def test_a_return_after_more_than_ten_minutes_connects_nothing(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by))

    outcome = the(Failed, come_back(back, by, now=NOW + timedelta(minutes=10, seconds=1)))

    assert (outcome.why, token_calls(sandbox)) == (Why.OLD, 0)
    assert "Start again" in outcome.sentence


@pytest.mark.fault("F80")
def test_a_return_loaded_twice_connects_once_and_says_so(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by))
    come_back(back, by)

    outcome = the(Failed, come_back(back, by))

    assert outcome.why == Why.REUSED
    assert "is connected to Harbour & Finch Ltd" in outcome.sentence
    assert (Connection.objects.count(), Grant.objects.count(), token_calls(sandbox)) == (1, 1, 1)


def test_a_code_that_expired_at_xero_connects_nothing(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by))
    sandbox.advance(5 * 60 + 1)

    outcome = the(Failed, come_back(back, by))

    assert outcome.why == Why.CODE_REFUSED
    assert "five minutes" in outcome.sentence


def test_when_xero_is_not_there_nothing_is_connected_and_the_next_try_works(
    sandbox: RunningSandbox, settings: Settings
) -> None:
    by = an_administrator()
    back = consent(begin(by))
    settings.XERO_SANDBOX_URL = "http://127.0.0.1:9460"  # nobody listens here

    outcome = the(Failed, come_back(back, by))
    settings.XERO_SANDBOX_URL = sandbox.url

    assert outcome.why == Why.UNREACHABLE
    assert "can't be reached" in outcome.sentence
    assert connect(by).is_active


@pytest.mark.fault("F81")
def test_a_lost_answer_to_the_exchange_connects_nothing_and_the_next_try_works(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    sandbox.fault("POST /connect/token", "save and drop the reply")

    outcome = the(Failed, come_back(consent(begin(by)), by))

    assert outcome.why == Why.UNREACHABLE
    assert "lost on the way" in outcome.sentence
    assert connect(by).is_active


@pytest.mark.fault("F81")
def test_a_crash_between_code_and_stored_token_leaves_nothing_and_the_next_try_works(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = an_administrator()
    back = consent(begin(by))

    def die(*_: object, **__: object) -> NoReturn:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(finishing, "new_grant", die)
        with pytest.raises(SystemExit):
            come_back(back, by)
    left = (Connection.objects.count(), Grant.objects.count())
    outcome = the(Failed, come_back(back, by))

    assert left == (0, 0)
    assert outcome.why == Why.REUSED
    assert connect(by).is_active


@pytest.mark.fault("F79")
def test_a_consent_that_is_withdrawn_on_the_way_back_connects_nothing_and_says_so(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by), NEW_ZEALAND_ID)
    sandbox.bookkeeper("Kōwhai Studio", "disconnect app")

    outcome = the(Failed, come_back(back, by))

    assert outcome.why == Why.NO_ORGANISATION
    assert live_connection(by.workspace) is None


@pytest.mark.fault("F79")
def test_a_consent_that_is_withdrawn_on_the_way_back_leaves_the_connection_before_it_working(
    sandbox: RunningSandbox,
) -> None:
    by = an_administrator()
    before = connect(by, BRITISH_ID)
    back = consent(begin(by), NEW_ZEALAND_ID)
    sandbox.bookkeeper("Kōwhai Studio", "disconnect app")

    come_back(back, by)

    live = live_connection(by.workspace)
    assert live is not None
    assert (live.pk, live.epoch, live.organisation_id) == (before.pk, before.epoch, BRITISH_ID)
    assert is_accepted_at_xero(sandbox, refresh_token(live))


def test_wrong_credentials_of_our_own_are_not_blamed_on_the_person(sandbox: RunningSandbox, settings: Settings) -> None:
    by = an_administrator()
    back = consent(begin(by))
    settings.XERO_CLIENT_SECRET = "wrong"

    outcome = the(Failed, come_back(back, by))

    assert "client id and secret" in outcome.sentence


def test_a_consent_whose_organisations_can_not_be_read_is_given_back(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    sandbox.fault("GET /connections", "answer 500", times=2)

    outcome = the(Failed, come_back(consent(begin(by)), by))

    assert outcome.why == Why.UNREACHABLE
    assert joined_at_xero(sandbox) == set()
    assert Revocation.objects.get().outcome == Revocation.Outcome.DONE
    assert Grant.objects.get().retired_at == NOW


def test_attempts_that_never_came_back_are_closed(sandbox: RunningSandbox) -> None:
    begin(an_administrator())

    assert close_attempts(NOW + timedelta(minutes=9)) == 0
    assert close_attempts(NOW + timedelta(minutes=11)) == 1

    attempt = ConnectAttempt.objects.get()
    assert (attempt.step, bytes(attempt.sealed_verifier)) == (ConnectAttempt.Step.FAILED, b"")


def test_a_refresh_token_that_was_stored_is_the_one_that_xero_accepts(sandbox: RunningSandbox) -> None:
    assert is_accepted_at_xero(sandbox, refresh_token(connect(an_administrator())))
