"""Keep calls inside the organisation's limits and in the hands of one worker at a time.

All of it is one row per organisation, changed under its lock and by the newest lease holder only, so any number of
workers on any number of machines share it. A worker that was frozen and wakes up late fails here, before it sends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from keito_books.accounting.errors import TryAgainLater
from keito_books.accounting.port import Receipt
from keito_books.connections.models import Connection
from keito_books.syncing.models import Lane

LEASE = timedelta(seconds=60)
# Xero allows 60 a minute in windows of its own. A steady 40 with bursts of 15 makes at most 55 in any minute, and
# leaves room for the few calls of the settings page. The burst lets two or three clicks go through at once.
EMISSION_INTERVAL = timedelta(seconds=60) / 40
BURST = 15


class NotPermitted(TryAgainLater):
    """We held the call back ourselves; nothing was sent."""


def lane_of(connection: Connection) -> Lane:
    lane, _ = Lane.objects.get_or_create(provider=connection.provider, organisation_id=connection.organisation_id)
    return lane


def take_lease(lane_id: UUID, *, now: datetime) -> int | None:
    """Return the fencing number of a new lease, or None while another worker holds the lane."""
    free = Q(lease_expires_at=None) | Q(lease_expires_at__lte=now)
    if not Lane.objects.filter(free, pk=lane_id).update(fence=F("fence") + 1, lease_expires_at=now + LEASE):
        return None
    return Lane.objects.values_list("fence", flat=True).get(pk=lane_id)


def release_lease(lane_id: UUID, *, fence: int) -> None:
    Lane.objects.filter(pk=lane_id, fence=fence).update(lease_expires_at=None)


def permit(lane_id: UUID, *, fence: int, connection_id: UUID, epoch: int, now: datetime) -> None:
    """Allow one call, and renew the lease. Raises NotPermitted, with how long to wait where that is known."""
    with transaction.atomic():
        lane = Lane.objects.select_for_update().get(pk=lane_id)
        if lane.fence != fence or lane.lease_expires_at is None or lane.lease_expires_at <= now:
            raise NotPermitted("another worker has this organisation now", reason="lease")
        joined = Connection.objects.filter(pk=connection_id, epoch=epoch, state=Connection.State.ACTIVE)
        if not joined.exists():
            raise NotPermitted("the connection has ended", reason="disconnected")
        wait = _wait(lane, now=now)
        if wait is not None:
            raise wait
        lane.theoretical_arrival = max(lane.theoretical_arrival or now, now) + EMISSION_INTERVAL
        lane.lease_expires_at = now + LEASE
        lane.last_call_at = now
        lane.save(update_fields=["theoretical_arrival", "lease_expires_at", "last_call_at"])


def held_back(lane: Lane, *, now: datetime) -> NotPermitted | None:
    """Return why a call would not be permitted now, or None; a look, not a reservation."""
    return _wait(lane, now=now)


def note(lane_id: UUID, receipt: Receipt) -> None:
    """Remember what the organisation's reply said of its limits."""
    told = {"minute_left": receipt.minute_left, "day_left": receipt.day_left}
    known = {name: value for name, value in told.items() if value is not None}
    if known:
        Lane.objects.filter(pk=lane_id).update(**known)


def block(lane_id: UUID, *, until: datetime, because: str) -> None:
    """Hold the whole lane back, as the provider asked."""
    Lane.objects.filter(pk=lane_id).update(blocked_until=until, blocked_because=because)


def _wait(lane: Lane, *, now: datetime) -> NotPermitted | None:
    if lane.blocked_until is not None and lane.blocked_until > now:
        return NotPermitted("asked to wait", reason=lane.blocked_because, retry_after=lane.blocked_until - now)
    if lane.theoretical_arrival is not None:
        too_early = lane.theoretical_arrival - BURST * EMISSION_INTERVAL - now
        if too_early > timedelta(0):
            return NotPermitted("our share of the minute is used", reason="limit", retry_after=too_early)
    return None
