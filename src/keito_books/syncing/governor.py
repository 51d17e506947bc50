"""Keep calls inside the organisation's limits and in the hands of one worker at a time.

All of it is one row per organisation, changed under its lock and by the newest lease holder only, so any number of
workers on any number of machines share it. A worker that was frozen and wakes up late fails here, before it sends.

A call counts from its permit until a minute after its reply. The other side saw it somewhere in between, so whatever
way it counts its minute, rolling or fixed, it never counts more than we do: no call of ours can be one too many.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from keito_books.accounting.errors import TryAgainLater
from keito_books.accounting.port import Receipt
from keito_books.connections.models import Connection
from keito_books.syncing import protocol
from keito_books.syncing.models import BULK, CLICK, Brake, Lane

LEASE = timedelta(seconds=60)
_MINUTE = timedelta(seconds=60)
# No reply can come later than this after the permit; a worker that died leaves its calls counted until then.
_LONGEST_CALL = timedelta(seconds=45)
# What bulk leaves for people's clicks: calls in a minute, calls at once, calls a day.
_MINUTE_RESERVE, _AT_ONCE_RESERVE, _DAY_RESERVE = 2, 1, 50
# After the reserve of the day is reached, one call of bulk looks every so often whether a new day has begun.
_LOOK_AT_THE_DAY = timedelta(minutes=30)
_A_MOMENT = timedelta(seconds=0.5)
# Of the 10,000 calls a minute that Xero allows the app over all organisations.
_APP_BULK_STOPS, _APP_STOPS, _APP_WORTH_NOTING = 500, 50, 1000
_TROUBLES_OF_ALL = ("limit", "day limit", "maintenance")
_UNREACHABLE_MAX = 3


class NotPermitted(TryAgainLater):
    """We held the call back ourselves; nothing was sent."""


class Limits(Protocol):
    """What a provider allows one organisation."""

    minute_limit: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a permit: the lease's fencing number, the connection in its epoch, and how urgent it is."""

    fence: int
    connection_id: UUID
    epoch: int
    urgency: int = CLICK


@dataclass(frozen=True, slots=True)
class Call:
    """One call that may still count. Kept as [slot, until, open] in the lane's row."""

    slot: str
    until: float  # seconds since 1970
    is_open: bool


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


def permit(lane_id: UUID, asking: Asking, *, limits: Limits, now: datetime) -> str:
    """Allow one call, renew the lease, and return the call's slot, to be handed to `note`.

    Raises NotPermitted, with how long to wait where that is known.
    """
    with transaction.atomic():
        lane = Lane.objects.select_for_update().get(pk=lane_id)
        if lane.fence != asking.fence or lane.lease_expires_at is None or lane.lease_expires_at <= now:
            raise NotPermitted("another worker has this organisation now", reason="lease")
        # Locked, so that a disconnect commits either before this look or after the permit, which begins the call.
        joined = Connection.objects.select_for_update(no_key=True).filter(
            pk=asking.connection_id, epoch=asking.epoch, state=Connection.State.ACTIVE
        )
        if not joined:
            raise NotPermitted("the connection has ended", reason="disconnected")
        refusal = held_back(lane, urgency=asking.urgency, limits=limits, now=now)
        if refusal is not None:
            raise refusal
        slot = uuid.uuid4().hex[:8]
        open_until = now + _LONGEST_CALL + _MINUTE
        lane.calls = [*_packed(_counting(lane, now=now)), [slot, open_until.timestamp(), True]]
        lane.lease_expires_at = now + LEASE
        lane.last_call_at = now
        lane.save(update_fields=["calls", "lease_expires_at", "last_call_at"])
    return slot


