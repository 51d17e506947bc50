"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from keito_books.web.integrations import urls as integrations
from keito_books.web.views import home, invoice, invoice_editor, invoices

# Names that templates and other rooms rely on; "integrations" is given by keito_books.web.integrations.
in_workspace: list[URLPattern | URLResolver] = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/new/", invoice_editor.new, name="new_invoice"),
    path("invoices/new/totals/", invoice_editor.totals, name="invoice_totals"),
    path("invoices/new/line/", invoice_editor.line, name="invoice_line"),
    path("invoices/new/due-date/", invoice_editor.due_date, name="invoice_due_date"),
    path("invoices/<uuid:pk>/", invoice.invoice, name="invoice"),
    path("invoices/<uuid:pk>/edit/", invoice_editor.edit, name="edit_invoice"),
    path("invoices/<uuid:pk>/send/", invoice.send, name="send_invoice"),
    path("invoices/<uuid:pk>/close/", invoice.close, name="close_invoice"),
    path("invoices/<uuid:pk>/revert/", invoice.revert, name="revert_invoice"),
    path("invoices/<uuid:pk>/delete/", invoice.delete, name="delete_invoice"),
    path("invoices/<uuid:pk>/payments/new/", invoice.record_payment, name="record_payment"),
    path("invoices/<uuid:pk>/payments/<uuid:payment_pk>/delete/", invoice.delete_payment, name="delete_payment"),
    path("clients/", invoices.invoices, name="clients"),
    path("clients/new/", invoices.invoices, name="new_client"),
    path("clients/<uuid:pk>/", invoices.invoices, name="client"),
    path("projects/", invoices.invoices, name="projects"),
    path("activity/", invoices.invoices, name="activity"),
    path("settings/", invoices.invoices, name="settings"),
    *integrations.in_workspace,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("theme/", home.choose_theme, name="theme"),
    path("w/<slug:slug>/", include(in_workspace)),
    *integrations.urlpatterns,
]
