"""Refresh a consent's tokens: one call at a time, and nobody but the newest caller may store an answer.

1. Claim: take the lease if it is free and still the one that we saw; note the intent. Committed before the call.
2. Call, outside any transaction.
3. Record: only while our lease is the newest. A lost answer leaves the intent standing, and the sweep asks again with
   the old token, which providers accept for a while for just this case (30 minutes at Xero).

A refusal counts only for the newest token, and only the second one ends the connection: an answer that is
wrong for a moment must not send people to a consent page.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from keito_books.accounting.errors import MustReconnect, OutcomeUnknown, TryAgainLater
from keito_books.accounting.port import TokenSet
from keito_books.connections.errors import NotConnected
from keito_books.connections.expiring import expire_all_of
from keito_books.connections.grants import access_token_of, refresh_token_of, retire, sealed_for
from keito_books.connections.leaving import keep_for_revocation
from keito_books.connections.models import Connection, Grant
from keito_books.connections.providing import provider_for
from keito_books.connections.vault import CannotOpen

log = logging.getLogger(__name__)

# Longer than the deadline of one token request, so that a lease runs out only under a caller that is gone.
_LEASE = timedelta(seconds=45)
_REST = timedelta(seconds=30)
_REFRESH_BEFORE = timedelta(minutes=5)
_USABLE_FOR = timedelta(minutes=1)
_REFUSALS_MAX = 2
_WAIT_SECONDS = 15.0
_LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Need:
    """What the caller needs: an access token for now, other than one that was just rejected."""

    now: datetime
    rejected: str = field(default="", repr=False)
    always: bool = False  # refresh even though the token would do

    def is_met_by(self, grant: Grant) -> bool:
        return not self.always and self._lasts(grant, _REFRESH_BEFORE)

    def is_barely_met_by(self, grant: Grant) -> bool:
        return self._lasts(grant, _USABLE_FOR)

    def _lasts(self, grant: Grant, margin: timedelta) -> bool:
        if grant.access_expires_at is None or grant.access_expires_at - self.now < margin:
            return False
        return not self.rejected or access_token_of(grant) != self.rejected


@dataclass(frozen=True, slots=True)
class Opened:
    """A grant and its access token, readable."""

    grant: Grant
    access_token: str = field(repr=False)


def opened_grant(grant_id: UUID, need: Need) -> Opened:
    """Return the grant with an access token that can be used, refreshed when it is time.

    Raises TryAgainLater, MustReconnect (and the connections have expired) or NotConnected.
    """
    try:
        grant = _usable_grant(grant_id, need)
        return Opened(grant, access_token_of(grant))
    except CannotOpen as problem:
        log.error("tokens of grant %s can't be opened: %s", grant_id, problem)  # noqa: TRY400  # the trace adds nothing
        expire_all_of(Grant.objects.get(pk=grant_id), Connection.Expiry.UNREADABLE, now=need.now)
        raise MustReconnect("The stored tokens can't be opened", code="unreadable") from problem


def _usable_grant(grant_id: UUID, need: Need) -> Grant:
    grant = _read(grant_id)
    if need.is_met_by(grant):
        return grant
    try:
        return _refreshed(grant, need)
    except TryAgainLater:
        # The token still does for a minute or more: the work need not wait for the token server.
        grant = _read(grant_id)
        if need.is_barely_met_by(grant):
            return grant
        raise


def _refreshed(seen: Grant, need: Need) -> Grant:
    waited_since = time.monotonic()
    grant = seen
    while True:
        _refuse_while_resting(grant, need)
        if _claim(grant, now=need.now):
            return _refresh(grant, lease=grant.lease + 1, now=need.now)
        grant = _read(grant.pk)
        if grant.refreshed_at != seen.refreshed_at or need.is_met_by(grant):
            return grant
        waited_seconds = (time.monotonic() - waited_since) * settings.CLOCK_RATE
        if need.is_barely_met_by(grant) or waited_seconds > _WAIT_SECONDS:
            raise TryAgainLater(
                "Another worker is refreshing the tokens", reason="token", retry_after=timedelta(seconds=5)
            )
        time.sleep(_LOOK_AGAIN_SECONDS)


def _refuse_while_resting(grant: Grant, need: Need) -> None:
    until = grant.rests_until or need.now
    if need.rejected:
        # A token that was made a moment ago and is rejected: another one would fare no better.
        until = max(until, grant.refreshed_at + _REST)
    if until > need.now:
        raise TryAgainLater("The tokens can't be refreshed just now", reason="token", retry_after=until - need.now)


def _claim(grant: Grant, *, now: datetime) -> bool:
    """Take the lease that was seen, if it is free. Whoever saw an older state can't: giving it back counts up too."""
    is_free = Q(lease_expires_at=None) | Q(lease_expires_at__lte=now)
    with transaction.atomic(durable=True):
        return bool(
            Grant.objects.filter(is_free, pk=grant.pk, lease=grant.lease, retired_at=None).update(
                lease=F("lease") + 1,
                lease_expires_at=now + _LEASE,
                refresh_intent_at=Coalesce("refresh_intent_at", now),
            )
        )


