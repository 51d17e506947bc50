"""Tell Django that this room is an application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "keito_books.web"
    label = "web"