def held_back(lane: Lane, *, urgency: int, limits: Limits, now: datetime) -> NotPermitted | None:
    """Return why a call would not be permitted now, or None; a look, not a reservation."""
    if lane.blocked_until is not None and lane.blocked_until > now:
        return NotPermitted("asked to wait", reason=lane.blocked_because, retry_after=lane.blocked_until - now)
    calls = _counting(lane, now=now)
    is_bulk = urgency >= BULK
    most = limits.minute_limit - is_bulk * _MINUTE_RESERVE
    if len(calls) >= most:
        free_at = sorted(call.until for call in calls)[len(calls) - most]
        wait = timedelta(seconds=free_at - now.timestamp())
        return NotPermitted("our share of the minute is used", reason="limit", retry_after=wait)
    if sum(call.is_open for call in calls) >= limits.at_once - is_bulk * _AT_ONCE_RESERVE:
        return NotPermitted("enough calls are under way", reason="limit", retry_after=_A_MOMENT)
    if is_bulk and lane.day_left is not None and lane.day_left <= _DAY_RESERVE and lane.day_left_at is not None:
        look_at = lane.day_left_at + _LOOK_AT_THE_DAY
        if look_at > now:
            return NotPermitted("the rest of the day is for clicks", reason="day limit", retry_after=look_at - now)
    return _braked(lane.provider, is_bulk=is_bulk, now=now)


def note(lane_id: UUID, receipt: Receipt, *, slot: str, limits: Limits, now: datetime) -> None:
    """Remember that a call ended, and what the reply said of the limits."""
    with transaction.atomic():
        lane = Lane.objects.select_for_update().get(pk=lane_id)
        counts_until = (now + _MINUTE).timestamp()
        calls = [
            Call(call.slot, counts_until, is_open=False) if call.slot == slot else call
            for call in _counting(lane, now=now)
        ]
        if receipt.minute_left is not None:
            lane.minute_left = receipt.minute_left
            # Somebody else calls this organisation in our name; what they used is gone for us as well. A 429 says
            # itself how long to wait.
            is_refused = receipt.status == HTTPStatus.TOO_MANY_REQUESTS
            strangers = 0 if is_refused else limits.minute_limit - len(calls) - receipt.minute_left
            calls += [Call("stranger", counts_until, is_open=False)] * max(strangers, 0)
        if receipt.day_left is not None:
            lane.day_left, lane.day_left_at = receipt.day_left, now
        if 0 < receipt.status < HTTPStatus.INTERNAL_SERVER_ERROR and receipt.status != HTTPStatus.TOO_MANY_REQUESTS:
            lane.troubles = 0
        lane.calls = _packed(calls)
        lane.save(update_fields=["calls", "minute_left", "day_left", "day_left_at", "troubles"])
        if receipt.app_minute_left is not None and receipt.app_minute_left < _APP_WORTH_NOTING:
            told = {"calls_left": receipt.app_minute_left, "told_at": now}
            Brake.objects.update_or_create(provider=lane.provider, defaults=told)


def trouble(lane_id: UUID, later: TryAgainLater, *, spread: float, now: datetime) -> datetime | None:
    """Hold the whole lane back when the trouble is the organisation's, and return until when; None when it is not.

    A limit and maintenance are; so is an organisation that could not be reached three times in a row. The pause
    grows, so that an outage costs a few calls and not one for each document.
    """
    with transaction.atomic():
        lane = Lane.objects.select_for_update().get(pk=lane_id)
        lane.troubles = min(lane.troubles + 1, 30)
        is_of_all = later.reason in _TROUBLES_OF_ALL
        if is_of_all or (later.reason == "unreachable" and lane.troubles >= _UNREACHABLE_MAX):
            lane.blocked_until = now + protocol.pause(lane.troubles, asked_for=later.retry_after, spread=spread)
            lane.blocked_because = later.reason
        lane.save(update_fields=["troubles", "blocked_until", "blocked_because"])
    return lane.blocked_until if lane.blocked_until and lane.blocked_until > now else None


def _counting(lane: Lane, *, now: datetime) -> list[Call]:
    """Return the calls that may still count, whoever made them."""
    calls = [Call(slot, until, is_open) for slot, until, is_open in lane.calls]
    return [call for call in calls if call.until > now.timestamp()]


def _packed(calls: list[Call]) -> list[list[object]]:
    return [[call.slot, call.until, call.is_open] for call in calls]


def _braked(provider: str, *, is_bulk: bool, now: datetime) -> NotPermitted | None:
    """Hold back while our app as a whole has used its minute up; bulk stops earlier than clicks."""
    brake = Brake.objects.filter(provider=provider, told_at__gt=now - _MINUTE).first()
    if brake is None or brake.calls_left > (_APP_BULK_STOPS if is_bulk else _APP_STOPS):
        return None
    wait = brake.told_at + _MINUTE - now
    return NotPermitted("the app's minute is used", reason="limit", retry_after=wait)