def _refresh(grant: Grant, *, lease: int, now: datetime) -> Grant:
    try:
        refresh_token = refresh_token_of(grant)
        tokens = provider_for(grant.provider).identity.refresh(refresh_token=refresh_token, now=now)
    except MustReconnect as refusal:
        return _refused(grant, refusal, lease=lease, now=now)
    except TryAgainLater as problem:
        # Certainly not sent, so there is nothing to ask for again unless an earlier answer is still missing.
        _rest(grant, lease=lease, until=now + (problem.retry_after or _REST), intent_at=grant.refresh_intent_at)
        raise
    except OutcomeUnknown as problem:
        _rest(grant, lease=lease, until=now + _REST, intent_at=grant.refresh_intent_at or now)
        raise TryAgainLater("The answer to a token refresh was lost", reason="token", retry_after=_REST) from problem
    _store(grant, tokens, lease=lease, now=now)
    return _read(grant.pk)


def _store(grant: Grant, tokens: TokenSet, *, lease: int, now: datetime) -> None:
    sealed = sealed_for(Grant, grant.pk, tokens.access_token, tokens.refresh_token, tokens.access_expires_at)
    with transaction.atomic(durable=True):
        stored = Grant.objects.filter(pk=grant.pk, lease=lease, retired_at=None).update(
            account=tokens.account or grant.account,
            refresh_expires_at=tokens.refresh_expires_at,
            scope=tokens.scope or grant.scope,
            lease=F("lease") + 1,
            lease_expires_at=None,
            rests_until=None,
            refresh_intent_at=None,
            refused_times=0,
            refreshed_at=now,
            **sealed,
        )
        if not stored:
            # Disconnected meanwhile: these are the tokens to revoke. Or overtaken: then the newer caller's count.
            keep_for_revocation(grant.pk, tokens)


def _refused(grant: Grant, refusal: MustReconnect, *, lease: int, now: datetime) -> Grant:
    with transaction.atomic(durable=True):
        current = Grant.objects.select_for_update().get(pk=grant.pk)
        overtaken = current.lease != lease or current.retired_at is not None
        if not overtaken:
            current.refused_times += 1
            if _is_final(current, now=now):
                expire_all_of(current, Connection.Expiry.REFUSED, now=now)
                retire(current, now=now)
            else:
                current.rests_until, current.lease_expires_at = now + _REST, None
                current.lease += 1
                current.save(update_fields=["refused_times", "rests_until", "lease_expires_at", "lease"])
    if overtaken:
        return _read(grant.pk)
    if _is_final(current, now=now):
        raise refusal
    raise TryAgainLater("The provider refused a refresh once", reason="token", retry_after=_REST) from refusal


def _is_final(grant: Grant, *, now: datetime) -> bool:
    is_past_its_life = grant.refresh_expires_at is not None and grant.refresh_expires_at <= now
    return grant.refused_times >= _REFUSALS_MAX or is_past_its_life


def _rest(grant: Grant, *, lease: int, until: datetime, intent_at: datetime | None) -> None:
    with transaction.atomic(durable=True):
        Grant.objects.filter(pk=grant.pk, lease=lease).update(
            lease=F("lease") + 1, lease_expires_at=None, rests_until=until, refresh_intent_at=intent_at
        )


def _read(grant_id: UUID) -> Grant:
    grant = Grant.objects.get(pk=grant_id)
    if grant.retired_at is not None:
        raise NotConnected("This connection has ended. Nothing was sent.")
    return grant
