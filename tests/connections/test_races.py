"""The same thing at the same moment, with real threads on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection as database
from django.db import transaction

from builders import an_administrator
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
from keito_books.accounting.errors import ProviderError
from keito_books.accounting.port import Receipt
from keito_books.connections.actions import disconnect
from keito_books.connections.errors import NotConnected
from keito_books.connections.models import Connection, Grant, Revocation
from keito_books.connections.outcomes import Connected, Failed, Why
from keito_books.connections.tokens import access_for
from xero_sandbox.seeds.demo import BRITISH_ID, NEW_ZEALAND_ID
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
OVER = NOW + timedelta(minutes=31)


def ignore(_: Receipt) -> None: ...


def at_once(*actions: Callable[[], T]) -> list[T]:
    """Run all of them in threads that start together."""
    gate = Barrier(len(actions))

    def run(action: Callable[[], T]) -> T:
        gate.wait(timeout=10)
        try:
            return action()
        finally:
            database.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


@pytest.mark.fault("F71")
@pytest.mark.promise("P18")
def test_ten_workers_that_need_a_refresh_make_one_call(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    calls = token_calls(sandbox)

    tokens = at_once(*[lambda: access_for(connection, now=OVER, record=ignore).access_token] * 10)

    assert len(set(tokens)) == 1
    assert token_calls(sandbox) == calls + 1
    assert Grant.objects.get().lease == 2  # taken once, given back once
    assert is_accepted_at_xero(sandbox, refresh_token(connection))


@pytest.mark.fault("F71")
@pytest.mark.promise("P18")
def test_workers_wait_for_a_slow_refresh_instead_of_making_their_own(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())
    calls = token_calls(sandbox)
    sandbox.fault("POST /connect/token", "answer slowly", seconds=1)

    tokens = at_once(*[lambda: access_for(connection, now=OVER, record=ignore).access_token] * 4)

    assert len(set(tokens)) == 1
    assert token_calls(sandbox) == calls + 1


@pytest.mark.promise("P2")
def test_two_administrators_who_connect_at_once_end_with_one_connection(sandbox: RunningSandbox) -> None:
    one = an_administrator()
    other = an_administrator(one.workspace)
    ways = [(consent(begin(one), BRITISH_ID), one), (consent(begin(other), NEW_ZEALAND_ID), other)]

    outcomes = at_once(*[lambda back=back, by=by: come_back(back, by) for back, by in ways])

    assert sum(isinstance(each, Connected) for each in outcomes) == 1
    live = Connection.objects.get(state=Connection.State.ACTIVE)
    assert is_accepted_at_xero(sandbox, refresh_token(live))
    assert live.organisation_id in joined_at_xero(sandbox)


@pytest.mark.fault("F80")
def test_one_return_loaded_in_four_tabs_is_finished_once(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    back = consent(begin(by))

    outcomes = at_once(*[lambda: come_back(back, by)] * 4)

    assert sum(isinstance(each, Connected) for each in outcomes) == 1
    assert [each.why for each in outcomes if isinstance(each, Failed)] == [Why.REUSED] * 3
    assert token_calls(sandbox) == 1


def test_four_clicks_on_disconnect_revoke_once(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)

    at_once(*[lambda: disconnect(connection=Connection.objects.get(pk=connection.pk), by=by, now=NOW)] * 4)

    assert Revocation.objects.count() == 1
    assert sum(each["path"] == "/connect/revocation" for each in sandbox.requests()) == 1


@pytest.mark.fault("F82")
@pytest.mark.promise("P56", "P58")
def test_a_disconnect_during_a_refresh_leaves_no_token_behind(sandbox: RunningSandbox) -> None:
    by = an_administrator()
    connection = connect(by)
    sandbox.fault("POST /connect/token", "answer slowly", seconds=0.5)

    def use() -> str:
        try:
            return access_for(connection, now=OVER, record=ignore).access_token
        except (NotConnected, ProviderError):
            return ""

    def leave() -> str:
        return disconnect(connection=Connection.objects.get(pk=connection.pk), by=by, now=OVER).sentence

    at_once(use, leave)

    assert not Connection.objects.get().is_live
    assert bytes(Grant.objects.get().sealed_refresh_token) == b""
    assert joined_at_xero(sandbox) == set()


def test_a_token_is_never_fetched_inside_a_transaction(sandbox: RunningSandbox) -> None:
    connection = connect(an_administrator())

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        access_for(connection, now=OVER, record=ignore)
