"""Tell Django that this room is an application, and listen to the rooms below."""

from __future__ import annotations

from django.apps import AppConfig


class SyncingConfig(AppConfig):
    name = "keito_books.syncing"
    label = "syncing"

    def ready(self) -> None:
        from keito_books.syncing import receivers  # noqa: F401, PLC0415  importing connects them, once apps are ready
