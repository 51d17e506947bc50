"""Addresses of the integrations' pages."""

from __future__ import annotations

from django.urls import path

from keito_books.web.integrations.views import (
    activity,
    bulk,
    collisions,
    connecting,
    contacts,
    copying,
    older,
    overview,
    refusals,
    short_address,
    xero,
)

_XERO = "settings/integrations/xero/"

in_workspace = [
    path("settings/integrations/", overview.overview, name="integrations"),
    path(_XERO, xero.xero, name="xero"),
    path(f"{_XERO}connect/", connecting.connect, name="xero_connect"),
    path(f"{_XERO}disconnect/", connecting.disconnect, name="xero_disconnect"),
    path(f"{_XERO}organisation/<uuid:attempt_id>/", connecting.choose, name="xero_choose"),
    path(f"{_XERO}organisation/<uuid:attempt_id>/confirm/", connecting.confirm, name="xero_confirm"),
    path(f"{_XERO}organisation/<uuid:attempt_id>/none/", connecting.abandon, name="xero_abandon"),
    path(f"{_XERO}lists/", xero.refresh_lists, name="xero_refresh_lists"),
    path(f"{_XERO}accounts/", xero.save_accounts, name="xero_accounts"),
    path(f"{_XERO}effect/<str:section>/", xero.effect, name="xero_effect"),
    path(f"{_XERO}sample/", xero.try_line, name="xero_sample"),
    path(f"{_XERO}currencies/", xero.save_currencies, name="xero_currencies"),
    path(f"{_XERO}taxes/", xero.save_taxes, name="xero_taxes"),
    path(f"{_XERO}tracking/", xero.save_tracking, name="xero_tracking"),
    path(f"{_XERO}tracking/<str:category_id>/", xero.tracking_table, name="xero_tracking_table"),
    path(f"{_XERO}overrides/", xero.save_overrides, name="xero_overrides"),
    path(f"{_XERO}behaviour/", xero.save_behaviour, name="xero_behaviour"),
    path("invoices/xero/", bulk.preview, name="xero_preview"),
    path("invoices/xero/start/", bulk.start, name="xero_start"),
    path("invoices/xero/older/", older.older, name="xero_older"),
    path("invoices/xero/older/<uuid:pk>/", older.search, name="xero_search"),
    path("invoices/xero/older/<uuid:pk>/progress/", older.progress, name="xero_search_progress"),
    path("invoices/xero/runs/<uuid:pk>/", bulk.run, name="xero_run"),
    path("invoices/xero/runs/<uuid:pk>/progress/", bulk.progress, name="xero_run_progress"),
    path("invoices/xero/runs/<uuid:pk>/pause/", bulk.pause, name="xero_run_pause"),
    path("invoices/xero/runs/<uuid:pk>/resume/", bulk.resume, name="xero_run_resume"),
    path("invoices/xero/runs/<uuid:pk>/retry/", bulk.retry, name="xero_run_retry"),
    path("invoices/xero/runs/<uuid:pk>/cancel/", bulk.cancel, name="xero_run_cancel"),
    path("invoices/<uuid:pk>/xero/", copying.panel, name="xero_panel"),
    path("invoices/<uuid:pk>/xero/copy/", copying.copy, name="xero_copy"),
    path("invoices/<uuid:pk>/payments/<uuid:payment_pk>/xero/", copying.copy_payment, name="xero_copy_payment"),
    path("invoices/<uuid:pk>/xero/lock/", copying.answer_lock, name="xero_lock"),
    path("invoices/<uuid:pk>/payments/<uuid:payment_pk>/xero/lock/", copying.answer_lock, name="xero_payment_lock"),
    path("invoices/<uuid:pk>/xero/link/", collisions.link, name="xero_link_invoice"),
    path("invoices/<uuid:pk>/xero/renumber/", collisions.renumber, name="xero_renumber"),
    path("invoices/<uuid:pk>/xero/skip/", collisions.skip, name="xero_skip"),
    path("clients/<uuid:pk>/xero/", contacts.link, name="xero_choose_contact"),
    path("clients/<uuid:pk>/xero/contacts/", contacts.search, name="xero_search_contacts"),
    path("clients/<uuid:pk>/xero/create/", contacts.create, name="xero_create_contact"),
    path("clients/<uuid:pk>/xero/later/", contacts.later, name="xero_contact_later"),
    path("clients/<uuid:pk>/xero/unlink/", contacts.unlink, name="xero_unlink_contact"),
    path("activity/xero/contacts/", contacts.queue, name="xero_contacts"),
    path("activity/xero/contacts/certain/", contacts.accept_certain, name="xero_certain_contacts"),
    path("activity/xero/", activity.jobs, name="xero_activity"),
    path("activity/xero/unforeseen/", activity.surprises, name="xero_surprises"),
    path("activity/xero/<uuid:pk>/", activity.job, name="xero_job"),
    path("help/refusals/", refusals.topics, name="xero_help"),
    path("help/refusals/<slug:code>/", refusals.topic, name="xero_help_topic"),
]

urlpatterns = [
    # One for all workspaces, since it is registered at Xero once; the state tells whose it is.
    path("settings/integrations/xero/callback", connecting.callback, name="xero_callback"),
    path("i/<uuid:pk>/", short_address.invoice, name="short_address"),
]
