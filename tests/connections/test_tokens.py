"""Tokens stay fresh by themselves, through lost answers, refusals and crashes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NoReturn

import pytest

from builders import an_administrator
from connections.walking import NOW, connect, is_accepted_at_xero, refresh_token, token_calls
from keito_books.accounting.errors import MustReconnect, TokenRejected, TryAgainLater
from keito_books.accounting.port import Access, Receipt, TokenSet
from keito_books.connections import refreshing
from keito_books.connections.checking import keep_alive, sweep_refreshes
from keito_books.connections.errors import NotConnected
from keito_books.connections.grants import access_token_of, refresh_token_of
from keito_books.connections.models import Connection, Grant
from keito_books.connections.refreshing import Need, opened_grant
from keito_books.connections.tokens import access_for, call_with_access
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
IN_TIME = NOW + 24 * MINUTE  # six minutes of the thirty are left
SOON_OVER = NOW + 26 * MINUTE  # four are left
OVER = NOW + 31 * MINUTE


class Died(BaseException):
    """The process is gone: no handler of ours runs."""


def ignore(_: Receipt) -> None: ...


def token_at(connection: Connection, now: datetime) -> str:
    return access_for(connection, now=now, record=ignore).access_token


def lose_a_refresh(sandbox: RunningSandbox, connection: Connection, now: datetime = OVER) -> None:
    """Let Xero rotate the token while the answer is lost on the way."""
    sandbox.fault("POST /connect/token", "save and drop the reply")
    with pytest.raises(TryAgainLater):
        token_at(connection, now)


def refuse(sandbox: RunningSandbox) -> None:
    """Let every refresh be refused from now on: sixty-one days pass at Xero, none here."""
    sandbox.advance(61 * 24 * 3_600)


@pytest.mark.promise("P18")
def test_a_token_with_minutes_left_is_used_without_a_call(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    calls = token_calls(sandbox)

    access = access_for(connection, now=IN_TIME, record=ignore)

    assert access.organisation_id == connection.organisation_id
    assert token_calls(sandbox) == calls


@pytest.mark.promise("P18")
@pytest.mark.parametrize("now", [SOON_OVER, OVER, NOW + timedelta(days=59)])
def test_a_token_that_runs_out_is_refreshed_and_the_new_pair_is_stored(sandbox: RunningSandbox, now: datetime) -> None:
    connection = connect(an_administrator())
    before = (token_at(connection, NOW), refresh_token(connection))

    after = (token_at(connection, now), refresh_token(connection))

    assert after[0] != before[0]
    assert after[1] != before[1]
    grant = Grant.objects.get()
    assert (grant.access_expires_at, grant.refresh_expires_at) == (now + 30 * MINUTE, now + timedelta(days=60))
    assert (grant.lease_expires_at, grant.refresh_intent_at) == (None, None)
    assert is_accepted_at_xero(sandbox, after[1])


# --- answers that are lost ---------------------------------------------------------------------------------------


@pytest.mark.fault("F72")
@pytest.mark.promise("P18")
def test_a_lost_answer_is_asked_for_again_by_the_sweep(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    old = refresh_token(connection)
    lose_a_refresh(sandbox, connection)
    kept = refresh_token(connection)

    assert sweep_refreshes(OVER + 29 * SECOND) == 0  # cooling down
    assert sweep_refreshes(OVER + 30 * SECOND) == 1

    assert kept == old
    assert is_accepted_at_xero(sandbox, refresh_token(connection))
    assert Grant.objects.get().refresh_intent_at is None


def test_a_lost_answer_is_no_unknown_outcome_for_the_caller_and_waits_for_the_cool_down(
    sandbox: RunningSandbox,
) -> None:
    connection = connect(an_administrator())
    lose_a_refresh(sandbox, connection)
    calls = token_calls(sandbox)

    with pytest.raises(TryAgainLater) as later:
        token_at(connection, OVER + 10 * SECOND)

    assert later.value.retry_after == 20 * SECOND
    assert token_calls(sandbox) == calls


def test_a_token_that_still_lives_is_used_while_the_token_server_is_in_trouble(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    token = token_at(connection, NOW)
    sandbox.fault("POST /connect/token", "answer 503")

    assert token_at(connection, SOON_OVER) == token


@pytest.mark.fault("F75")
@pytest.mark.promise("P18")
@pytest.mark.parametrize("minutes", [5, 25, 40])
def test_a_token_server_that_is_away_for_a_while_costs_nobody_a_reconnect(
    sandbox: RunningSandbox, minutes: int
) -> None:
    connection = connect(an_administrator())
    sandbox.fault("POST /connect/token", "answer 503", times=minutes)
    for minute in range(minutes):
        with pytest.raises(TryAgainLater):
            token_at(connection, OVER + minute * MINUTE)

    assert token_at(connection, OVER + minutes * MINUTE)

    assert Connection.objects.get().is_active


@pytest.mark.fault("F75")
def test_a_lost_answer_that_stays_lost_beyond_the_grace_ends_in_an_honest_reconnect(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    lose_a_refresh(sandbox, connection)
    sandbox.advance(31 * 60)

    sweep_refreshes(OVER + 31 * MINUTE)
    sweep_refreshes(OVER + 32 * MINUTE)

    assert Connection.objects.get().state == Connection.State.EXPIRED


@pytest.mark.fault("F09")
def test_a_worker_that_died_while_refreshing_is_made_good_by_the_sweep(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    grant = Grant.objects.get()
    assert refreshing._claim(grant, now=OVER)  # and then the worker is gone

    assert sweep_refreshes(OVER + 44 * SECOND) == 0  # its lease still runs
    assert sweep_refreshes(OVER + 45 * SECOND) == 1

    assert is_accepted_at_xero(sandbox, refresh_token(connection))


@pytest.mark.fault("F73")
def test_a_worker_that_died_with_the_new_token_unstored_is_made_good_by_the_sweep(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect(an_administrator())
    old = refresh_token(connection)

    def die(*_: object, **__: object) -> NoReturn:
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(refreshing, "_store", die)
        with pytest.raises(Died):
            token_at(connection, OVER)
    kept = refresh_token(connection)

    assert sweep_refreshes(OVER + 45 * SECOND) == 1
    assert kept == old
    assert is_accepted_at_xero(sandbox, refresh_token(connection))
    assert Connection.objects.get().is_active


# --- fencing -----------------------------------------------------------------------------------------------------


def a_token_set(name: str, now: datetime = OVER) -> TokenSet:
    return TokenSet(f"access-{name}", f"refresh-{name}", now + 30 * MINUTE, now + timedelta(days=60), "", "somebody")


@pytest.mark.fault("F74")
def test_whoever_was_overtaken_does_not_overwrite_the_newer_tokens(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    slow = Grant.objects.get()
    refreshing._claim(slow, now=OVER)
    next_one = Grant.objects.get()
    refreshing._claim(next_one, now=OVER + MINUTE)
    refreshing._store(next_one, a_token_set("newer"), lease=next_one.lease + 1, now=OVER + MINUTE)

    refreshing._store(slow, a_token_set("older"), lease=slow.lease + 1, now=OVER + MINUTE)

    assert refresh_token_of(Grant.objects.get()) == "refresh-newer"


@pytest.mark.fault("F77")
def test_a_slow_refusal_of_the_older_token_does_not_count(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    slow = Grant.objects.get()
    refreshing._claim(slow, now=OVER)
    next_one = Grant.objects.get()
    refreshing._claim(next_one, now=OVER + MINUTE)
    refreshing._store(next_one, a_token_set("newer"), lease=next_one.lease + 1, now=OVER + MINUTE)

    after = refreshing._refused(slow, MustReconnect("no", code="invalid_grant"), lease=slow.lease + 1, now=OVER)

    assert refresh_token_of(after) == "refresh-newer"
    assert (after.refused_times, Connection.objects.get().is_active) == (0, True)


def test_two_can_not_hold_one_lease_and_who_saw_an_older_state_gets_none(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    seen = Grant.objects.get()

    assert refreshing._claim(seen, now=OVER)
    assert not refreshing._claim(Grant.objects.get(), now=OVER + 44 * SECOND)
    assert not refreshing._claim(seen, now=OVER + timedelta(hours=1))


# --- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.fault("F77")
@pytest.mark.promise("P59")
def test_only_the_second_refusal_expires_a_connection(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    refuse(sandbox)

    with pytest.raises(TryAgainLater) as later:
        token_at(connection, OVER)
    after_one = Connection.objects.get().state
    with pytest.raises(MustReconnect):
        token_at(connection, OVER + 30 * SECOND)

    assert later.value.retry_after == 30 * SECOND
    assert after_one == Connection.State.ACTIVE
    expired = Connection.objects.get()
    assert (expired.state, expired.expired_at) == (Connection.State.EXPIRED, OVER + 30 * SECOND)
    assert "no longer accepts the permission" in expired.expired_because
    assert "An Administrator can reconnect" in expired.expired_because


def test_between_two_refusals_xero_is_left_in_peace(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    refuse(sandbox)
    calls = token_calls(sandbox)

    for seconds in range(30):
        with pytest.raises(TryAgainLater):
            token_at(connection, OVER + seconds * SECOND)

    assert token_calls(sandbox) == calls + 1


def test_a_refusal_that_was_wrong_for_a_moment_is_forgotten(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    refuse(sandbox)
    with pytest.raises(TryAgainLater):
        token_at(connection, OVER)
    sandbox.advance(-61 * 24 * 3_600)

    token_at(connection, OVER + 30 * SECOND)

    assert Grant.objects.get().refused_times == 0


@pytest.mark.fault("F76")
@pytest.mark.promise("P59", "P61")
def test_sixty_one_days_without_use_expire_a_connection_at_the_first_refusal(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    refuse(sandbox)
    now = NOW + timedelta(days=61)

    with pytest.raises(MustReconnect):
        token_at(connection, now)

    assert Connection.objects.get().state == Connection.State.EXPIRED
    assert "60 days without use" in Connection.objects.get().expired_because


def test_an_expired_connection_says_so_without_asking_xero_again(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    refuse(sandbox)
    now = NOW + timedelta(days=61)
    with pytest.raises(MustReconnect):
        token_at(connection, now)
    calls = token_calls(sandbox)

    for _ in range(3):
        with pytest.raises(MustReconnect, match="no longer accepts"):
            token_at(connection, now)

    assert token_calls(sandbox) == calls
    assert bytes(Grant.objects.get().sealed_refresh_token) == b""


@pytest.mark.promise("P60")
def test_reconnecting_after_sixty_one_days_brings_the_same_connection_back(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    refuse(sandbox)
    now = NOW + timedelta(days=61)
    with pytest.raises(MustReconnect):
        token_at(connection, now)

    again = connect(by, now=now)

    assert (again.pk, again.epoch, again.state) == (connection.pk, 1, Connection.State.ACTIVE)
    assert token_at(again, now)


# --- keeping alive -----------------------------------------------------------------------------------------------


@pytest.mark.fault("F76")
@pytest.mark.promise("P61")
def test_a_consent_that_nobody_uses_is_refreshed_every_week(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())

    assert keep_alive(NOW + timedelta(days=6, hours=23)) == 0
    assert keep_alive(NOW + timedelta(days=7)) == 1
    assert keep_alive(NOW + timedelta(days=7)) == 0

    assert Grant.objects.get().refresh_expires_at == NOW + timedelta(days=67)
    assert is_accepted_at_xero(sandbox, refresh_token(connection))


def test_nothing_is_kept_alive_that_is_not_connected(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    Connection.objects.update(state=Connection.State.EXPIRED)

    assert keep_alive(NOW + timedelta(days=8)) == 0


# --- calls with a token ------------------------------------------------------------------------------------------


class Rejecting:
    """A call that does not accept these first tokens, however many there are."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.tokens: list[str] = []

    def __call__(self, access: Access) -> str:
        self.tokens.append(access.access_token)
        if len(self.tokens) <= self.times:
            raise TokenRejected("no")
        return "done"


