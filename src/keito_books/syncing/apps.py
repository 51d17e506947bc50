"""Tell Django that this room is an application."""

from __future__ import annotations

from django.apps import AppConfig


class SyncingConfig(AppConfig):
    name = "keito_books.syncing"
    label = "syncing"
