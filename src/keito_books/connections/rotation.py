"""Move stored tokens to the newest key, while the application runs.

Put the new key first in KEITO_TOKEN_KEYS everywhere, restart, run `reseal_tokens`, then remove the old key. A run that
was interrupted is simply started again.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from keito_books.connections.grants import access_token_of, refresh_token_of, sealed_for
from keito_books.connections.models import ConnectAttempt, Grant, Revocation
from keito_books.connections.vault import CannotOpen, key_id_of, keyring

_Holder = TypeVar("_Holder", Grant, Revocation)


def reseal_all() -> int:
    """Seal every stored token with the first key. Return how many rows changed; what can't be opened stays."""
    return _reseal(Grant) + _reseal(Revocation)


def keys_in_use() -> Counter[str]:
    """Return how many rows each key id still protects. A key that is named here must not be removed."""
    in_use: Counter[str] = Counter()
    for table in (Grant, Revocation):
        for sealed in table.objects.exclude(sealed_refresh_token=b"").values_list("sealed_refresh_token", flat=True):
            in_use[key_id_of(sealed)] += 1
    for sealed in ConnectAttempt.objects.exclude(sealed_verifier=b"").values_list("sealed_verifier", flat=True):
        in_use[key_id_of(sealed)] += 1
    return in_use


def _reseal(table: type[_Holder]) -> int:
    ids = table.objects.exclude(sealed_refresh_token=b"").order_by("id").values_list("id", flat=True)
    return sum(_reseal_row(table, row) for row in list(ids))


def _reseal_row(table: type[_Holder], row: UUID) -> bool:
    # The row is locked, so a refresh that stores newer tokens comes before or after, never in between.
    with transaction.atomic():
        holder = table.objects.select_for_update().get(pk=row)
        sealed = bytes(holder.sealed_refresh_token)
        if not sealed or key_id_of(sealed) == keyring().ids[0]:
            return False
        try:
            access_token, refresh_token = access_token_of(holder), refresh_token_of(holder)
        except CannotOpen:
            return False
        changed = sealed_for(table, row, access_token, refresh_token, holder.access_expires_at)
        table.objects.filter(pk=row).update(**changed)
    return True
