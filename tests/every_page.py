"""The addresses of all pages that a person can open in the demo; for looking at them one by one."""

from __future__ import annotations

from running_stack import RunningStack

_ROWS = {
    "invoice": "select id from invoicing_invoice where workspace_id = %s and state = 'open' order by number limit 1",
    "draft": "select id from invoicing_invoice where workspace_id = %s and state = 'draft' order by number limit 1",
    "paid": "select id from invoicing_invoice where workspace_id = %s and state = 'paid' order by number limit 1",
    "client": "select id from invoicing_client where workspace_id = %s order by name limit 1",
    "project": "select id from invoicing_project where workspace_id = %s order by name limit 1",
    "category": "select id from invoicing_itemcategory where workspace_id = %s order by name limit 1",
    "member": "select id from workspaces_membership where workspace_id = %s order by role limit 1",
}

_IN_WORKSPACE = {
    "invoices": "invoices/",
    "invoices-none-found": "invoices/?q=nobody+has+this",
    "bulk-preview": "invoices/xero/?matching=1",
    "bulk-preview-none": "invoices/xero/",
    "older": "invoices/xero/older/",
    "invoice-new": "invoices/new/",
    "invoice-open": "invoices/{invoice}/",
    "invoice-draft": "invoices/{draft}/",
    "invoice-paid": "invoices/{paid}/",
    "invoice-edit": "invoices/{draft}/edit/",
    "invoice-send": "invoices/{draft}/send/",
    "invoice-pay": "invoices/{invoice}/payments/new/",
    "invoice-close": "invoices/{invoice}/close/",
    "clients": "clients/",
    "client": "clients/{client}/",
    "client-new": "clients/new/",
    "client-edit": "clients/{client}/edit/",
    "contact-new": "clients/{client}/contacts/new/",
    "projects": "projects/",
    "project-new": "projects/new/",
    "project-edit": "projects/{project}/edit/",
    "activity": "activity/",
    "activity-xero": "activity/xero/",
    "unforeseen-refusals": "activity/xero/unforeseen/",
    "help-refusals": "help/refusals/",
    "help-refusal": "help/refusals/totals_differ/",
    "settings": "settings/",
    "settings-company": "settings/company/",
    "settings-invoices": "settings/invoices/",
    "settings-categories": "settings/categories/",
    "settings-category": "settings/categories/{category}/edit/",
    "settings-people": "settings/people/",
    "settings-person-new": "settings/people/new/",
    "settings-person": "settings/people/{member}/",
    "settings-integrations": "settings/integrations/",
    "settings-xero": "settings/integrations/xero/",
}

BEFORE_SIGN_IN = {
    "sign-in": "/account/login/",
    "password-reset": "/account/password/reset/",
    "password-reset-done": "/account/password/reset/done/",
    "sign-up-closed": "/account/signup/",
}

FOR_A_MEMBER = {"role-refused": "/w/fernhill/invoices/", "settings-of-a-member": "/w/fernhill/settings/"}


def addresses(stack: RunningStack, slug: str = "fernhill") -> dict[str, str]:
    """Return the address of each page of the demo's workspace by a short name."""
    workspace = stack.rows("select id from workspaces_workspace where slug = %s", slug)[0][0]
    ids = {name: stack.rows(query, workspace)[0][0] for name, query in _ROWS.items()}
    pages = {name: f"/w/{slug}/{path.format(**ids)}" for name, path in _IN_WORKSPACE.items()}
    return {**pages, "password-change": "/account/password/change/", "sign-out": "/account/logout/", "404": "/nowhere/"}
