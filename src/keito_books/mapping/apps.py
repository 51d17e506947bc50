"""Tell Django that this room is an application."""

from __future__ import annotations

from django.apps import AppConfig


class MappingConfig(AppConfig):
    name = "keito_books.mapping"
    label = "mapping"
