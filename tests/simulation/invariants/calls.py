"""Invariants of calls, asked when a call starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from simulation.invariants.words import (
    connection_of_key,
    documents_in,
    in_doubt,
    is_frozen,
    resource,
    was_frozen,
)
from simulation.ledger import Ledger, Sent, Violated
from simulation.wire import Call

QUARANTINE = timedelta(minutes=10)
# What Xero allows an organisation; a call of ours must never be one too many.
PER_MINUTE = 60
AT_ONCE = 5
SENDINGS_A_MINUTE = 6
# A worker that was told to wait needs a moment to write that down for the others.
A_MOMENT = timedelta(seconds=6)


def same_bytes_under_one_key(ledger: Ledger, call: Call) -> None:
    """I8: whatever is sent under one key has the same method, address and body."""
    if call.method == "GET":
        return
    if not call.key:
        raise Violated(f"I8: {call.method} {call.resource} was sent without a key")
    now = (call.method, call.url, call.body)
    if ledger.by_key.setdefault(call.key, now) != now:
        raise Violated(f"I8: {call.key} was sent with other bytes")


def no_new_key_in_doubt(ledger: Ledger, call: Call) -> None:
    """I9: after an unknown sending a new key needs ten quiet minutes and a look-up; one sending at a time (I14)."""
    if call.method == "GET":
        return
    for name in documents_in(call):
        history = ledger.sent[(call.organisation, name)]
        for earlier in history:
            if earlier.key != call.key and (last := in_doubt(earlier)) is not None:
                _require_certainty(ledger, call, name, last)
        one = next((each for each in history if each.key == call.key), None)
        if one is None:
            one = Sent(call.key, call.started)
            history.append(one)
        one.calls.append(call)
        one.last = call.started


def _require_certainty(ledger: Ledger, call: Call, name: str, doubt: Call) -> None:
    since = doubt.started
    if call.started < since + QUARANTINE:
        raise Violated(
            f"I9: {name} was sent under a new key {(call.started - since).total_seconds():.0f} s after call "
            f"{doubt.number}, whose outcome was unknown"
        )
    looked = ledger.look_ups[(call.organisation, resource(call))]
    if not any(since + QUARANTINE <= moment <= call.started for moment in looked):
        raise Violated(f"I9: {name} was sent under a new key after call {doubt.number}, and nobody had looked")


def not_again_and_again(ledger: Ledger, call: Call) -> None:
    """I20: one document is sent at most six times a minute: the resends after 2, 4, 8 ... seconds are five."""
    if call.method == "GET":
        return
    lately = call.started - timedelta(minutes=1)
    for name in documents_in(call):
        sent = [each for one in ledger.sent[(call.organisation, name)] for each in one.calls if each.started > lately]
        if len(sent) > SENDINGS_A_MINUTE:
            raise Violated(f"I20: {name} was sent {len(sent)} times within a minute")


def one_sending_at_a_time(ledger: Ledger, call: Call) -> None:
    """I14: at most one sending of a document is under way."""
    if call.method == "GET":
        return
    mine = set(documents_in(call))
    for other in ledger.wire.in_flight:
        if other is not call and other.is_api and other.method != "GET" and other.organisation == call.organisation:
            both = mine & set(documents_in(other))
            if both and not is_frozen(ledger, other):
                raise Violated(f"I14: {sorted(both)} is under way twice, in calls {other.number} and {call.number}")


def few_calls_at_once(ledger: Ledger, call: Call) -> None:
    """I14: at most five calls of an organisation at once, and 60 in any minute."""
    under_way = [
        each
        for each in ledger.wire.in_flight
        if each.is_api and each.organisation == call.organisation and not is_frozen(ledger, each)
    ]
    if len(under_way) > AT_ONCE:
        raise Violated(f"I14: {len(under_way)} calls at once")
    recent = [moment for moment in ledger.starts[call.organisation] if moment > call.started - timedelta(minutes=1)]
    if len(recent) >= PER_MINUTE:
        raise Violated(f"I14: call {len(recent) + 1} within a minute")


def only_own_tokens(ledger: Ledger, call: Call) -> None:
    """I10: the token, the organisation and the frozen request belong to one connection."""
    token = call.headers.get("authorization", "").removeprefix("Bearer ")
    if token not in ledger.stage.xero.world.identity.access_tokens:
        raise Violated(f"I10: call {call.number} carries a token that nobody was given")
    if call.organisation not in {home.organisation_id for home in ledger.stage.homes}:
        raise Violated(f"I10: call {call.number} goes to an unknown organisation")
    row = connection_of_key(ledger, call)
    if row is None:
        return
    if row[1] != call.organisation:
        raise Violated(f"I10: call {call.number} carries a request of another organisation")
    if ledger.grant_of_token.get(token) not in ledger.grants_of[row[0]]:
        raise Violated(f"I10: call {call.number} carries the token of another connection")


def nothing_starts_after_the_end(ledger: Ledger, call: Call) -> None:
    """I11: what was decided after a disconnect had committed is not sent."""
    row = connection_of_key(ledger, call)
    if row is None:
        return
    ended = ledger.ended_at.get((row[0], row[2]))
    if ended is not None and ended < call.decided_at:
        raise Violated(f"I11: call {call.number} of an epoch that had ended")


def no_call_before_retry_after(ledger: Ledger, call: Call) -> None:
    """I20: nobody calls an organisation before the time that it asked us to wait for."""
    wait = ledger.waits.get(call.organisation)
    if wait is None or call.started >= wait.until or was_frozen(ledger, call):
        return
    if call.actor == wait.actor or call.started > wait.told_at + A_MOMENT:
        early = (wait.until - call.started).total_seconds()
        raise Violated(f"I20: call {call.number} starts {early:.1f} s too early")


AT_A_START: tuple[Callable[[Ledger, Call], None], ...] = (
    same_bytes_under_one_key,
    no_new_key_in_doubt,
    not_again_and_again,
    one_sending_at_a_time,
    few_calls_at_once,
    only_own_tokens,
    nothing_starts_after_the_end,
    no_call_before_retry_after,
)
