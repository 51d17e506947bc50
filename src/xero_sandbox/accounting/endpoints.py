"""Every route of the Accounting API that the sandbox answers, with the scopes that open it."""

from __future__ import annotations

from dataclasses import dataclass

from xero_sandbox.accounting import contacts, invoice_lists, invoices, organisation, payments, settings
from xero_sandbox.accounting.call import Handler
from xero_sandbox.records.roles import Role
from xero_sandbox.rules.permissions import CREATE_DRAFT, EDIT_CONTACTS, PAY, may

# Granular scope, and the broad one that covers it until September 2027 (xero-api reference 2.4).
BROAD = {
    "accounting.invoices": "accounting.transactions",
    "accounting.payments": "accounting.transactions",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: tuple[str, ...]  # a part in braces stands for any
    handler: Handler
    scope: str
    action: str = ""  # what a person must be allowed to do (reference 10, Actions)
    other_types: tuple[str, ...] = ()  # what it answers beside JSON

    @property
    def scopes(self) -> frozenset[str]:
        """Return the scopes of which one is enough: to read, the read-only ones too."""
        found = {self.scope, BROAD.get(self.scope, self.scope)}
        if self.method == "GET":
            found |= {f"{one}.read" for one in found}
        return frozenset(found)

    @property
    def scope_named(self) -> str:
        return f"{self.scope}.read" if self.method == "GET" else self.scope

    def allows(self, role: Role) -> bool:
        return not self.action or may(role, self.action)


def _endpoint(method: str, path: str, handler: Handler, scope: str, action: str = "") -> Endpoint:
    return Endpoint(method, tuple(path.split("/")), handler, f"accounting.{scope}", action)


ENDPOINTS = (
    _endpoint("GET", "Organisation", organisation.show_organisation, "settings"),
    _endpoint("GET", "Organisation/Actions", organisation.show_actions, "settings"),
    _endpoint("GET", "Accounts", settings.list_accounts, "settings"),
    _endpoint("GET", "Accounts/{id}", settings.show_account, "settings"),
    _endpoint("GET", "TaxRates", settings.list_tax_rates, "settings"),
    _endpoint("GET", "TaxRates/{id}", settings.show_tax_rate, "settings"),
    _endpoint("GET", "TrackingCategories", settings.list_tracking, "settings"),
    _endpoint("GET", "TrackingCategories/{id}", settings.show_tracking, "settings"),
    _endpoint("GET", "Currencies", organisation.list_currencies, "settings"),
    _endpoint("PUT", "Currencies", organisation.add_currency, "settings", "UseMulticurrency"),
    _endpoint("GET", "BrandingThemes", organisation.list_themes, "settings"),
    _endpoint("GET", "Contacts", contacts.list_contacts, "contacts"),
    _endpoint("PUT", "Contacts", contacts.put_contacts, "contacts", EDIT_CONTACTS),
    _endpoint("POST", "Contacts", contacts.post_contacts, "contacts", EDIT_CONTACTS),
    _endpoint("GET", "Contacts/{id}", contacts.show_contact, "contacts"),
    _endpoint("POST", "Contacts/{id}", contacts.post_contact, "contacts", EDIT_CONTACTS),
    _endpoint("GET", "Invoices", invoice_lists.list_invoices, "invoices"),
    _endpoint("PUT", "Invoices", invoices.put_invoices, "invoices", CREATE_DRAFT),
    _endpoint("POST", "Invoices", invoices.post_invoices, "invoices", CREATE_DRAFT),
    _endpoint("GET", "Invoices/{id}", invoice_lists.show_invoice, "invoices"),
    _endpoint("POST", "Invoices/{id}", invoices.post_invoice, "invoices", CREATE_DRAFT),
    _endpoint("GET", "Payments", payments.list_payments, "payments"),
    _endpoint("PUT", "Payments", payments.write_payments, "payments", PAY),
    _endpoint("POST", "Payments", payments.write_payments, "payments", PAY),
    _endpoint("GET", "Payments/{id}", payments.show_payment, "payments"),
    _endpoint("POST", "Payments/{id}", payments.post_payment, "payments", PAY),
)
