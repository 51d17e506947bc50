"""Count the bytes that an app pulls from Xero in a month (xero-api reference 2.5)."""

from __future__ import annotations

from datetime import datetime

from xero_sandbox.identity.state import Tier
from xero_sandbox.limits.state import LimitState

EXEMPT = "organisation"
GIGABYTE = 1_000_000_000
INCLUDED: dict[Tier, int | None] = {  # bytes a month; None: no bound that is published
    Tier.STARTER: None,
    Tier.CORE: 10 * GIGABYTE,
    Tier.PLUS: 50 * GIGABYTE,
    Tier.ADVANCED: 250 * GIGABYTE,
    Tier.ENTERPRISE: None,
}


def count_egress(state: LimitState, client_id: str, noun: str, size: int, now: datetime) -> None:
    """Add the body of a reply. Bodies only, and replies to writes too: both assumed (open question 14)."""
    if noun.lower() != EXEMPT:
        key = _key(client_id, now)
        state.egress_bytes[key] = state.egress_bytes.get(key, 0) + size


def egress(state: LimitState, client_id: str, now: datetime) -> int:
    """Return the bytes of this month, by the calendar of UTC (assumed)."""
    return state.egress_bytes.get(_key(client_id, now), 0)


def set_egress(state: LimitState, client_id: str, size: int, now: datetime) -> None:
    state.egress_bytes[_key(client_id, now)] = size


def _key(client_id: str, now: datetime) -> str:
    return f"{client_id}/{now.year:04d}-{now.month:02d}"
