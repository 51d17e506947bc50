"""Tell Django that this room is an application."""

from __future__ import annotations

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "keito_books.invoicing"
    label = "invoicing"
