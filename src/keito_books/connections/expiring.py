"""Say that a connection can't be used until somebody reconnects it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from keito_books.connections.models import Connection, Grant
from keito_books.connections.signals import connected, expired
from keito_books.workspaces import audit

log = logging.getLogger(__name__)

_BECAUSE = {
    Connection.Expiry.REFUSED: (
        "{provider} no longer accepts the permission that was given for {organisation}. It ends after 60 days without "
        "use, or when somebody withdraws it. Nothing is lost: settings, links and waiting invoices are kept. "
        "An Administrator can reconnect, and what waits goes on."
    ),
    Connection.Expiry.REMOVED_THERE: (
        "Keito Books was disconnected from {organisation} inside {provider}. Nothing is lost: settings, links and "
        "waiting invoices are kept. An Administrator can reconnect, and what waits goes on."
    ),
    Connection.Expiry.UNREADABLE: (
        "Keito Books can't open the stored permission for {organisation}, because the key that protects it is missing "
        "or was changed. Nothing was sent. Whoever operates this installation can put the key back, or an "
        "Administrator can reconnect."
    ),
}


def expire(connection: Connection, kind: Connection.Expiry, *, now: datetime) -> bool:
    """Turn an active connection into an expired one, with its reason. Say whether it was still active."""
    because = _BECAUSE[kind].format(
        provider=connection.get_provider_display(), organisation=connection.organisation_name
    )
    with transaction.atomic():
        changed = Connection.objects.filter(
            pk=connection.pk, state=Connection.State.ACTIVE, grant=connection.grant
        ).update(state=Connection.State.EXPIRED, expired_at=now, expired_kind=kind, expired_because=because)
        if not changed:
            return False
        connection.refresh_from_db()
        audit.record(
            "connection.expired",
            workspace=connection.workspace,
            at=now,
            person=None,
            subject=subject(connection),
            details={"because": because},
        )
        expired.send(sender=Connection, connection=connection, now=now)
    log.warning("connection %s expired: %s", connection.pk, kind)
    return True


def expire_all_of(grant: Grant, kind: Connection.Expiry, *, now: datetime) -> None:
    with transaction.atomic():
        for connection in Connection.objects.filter(grant=grant, state=Connection.State.ACTIVE).order_by("id"):
            expire(connection, kind, now=now)


def revive(connection: Connection, *, now: datetime) -> bool:
    """Take back that the stored tokens can't be opened, once they can. Say whether that changed anything."""
    with transaction.atomic():
        changed = Connection.objects.filter(
            pk=connection.pk,
            state=Connection.State.EXPIRED,
            expired_kind=Connection.Expiry.UNREADABLE,
            grant=connection.grant,
        ).update(state=Connection.State.ACTIVE, expired_at=None, expired_kind="", expired_because="")
        if not changed:
            return False
        connection.refresh_from_db()
        audit.record(
            "connection.revived", workspace=connection.workspace, at=now, person=None, subject=subject(connection)
        )
        connected.send(sender=Connection, connection=connection, now=now, previous_state=Connection.State.EXPIRED)
    return True


def subject(connection: Connection) -> audit.Subject:
    """Return the connection as the audit trail names it."""
    return audit.Subject("connection", connection.pk, str(connection))
