"""Tell Django that this room is an application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "keito_books.connections"
    label = "connections"

    def ready(self) -> None:
        import_module("keito_books.connections.checks")
