"""Join a workspace to the organisation of an attempt, all in one transaction; or give the consent back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from keito_books.accounting.port import RemoteConnection
from keito_books.connections.disconnecting import end, lock_grant, lock_place
from keito_books.connections.errors import CannotConnect
from keito_books.connections.expiring import subject
from keito_books.connections.grants import retire
from keito_books.connections.leaving import revoke_now, set_aside
from keito_books.connections.models import ConnectAttempt, Connection, Grant, Revocation
from keito_books.connections.outcomes import Cancelled, Connected, Failed, Why
from keito_books.connections.queries import live_connection
from keito_books.connections.signals import connected
from keito_books.connections.starting import require_free_place
from keito_books.workspaces import audit
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require

_Step = ConnectAttempt.Step
# What joining changes; other rooms write the rest of the row.
_JOINED = (
    "state",
    "epoch",
    "organisation_name",
    "remote_connection_id",
    "grant",
    "connected_by",
    "connected_at",
    "expired_at",
    "expired_kind",
    "expired_because",
    "disconnected_at",
)
_Ended = TypeVar("_Ended", Cancelled, Failed, Cancelled | Failed)


@dataclass(slots=True)
class _Joined:
    connection: Connection
    is_reconnection: bool
    to_revoke: list[Revocation] = field(default_factory=list)


def join(
    attempt: ConnectAttempt, organisation: RemoteConnection, *, by: Membership, now: datetime
) -> Connected | Failed:
    try:
        with transaction.atomic(durable=True):
            joined = _join(attempt, organisation, by=by, now=now)
    except NotAllowed as problem:
        return give_back(attempt, Failed(Why.NOT_ALLOWED, str(problem), attempt.workspace), now=now)
    except CannotConnect as problem:
        return give_back(attempt, Failed(Why.TAKEN, str(problem), attempt.workspace), now=now)
    except IntegrityError:
        # The database keeps the place for one; whoever came second reads why.
        sentence = "Another accounting integration was connected at the same moment. Look at the page before you go on."
        return give_back(attempt, Failed(Why.TAKEN, sentence, attempt.workspace), now=now)
    for revocation in joined.to_revoke:
        revoke_now(revocation, now=now)
    return Connected(joined.connection, is_reconnection=joined.is_reconnection)


def give_back(attempt: ConnectAttempt, outcome: _Ended, *, now: datetime) -> _Ended:
    """Close an attempt that comes to nothing, end its consent at the provider, and return the outcome."""
    with transaction.atomic(durable=True):
        current = ConnectAttempt.objects.select_for_update().get(pk=attempt.pk)
        if current.step == _Step.DONE:
            return outcome
        revocation = _set_consent_aside(current, now=now)
        current.step, current.organisations, current.grant = _Step.FAILED, [], None
        current.sealed_verifier = b""
        current.save(update_fields=["step", "organisations", "grant", "sealed_verifier"])
    revoke_now(revocation, now=now)
    return outcome


def _set_consent_aside(attempt: ConnectAttempt, *, now: datetime) -> Revocation | None:
    if attempt.grant is None or Connection.objects.filter(grant=attempt.grant).exists():
        return None
    # Only what was chosen here and turned down is deleted by id; other organisations may be in use elsewhere.
    chosen = [each for each in attempt.organisations if each["organisation_id"] == attempt.organisation_id]
    return set_aside(
        attempt.grant,
        workspace=attempt.workspace,
        organisation_name=", ".join(each["name"] for each in attempt.organisations)[:255],
        remote_connection_ids=[each["id"] for each in chosen],
        now=now,
    )


def _join(attempt: ConnectAttempt, organisation: RemoteConnection, *, by: Membership, now: datetime) -> _Joined:
    lock_place(attempt.workspace)
    grant = _take(attempt)
    require(by, Ability.MANAGE_INTEGRATIONS)
    require_free_place(attempt.workspace, attempt.provider)
    to_revoke = _make_room(attempt, organisation, by=by, now=now)
    joined = _write(attempt, organisation, grant, now=now)
    joined.to_revoke[:0] = to_revoke
    ConnectAttempt.objects.filter(pk=attempt.pk).update(step=_Step.DONE, connection=joined.connection)
    return joined


def _take(attempt: ConnectAttempt) -> Grant:
    current = ConnectAttempt.objects.select_for_update().get(pk=attempt.pk)
    if current.step != _Step.CHOOSING or current.grant is None:
        raise CannotConnect("This was finished already, in another tab or by a second click. Nothing more was done.")
    return current.grant


def _make_room(
    attempt: ConnectAttempt, organisation: RemoteConnection, *, by: Membership, now: datetime
) -> list[Revocation]:
    """End the connection that was confirmed to be replaced. Raises CannotConnect when it is not that one any more."""
    live = live_connection(attempt.workspace)
    if live is None or live.organisation_id == organisation.organisation_id:
        return []
    if live.pk != attempt.replaces_id:
        raise CannotConnect(
            f"{live.organisation_name} was connected meanwhile. Nothing was changed. "
            "Look at the page, and start again if you want another organisation."
        )
    ended = end(live, by=by, now=now)
    return [ended.revocation] if ended.revocation else []


def _write(attempt: ConnectAttempt, organisation: RemoteConnection, grant: Grant, *, now: datetime) -> _Joined:
    before = Connection.objects.filter(
        workspace=attempt.workspace, provider=attempt.provider, organisation_id=organisation.organisation_id
    ).first()
    connection = before or Connection(
        workspace=attempt.workspace, provider=attempt.provider, organisation_id=organisation.organisation_id
    )
    previous_state, previous_grant = (before.state, lock_grant(before)) if before else (None, None)
    previous_remote_id = connection.remote_connection_id
    if previous_state == Connection.State.DISCONNECTED:
        # Disconnecting ended an epoch. Expiring did not: what waits since then may still be sent.
        connection.epoch += 1
    connection.state = Connection.State.ACTIVE
    connection.organisation_name = organisation.organisation_name or connection.organisation_name
    connection.remote_connection_id = organisation.id
    connection.grant, connection.connected_by, connection.connected_at = grant, attempt.person, now
    connection.expired_at, connection.expired_kind, connection.expired_because = None, "", ""
    connection.disconnected_at = None
    connection.save(update_fields=_JOINED if before else None)
    joined = _Joined(connection, is_reconnection=before is not None)
    if previous_grant is not None:
        joined.to_revoke = _supersede(previous_grant, connection, remote_id=previous_remote_id, now=now)
    _tell(connection, attempt, previous_state=previous_state, now=now)
    return joined


def _supersede(old: Grant, connection: Connection, *, remote_id: str, now: datetime) -> list[Revocation]:
    """Forget the consent before. It is ended at the provider only when it was another person's for certain: revoking
    an older consent of the same person would end the new one with it."""
    if not old.account or connection.grant is None or old.account == connection.grant.account:
        retire(old, now=now)
        return []
    revocation = set_aside(
        old,
        workspace=connection.workspace,
        organisation_name=connection.organisation_name,
        remote_connection_ids=[remote_id],
        now=now,
    )
    return [revocation] if revocation else []


def _tell(connection: Connection, attempt: ConnectAttempt, *, previous_state: str | None, now: datetime) -> None:
    audit.record(
        "connection.reconnected" if previous_state else "connection.connected",
        workspace=connection.workspace,
        at=now,
        person=attempt.person,
        subject=subject(connection),
        details={"organisation": connection.organisation_name, "epoch": connection.epoch},
    )
    connected.send(sender=Connection, connection=connection, now=now, previous_state=previous_state)
