"""Addresses below Settings > Integrations."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from keito_books.web.integrations import pages

urlpatterns: list[URLPattern | URLResolver] = [path("", pages.index, name="integrations")]
