"""Register the checks of the settings."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "keito_books.config"
    label = "config"

    def ready(self) -> None:
        from keito_books.config import checks  # noqa: F401, PLC0415  importing registers them, once apps are ready
