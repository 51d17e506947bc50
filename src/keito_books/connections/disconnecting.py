"""Disconnect a workspace: first here and for certain, then at the provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from keito_books.connections.expiring import subject
from keito_books.connections.leaving import revoke_now, set_aside
from keito_books.connections.models import Connection, Grant, Revocation
from keito_books.connections.signals import disconnected
from keito_books.workspaces import audit
from keito_books.workspaces.errors import NeedsPlan
from keito_books.workspaces.models import Membership, Workspace
from keito_books.workspaces.permissions import Ability, refusal, require_same_workspace

_LIVE = (Connection.State.ACTIVE, Connection.State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Ended:
    """`is_new` is False when it had been disconnected before."""

    is_new: bool
    revocation: Revocation | None = None


@dataclass(frozen=True, slots=True)
class Disconnected:
    connection: Connection
    is_ended_there: bool

    @property
    def sentence(self) -> str:
        name = self.connection.organisation_name
        provider = self.connection.get_provider_display()
        kept = "What was synced stays in both systems, and nothing more is sent."
        if self.is_ended_there:
            return f"Disconnected from {name}. The permission was revoked in {provider}. {kept}"
        return (
            f"Disconnected from {name}. {provider} could not be reached, so the permission is revoked there in the "
            f"background, within a day. {kept}"
        )


def disconnect(*, connection: Connection, by: Membership, now: datetime) -> Disconnected:
    """End the connection, wipe its tokens here and revoke them at the provider. Doing it twice changes nothing more.

    A workspace that lost the Business plan may still disconnect. Never call this inside a transaction.
    Raises NotAllowed.
    """
    problem = refusal(by, Ability.MANAGE_INTEGRATIONS)
    if problem is not None and not isinstance(problem, NeedsPlan):
        raise problem
    require_same_workspace(by, connection)
    with transaction.atomic(durable=True):
        lock_place(connection.workspace)
        ended = end(connection, by=by, now=now)
    is_ended_there = revoke_now(ended.revocation, now=now)
    connection.refresh_from_db()
    return Disconnected(connection, is_ended_there=is_ended_there)


def lock_place(workspace: Workspace) -> None:
    """Let nobody else connect or disconnect this workspace until the transaction ends."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def lock_grant(connection: Connection) -> Grant | None:
    """Let nobody else change the connection's consent until the transaction ends.

    A refusal locks the consent and then the connections: whoever changes both locks them in this order.
    """
    current = Connection.objects.get(pk=connection.pk)
    if current.grant_id is None:
        return None
    return Grant.objects.select_for_update().get(pk=current.grant_id)


def end(connection: Connection, *, by: Membership, now: datetime) -> Ended:
    """Disconnect inside the caller's transaction; the caller revokes after the commit."""
    grant = lock_grant(connection)
    changed = Connection.objects.filter(pk=connection.pk, state__in=_LIVE).update(
        state=Connection.State.DISCONNECTED,
        grant=None,
        disconnected_at=now,
        expired_at=None,
        expired_kind="",
        expired_because="",
    )
    if not changed:
        return Ended(is_new=False)
    revocation = _set_aside(connection, grant, now=now) if grant else None
    connection.refresh_from_db()
    audit.record(
        "connection.disconnected",
        workspace=connection.workspace,
        at=now,
        person=by.person,
        subject=subject(connection),
        details={"organisation": connection.organisation_name, "epoch": connection.epoch},
    )
    disconnected.send(sender=Connection, connection=connection, now=now)
    return Ended(is_new=True, revocation=revocation)


def _set_aside(connection: Connection, grant: Grant, *, now: datetime) -> Revocation | None:
    if Connection.objects.filter(grant=grant, state__in=_LIVE).exists():
        return None
    return set_aside(
        grant,
        workspace=connection.workspace,
        organisation_name=connection.organisation_name,
        remote_connection_ids=[connection.remote_connection_id],
        now=now,
    )
