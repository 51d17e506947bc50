"""Read who is joined to what."""

from __future__ import annotations

from keito_books.connections.models import Connection
from keito_books.workspaces.models import Workspace


def live_connection(workspace: Workspace) -> Connection | None:
    """Return the connection that holds the workspace's one place: active, or expired and not disconnected."""
    states = [Connection.State.ACTIVE, Connection.State.EXPIRED]
    return Connection.objects.select_related("grant").filter(workspace=workspace, state__in=states).first()


def latest_connection(workspace: Workspace, provider: str = "xero") -> Connection | None:
    """Return the connection that was made last, whatever has become of it."""
    made = Connection.objects.select_related("grant").filter(workspace=workspace, provider=provider)
    return made.order_by("-connected_at", "-id").first()
