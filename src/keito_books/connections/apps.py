"""Tell Django that this room is an application."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "keito_books.connections"
    label = "connections"
