"""Replay the first reply to an idempotency key (xero-api reference 3, "Idempotency-Key facts")."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from xero_sandbox.limits.state import LimitState, StoredReply

KEPT = timedelta(minutes=6)  # from the first call, not from the last
LENGTH_MAX = 128
METHODS = frozenset({"POST", "PUT", "PATCH"})


class KeyUsedDifferently(Exception):
    """The key came with another method, address or body before."""


def fingerprint(method: str, address: str, body: bytes) -> str:
    """Return what makes two requests the same. The tenant is no part of it: keys belong to the app."""
    return hashlib.sha256(b"\0".join((method.encode(), address.encode(), body))).hexdigest()


def stored_reply(state: LimitState, client_id: str, key: str, print_: str, now: datetime) -> StoredReply | None:
    """Return the first reply to this key, while it is kept; raises KeyUsedDifferently."""
    stored = state.replies.get(f"{client_id}/{key}")
    if stored is None or now >= stored.first_called + KEPT:
        return None
    if stored.fingerprint != print_:
        raise KeyUsedDifferently
    return stored


def store_reply(state: LimitState, client_id: str, key: str, reply: StoredReply) -> None:
    """Keep a reply, and forget those whose time is over."""
    if len(state.replies) % 256 == 0:
        over = [name for name, one in state.replies.items() if one.first_called + KEPT <= reply.first_called]
        for name in over:
            del state.replies[name]
    state.replies[f"{client_id}/{key}"] = reply
