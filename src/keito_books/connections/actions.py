"""Everything that changes a connection on a person's or a worker's behalf."""

from __future__ import annotations

from datetime import datetime

from keito_books.connections.disconnecting import Disconnected, disconnect
from keito_books.connections.finishing import (
    abandon,
    choose_organisation,
    close_attempts,
    confirm_other_organisation,
    finish_connecting,
)
from keito_books.connections.models import Connection
from keito_books.connections.starting import start_connecting

__all__ = [
    "Disconnected",
    "abandon",
    "choose_organisation",
    "close_attempts",
    "confirm_other_organisation",
    "disconnect",
    "finish_connecting",
    "note_success",
    "start_connecting",
]


def note_success(connection: Connection, *, now: datetime) -> None:
    """Remember that the provider has just done what it was asked, for the line on the settings page."""
    Connection.objects.filter(pk=connection.pk).update(last_success_at=now)
