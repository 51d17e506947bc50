"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from keito_books.web.integrations import urls as integrations
from keito_books.web.views import (
    activity,
    clients,
    home,
    invoice,
    invoice_editor,
    invoices,
    people,
    projects,
    settings,
)

# Names that templates and other rooms rely on; "integrations" is given by keito_books.web.integrations.
in_workspace: list[URLPattern | URLResolver] = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/new/", invoice_editor.new, name="new_invoice"),
    path("invoices/new/totals/", invoice_editor.totals, name="invoice_totals"),
    path("invoices/new/client/", invoice_editor.client, name="invoice_client"),
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
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.new, name="new_client"),
    path("clients/<uuid:pk>/", clients.client, name="client"),
    path("clients/<uuid:pk>/edit/", clients.edit, name="edit_client"),
    path("clients/<uuid:pk>/archive/", clients.archive, name="archive_client"),
    path("clients/<uuid:pk>/contacts/new/", clients.new_contact, name="new_contact"),
    path("clients/<uuid:pk>/contacts/<uuid:contact_pk>/", clients.edit_contact, name="edit_contact"),
    path("clients/<uuid:pk>/contacts/<uuid:contact_pk>/delete/", clients.delete_contact, name="delete_contact"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new, name="new_project"),
    path("projects/<uuid:pk>/edit/", projects.edit, name="edit_project"),
    path("projects/<uuid:pk>/archive/", projects.archive, name="archive_project"),
    path("activity/", activity.activity, name="activity"),
    path("settings/", settings.index, name="settings"),
    path("settings/company/", settings.company, name="company"),
    path("settings/invoices/", settings.invoice_settings, name="invoice_settings"),
    path("settings/categories/", settings.categories, name="categories"),
    path("settings/categories/new/", settings.new_category, name="new_category"),
    path("settings/categories/<uuid:pk>/edit/", settings.edit_category, name="edit_category"),
    path("settings/categories/<uuid:pk>/archive/", settings.archive_category, name="archive_category"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.add, name="add_person"),
    path("settings/people/<uuid:pk>/", people.edit, name="edit_person"),
    path("settings/people/<uuid:pk>/remove/", people.remove, name="remove_person"),
    *integrations.in_workspace,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("theme/", home.choose_theme, name="theme"),
    path("w/<slug:slug>/", include(in_workspace)),
    *integrations.urlpatterns,
]
