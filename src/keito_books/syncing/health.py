"""Say whether an organisation's lane moves, what its limits have left, and what waits or needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Min

from keito_books.connections.models import Connection
from keito_books.syncing.explanations import WAITS, WAITS_WITH_A_TIME
from keito_books.syncing.models import Job, Lane
from keito_books.syncing.queue import OPEN_STATES
from keito_books.workspaces.models import Plan

# A sweep wakes a worker every few seconds; what is due for longer than this found none.
_PATIENCE = timedelta(minutes=2)
_MINUTE = timedelta(minutes=1)
_NOBODY = (
    "Something is due, and no worker has taken it. Nothing is lost. If this stays, whoever operates this "
    "installation should look whether a worker runs."
)


class Move(StrEnum):
    """What the lane is doing."""

    IDLE = "idle"
    WORKING = "working"
    WAITING = "waiting"
    STANDING = "standing"  # only a person makes it go on
    UNATTENDED = "unattended"  # something is due, and no worker comes


@dataclass(frozen=True, slots=True)
class Health:
    """`because` says in words why nothing moves, `until` when it goes on by itself. Limits not known are None."""

    move: Move
    because: str
    until: datetime | None
    minute_left: int | None
    day_left: int | None
    waiting: int
    held: int
    failed: int


def health_of(connection: Connection, *, now: datetime) -> Health:
    """Return how the lane of a connection stands, from its own row and the jobs of this workspace."""
    lane = lane_to_show(connection)
    counts = _counts(connection)
    waiting = sum(counts.get(state, 0) for state in OPEN_STATES)
    move, because, until = _move(connection, lane, waiting, now=now)
    return Health(
        move=move,
        because=because,
        until=until,
        minute_left=_minute_left(lane, now=now),
        day_left=calls_left_today(lane, now=now),
        waiting=waiting,
        held=counts.get(Job.State.HELD, 0),
        failed=counts.get(Job.State.FAILED, 0),
    )


def lane_to_show(connection: Connection) -> Lane | None:
    return Lane.objects.filter(provider=connection.provider, organisation_id=connection.organisation_id).first()


def calls_left_today(lane: Lane | None, *, now: datetime) -> int | None:
    """Return the calls that the organisation has left today; None while nobody has told. Xero's day is UTC's."""
    is_fresh = lane is not None and lane.day_left_at is not None and lane.day_left_at.date() == now.date()
    return lane.day_left if lane is not None and is_fresh else None


def _minute_left(lane: Lane | None, *, now: datetime) -> int | None:
    is_fresh = lane is not None and lane.last_call_at is not None and now - lane.last_call_at < _MINUTE
    return lane.minute_left if lane is not None and is_fresh else None


def _counts(connection: Connection) -> dict[str, int]:
    # What a person put off or skipped stays Failed, and is nothing that waits for anybody.
    jobs = Job.objects.filter(connection=connection).exclude(state=Job.State.FAILED, answer=Job.Answer.LATER).order_by()
    return dict(jobs.values_list("state").annotate(count=Count("pk")))


def _move(
    connection: Connection, lane: Lane | None, waiting: int, *, now: datetime
) -> tuple[Move, str, datetime | None]:
    if connection.state == Connection.State.EXPIRED:
        return Move.STANDING, WAITS["expired"], None
    if connection.workspace.plan != Plan.BUSINESS:
        return Move.STANDING, WAITS["plan"], None
    if not waiting:
        return Move.IDLE, "", None
    if lane is not None and lane.blocked_until is not None and lane.blocked_until > now:
        return Move.WAITING, WAITS.get(lane.blocked_because, WAITS["limit"]), lane.blocked_until
    if lane is not None and lane.lease_expires_at is not None and lane.lease_expires_at > now:
        return Move.WORKING, "", None
    return _between_calls(connection, now=now)


def _between_calls(connection: Connection, *, now: datetime) -> tuple[Move, str, datetime | None]:
    open_jobs = Job.objects.filter(connection=connection, state__in=OPEN_STATES)
    first_due = open_jobs.aggregate(due=Min("next_at"))["due"]
    if first_due <= now - _PATIENCE:
        return Move.UNATTENDED, _NOBODY, None
    if first_due <= now:
        return Move.WORKING, "", None
    because = open_jobs.filter(next_at=first_due).values_list("waiting_because", flat=True).first() or ""
    return Move.WAITING, WAITS.get(because, WAITS[""]), first_due if because in WAITS_WITH_A_TIME else None