@pytest.mark.fault("F44")
@pytest.mark.promise("P18")
def test_a_rejected_token_is_refreshed_once_and_the_call_repeated(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    call = Rejecting(times=1)

    assert call_with_access(connection, now=NOW + MINUTE, record=ignore, call=call) == "done"

    assert len(set(call.tokens)) == 2
    assert call.tokens[-1] == access_token_of(Grant.objects.get())


@pytest.mark.fault("F44")
def test_a_call_whose_tokens_are_always_rejected_waits_and_does_not_loop(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    call = Rejecting(times=99)
    calls = token_calls(sandbox)

    with pytest.raises(TryAgainLater):
        call_with_access(connection, now=NOW + MINUTE, record=ignore, call=call)
    with pytest.raises(TryAgainLater):
        call_with_access(connection, now=NOW + MINUTE, record=ignore, call=call)

    assert len(call.tokens) == 3  # two of the first time, one of the second
    assert token_calls(sandbox) == calls + 1
    assert Connection.objects.get().is_active


@pytest.mark.fault("F71", "F77")
def test_a_token_that_another_worker_has_replaced_needs_no_refresh_of_ours(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    rejected = token_at(connection, NOW)
    fresh = token_at(connection, OVER)
    calls = token_calls(sandbox)

    assert access_for(connection, now=OVER, record=ignore, rejected=rejected).access_token == fresh
    assert token_calls(sandbox) == calls


def test_a_consent_that_seems_gone_but_is_not_costs_nobody_a_reconnect(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())

    def call(_: Access) -> None:
        raise MustReconnect("no", code="AuthenticationUnsuccessful")

    with pytest.raises(TryAgainLater, match="a consent that stands"):
        call_with_access(connection, now=NOW, record=ignore, call=call)

    assert Connection.objects.get().is_active


def test_a_retired_consent_opens_nothing(sandbox: RunningSandbox) -> None:
    connect(an_administrator())
    Grant.objects.update(sealed_access_token=b"", sealed_refresh_token=b"", retired_at=NOW)

    with pytest.raises(NotConnected):
        opened_grant(Grant.objects.get().pk, Need(now=NOW))
