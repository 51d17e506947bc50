"""Look after connections by the clock: lost answers, idle consents, organisations that were disconnected there.

How often: `sweep_refreshes` and `retry_revocations` each minute, `keep_alive` and `check_connections` each day,
`close_attempts` each hour. All may run twice at the same time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from keito_books.accounting.errors import MustReconnect, ProviderError, TokenRejected
from keito_books.accounting.port import RemoteConnection
from keito_books.connections.errors import NotConnected
from keito_books.connections.expiring import expire, revive
from keito_books.connections.grants import access_token_of, refresh_token_of
from keito_books.connections.models import Connection, Grant
from keito_books.connections.providing import provider_for
from keito_books.connections.refreshing import Need, Opened, opened_grant
from keito_books.connections.vault import CannotOpen

log = logging.getLogger(__name__)

_IDLE = timedelta(days=7)


def sweep_refreshes(now: datetime) -> int:
    """Ask again for every answer that was lost, also by workers that died. Return how many consents were refreshed."""
    is_free = Q(lease_expires_at=None) | Q(lease_expires_at__lte=now)
    is_rested = Q(rests_until=None) | Q(rests_until__lte=now)
    open_intents = Grant.objects.filter(is_free, is_rested, retired_at=None, refresh_intent_at__isnull=False)
    return _refresh_all(open_intents.order_by("refresh_intent_at", "id").values_list("id", flat=True), now=now)


def keep_alive(now: datetime) -> int:
    """Refresh the consents that nobody used for a week, so that none dies of idleness. Return how many were."""
    idle = Grant.objects.filter(
        retired_at=None, refreshed_at__lte=now - _IDLE, connections__state=Connection.State.ACTIVE
    )
    return _refresh_all(idle.order_by("refreshed_at", "id").values_list("id", flat=True).distinct(), now=now)


def check_connections(now: datetime) -> None:
    """Ask for each consent which organisations are still joined; those that are gone expire."""
    _revive_readable(now)
    active = Connection.objects.filter(state=Connection.State.ACTIVE, grant__isnull=False)
    for grant_id in list(active.order_by("grant_id").values_list("grant_id", flat=True).distinct()):
        try:
            _check_grant(grant_id, now=now)
        except (ProviderError, NotConnected) as problem:
            log.warning("consent %s can't be checked now: %s", grant_id, problem)


def check_connection(connection: Connection, *, now: datetime) -> bool:
    """Ask whether this organisation is still joined. False when not, and then the connection has expired.

    Raises TryAgainLater or TokenRejected when the provider does not say.
    """
    if connection.grant_id is not None:
        try:
            _check_grant(connection.grant_id, now=now)
        except (MustReconnect, NotConnected) as problem:
            log.info("connection %s is over: %s", connection.pk, problem)
    return Connection.objects.filter(pk=connection.pk, epoch=connection.epoch, state=Connection.State.ACTIVE).exists()


def _check_grant(grant_id: UUID, *, now: datetime) -> None:
    opened = opened_grant(grant_id, Need(now=now))
    try:
        listed = _organisations(opened)
    except TokenRejected:
        opened = opened_grant(grant_id, Need(now=now, rejected=opened.access_token))
        listed = _organisations(opened)
    for connection in Connection.objects.filter(grant=opened.grant, state=Connection.State.ACTIVE).order_by("id"):
        there = listed.get(connection.organisation_id)
        if there is None:
            expire(connection, Connection.Expiry.REMOVED_THERE, now=now)
        elif there.organisation_name not in {"", connection.organisation_name}:
            Connection.objects.filter(pk=connection.pk).update(organisation_name=there.organisation_name)


def _organisations(opened: Opened) -> dict[str, RemoteConnection]:
    # Of the whole account: an organisation that was joined before keeps the mark of its first consent.
    identity = provider_for(opened.grant.provider).identity
    listed = identity.connections(access_token=opened.access_token, whole_account=True)
    return {each.organisation_id: each for each in listed}


def _refresh_all(grant_ids: Iterable[UUID], *, now: datetime) -> int:
    return sum(_refresh_one(grant_id, now=now) for grant_id in list(grant_ids))


def _refresh_one(grant_id: UUID, *, now: datetime) -> bool:
    try:
        grant = opened_grant(grant_id, Need(now=now, always=True)).grant
    except (ProviderError, NotConnected) as problem:
        log.warning("consent %s was not refreshed: %s", grant_id, problem)
        return False
    return grant.refreshed_at == now


def _revive_readable(now: datetime) -> None:
    """Bring back what expired because a key was missing, when the key is here again."""
    unreadable = Connection.objects.filter(
        state=Connection.State.EXPIRED, expired_kind=Connection.Expiry.UNREADABLE, grant__retired_at=None
    )
    for connection in unreadable.select_related("grant", "workspace").order_by("id"):
        if connection.grant is not None and _is_readable(connection.grant):
            revive(connection, now=now)


def _is_readable(grant: Grant) -> bool:
    try:
        access_token_of(grant), refresh_token_of(grant)
    except CannotOpen:
        return False
    return True
