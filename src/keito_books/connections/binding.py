"""Tie an attempt to the browser session that began it."""

from __future__ import annotations

import hashlib
from uuid import UUID

from keito_books.connections.vault import Place


def hash_of(secret: str) -> str:
    """Return what is stored instead of a long random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def session_hash(session_key: str) -> str:
    """Return what ties an attempt to a browser session. Raises ValueError when there is no session."""
    if not session_key:
        raise ValueError("connecting needs a browser session that has a key")
    return hash_of(session_key)


def verifier_place(attempt_id: UUID) -> Place:
    return Place("connections_connect_attempt", attempt_id, "verifier")
