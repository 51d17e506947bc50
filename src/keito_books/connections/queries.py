"""Read who is joined to what."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from keito_books.connections.binding import session_hash
from keito_books.connections.models import ConnectAttempt, Connection
from keito_books.workspaces.models import Membership, Person, Workspace

CHOOSE_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What the settings page shows of a connection. Times that are not known are None."""

    connection: Connection
    provider_name: str
    organisation_name: str
    connected_by: Person | None
    connector_has_left: bool  # no longer a member of the workspace; the connection works on
    connected_at: datetime
    lives_until: datetime | None  # when the consent ends if nothing refreshes it; it is refreshed every week at least
    days_left: int | None
    last_success_at: datetime | None
    problem: str  # why it is expired, a sentence; empty when it works


def live_connection(workspace: Workspace) -> Connection | None:
    """Return the connection that holds the workspace's one place: active, or expired and not disconnected."""
    states = [Connection.State.ACTIVE, Connection.State.EXPIRED]
    return Connection.objects.select_related("grant").filter(workspace=workspace, state__in=states).first()


def active_connection(workspace: Workspace) -> Connection | None:
    """Return the connection that can be used now."""
    connection = live_connection(workspace)
    return connection if connection is not None and connection.is_active else None


def latest_connection(workspace: Workspace, provider: str = "xero") -> Connection | None:
    """Return the connection that was made last, whatever has become of it."""
    made = Connection.objects.select_related("grant").filter(workspace=workspace, provider=provider)
    return made.order_by("-connected_at", "-id").first()


def facts_of(connection: Connection, *, now: datetime) -> ConnectionFacts:
    grant = connection.grant
    lives_until = grant.refresh_expires_at if grant is not None and connection.is_active else None
    return ConnectionFacts(
        connection=connection,
        provider_name=connection.get_provider_display(),
        organisation_name=connection.organisation_name,
        connected_by=connection.connected_by,
        connector_has_left=_has_left(connection),
        connected_at=connection.connected_at,
        lives_until=lives_until,
        days_left=max(0, (lives_until - now).days) if lives_until else None,
        last_success_at=connection.last_success_at,
        problem=connection.expired_because,
    )


def open_attempt(attempt_id: UUID, *, by: Membership, session_key: str, now: datetime) -> ConnectAttempt | None:
    """Return an attempt at which this person, in this session and workspace, still has something to choose."""
    attempt = (
        ConnectAttempt.objects.select_related("workspace", "grant")
        .filter(pk=attempt_id, workspace=by.workspace, person=by.person, step=ConnectAttempt.Step.CHOOSING)
        .first()
    )
    if attempt is None or not hmac.compare_digest(attempt.session_hash, session_hash(session_key)):
        return None
    if attempt.returned_at is None or now - attempt.returned_at > CHOOSE_WITHIN:
        return None
    return attempt


def _has_left(connection: Connection) -> bool:
    if connection.connected_by_id is None:
        return False
    return not Membership.objects.filter(
        person_id=connection.connected_by_id, workspace_id=connection.workspace_id
    ).exists()
