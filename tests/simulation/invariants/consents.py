"""Invariants of connections and their tokens."""

from __future__ import annotations

from typing import Any

from keito_books.connections.grants import refresh_token_of
from keito_books.connections.models import Grant
from simulation import known
from simulation.invariants.words import is_frozen
from simulation.ledger import Ledger, Violated
from simulation.wire import Call
from xero_sandbox.seeds.demo import DEMO_CLIENT_ID


def one_connection_each(live: dict[Any, int]) -> None:
    """I30: at most one live connection per workspace."""
    if any(number > 1 for number in live.values()):
        raise Violated("I30: a workspace has two live connections")


def reconnect_is_honest(ledger: Ledger, organisation: str, kind: str) -> None:
    """I13: Reconnect needed only when Xero refused the newest token, or the organisation is gone there."""
    if organisation in ledger.keeper.has_disconnected:
        return
    identity = ledger.stage.xero.world.identity
    joined = any(
        each.tenant_id == organisation and each.disconnected_at is None and each.client_id == DEMO_CLIENT_ID
        for each in identity.connections.values()
    )
    if joined and kind == "removed there":
        raise Violated("I13: a connection expired as removed there, and it is joined")
    if joined and kind == "refused" and not ledger.has_lost_consent():
        raise Violated("I13: people are told to reconnect although a newer token works")


def newest_token_is_kept(ledger: Ledger, grant: Grant) -> None:
    """I12: the stored refresh token is the newest one, or a lost answer is being asked for again."""
    if grant.refresh_intent_at is not None:
        return
    token = ledger.stage.xero.world.identity.refresh_tokens.get(refresh_token_of(grant))
    if token is None or token.retired_at is None:
        return
    if known.LATE_REFRESHES_RETIRE_TOKENS and token.retired_at in ledger.late_refreshes:
        return
    raise Violated(f"I12: grant {grant.pk} holds a token that was rotated at {token.retired_at}, and no intent")


def one_refresh_at_a_time(ledger: Ledger, call: Call) -> None:
    """I14: at most one refresh of a consent is under way."""
    same = [
        each
        for each in ledger.wire.in_flight
        if each.path == "/connect/token" and each.body == call.body and not is_frozen(ledger, each)
    ]
    if len(same) > 1:
        raise Violated(f"I14: calls {same[0].number} and {call.number} refresh the same token")
