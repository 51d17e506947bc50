"""Tell Django that this room is an application."""

from __future__ import annotations

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "keito_books.workspaces"
    label = "workspaces"
