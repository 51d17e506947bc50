"""Keep a consent's tokens: the only place that seals and opens them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict

from keito_books.accounting.port import TokenSet
from keito_books.connections.models import Grant, Revocation
from keito_books.connections.vault import Place, seal, unseal


class SealedTokens(TypedDict):
    """Columns that Grant and Revocation have in common."""

    sealed_access_token: bytes
    sealed_refresh_token: bytes
    access_expires_at: datetime | None


# Written out, since these names are sealed into every stored token: a table may be renamed, they may not.
_TABLES: dict[type[Grant | Revocation], str] = {Grant: "connections_grant", Revocation: "connections_revocation"}

NO_TOKENS = SealedTokens(sealed_access_token=b"", sealed_refresh_token=b"", access_expires_at=None)


def new_grant(provider: str, tokens: TokenSet, *, now: datetime) -> Grant:
    grant_id = uuid.uuid4()
    return Grant.objects.create(
        id=grant_id,
        provider=provider,
        account=tokens.account,
        refresh_expires_at=tokens.refresh_expires_at,
        scope=tokens.scope,
        refreshed_at=now,
        created_at=now,
        **sealed_for(Grant, grant_id, tokens.access_token, tokens.refresh_token, tokens.access_expires_at),
    )


def sealed_for(
    table: type[Grant | Revocation],
    row: uuid.UUID,
    access_token: str,
    refresh_token: str,
    access_expires_at: datetime | None,
) -> SealedTokens:
    return SealedTokens(
        sealed_access_token=seal(access_token, _place(table, row, "access_token")),
        sealed_refresh_token=seal(refresh_token, _place(table, row, "refresh_token")),
        access_expires_at=access_expires_at,
    )


def access_token_of(holder: Grant | Revocation) -> str:
    """Return the access token. Raises CannotOpen."""
    return unseal(holder.sealed_access_token, _place(type(holder), holder.pk, "access_token"))


def refresh_token_of(holder: Grant | Revocation) -> str:
    """Return the refresh token. Raises CannotOpen."""
    return unseal(holder.sealed_refresh_token, _place(type(holder), holder.pk, "refresh_token"))


def retire(grant: Grant, *, now: datetime) -> None:
    """Forget the tokens for good. Whoever is refreshing them at this moment can no longer store an answer."""
    Grant.objects.filter(pk=grant.pk, retired_at=None).update(
        retired_at=now, lease_expires_at=None, rests_until=None, refresh_intent_at=None, **NO_TOKENS
    )


def _place(table: type[Grant | Revocation], row: uuid.UUID, field: str) -> Place:
    return Place(_TABLES[table], row, field)
