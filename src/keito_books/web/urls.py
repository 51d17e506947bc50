"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from keito_books.web.views import home, invoices

# Names that templates and other rooms rely on; "integrations" is given by keito_books.web.integrations.
in_workspace = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("clients/", invoices.invoices, name="clients"),
    path("projects/", invoices.invoices, name="projects"),
    path("activity/", invoices.invoices, name="activity"),
    path("settings/", invoices.invoices, name="settings"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("theme/", home.choose_theme, name="theme"),
    path("w/<slug:slug>/", include(in_workspace)),
]
