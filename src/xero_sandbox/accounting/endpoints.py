"""Every route of the Accounting API that the sandbox answers, with the scopes that open it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

from xero_sandbox.accounting import (
    allocations,
    attachments,
    bank_transactions,
    batch_payments,
    contact_groups,
    contacts,
    credit_lists,
    credit_notes,
    history,
    invoice_extras,
    invoice_lists,
    invoices,
    items,
    organisation,
    payments,
    settings,
    settings_writes,
    tracking,
    users,
)
from xero_sandbox.accounting.call import Handler
from xero_sandbox.accounting.holders import WITH_FILES, WITH_HISTORY, FiledPath, NotedPath
from xero_sandbox.accounting.printing import PDF
from xero_sandbox.records.roles import Role
from xero_sandbox.rules.permissions import APPROVE_SALE, ATTACH, CREATE_DRAFT, EDIT_CONTACTS, EDIT_SETTINGS, PAY, may

# Granular scope, and the broad one that covers it until September 2027 (xero-api reference 2.4).
BROAD = {
    "accounting.invoices": "accounting.transactions",
    "accounting.payments": "accounting.transactions",
    "accounting.banktransactions": "accounting.transactions",
}


ANY_TYPE = ("",)  # each Accept header holds it


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
        return enough_scopes(self.scope, reading=self.method == "GET")

    @property
    def scope_named(self) -> str:
        return f"{self.scope}.read" if self.method == "GET" else self.scope

    def allows(self, role: Role) -> bool:
        return not self.action or may(role, self.action)


@cache
def enough_scopes(scope: str, *, reading: bool) -> frozenset[str]:
    found = {scope, BROAD.get(scope, scope)}
    return frozenset(found | {f"{one}.read" for one in found} if reading else found)


def _endpoint(
    method: str, path: str, handler: Handler, scope: str, action: str = "", other_types: tuple[str, ...] = ()
) -> Endpoint:
    return Endpoint(method, tuple(path.split("/")), handler, f"accounting.{scope}", action, other_types)


def _allocating(plural: str, find: allocations.Finder, scope: str) -> tuple[Endpoint, Endpoint]:
    path = f"{plural}/{{id}}/Allocations"
    return (
        _endpoint("PUT", path, partial(allocations.put_allocations, find=find), scope, PAY),
        _endpoint("DELETE", f"{path}/{{allocation_id}}", partial(allocations.delete_allocation, find=find), scope, PAY),
    )


def _history(path: NotedPath) -> tuple[Endpoint, Endpoint]:
    address, show = f"{path.plural}/{{id}}/History", partial(history.show_history, path=path)
    add = partial(history.add_notes, path=path)
    return (_endpoint("GET", address, show, path.scope), _endpoint("PUT", address, add, path.scope, CREATE_DRAFT))


def _files(path: FiledPath) -> tuple[Endpoint, ...]:
    listed, named = f"{path.plural}/{{id}}/Attachments", f"{path.plural}/{{id}}/Attachments/{{name}}"
    put, post = partial(attachments.put_attachment, path=path), partial(attachments.post_attachment, path=path)
    show = partial(attachments.show_attachment, path=path)
    return (
        _endpoint("GET", listed, partial(attachments.list_attachments, path=path), "attachments"),
        _endpoint("GET", named, show, "attachments", other_types=ANY_TYPE),
        _endpoint("PUT", named, put, "attachments", ATTACH),
        _endpoint("POST", named, post, "attachments", ATTACH),
    )


ENDPOINTS = (
    *(one for path in WITH_HISTORY for one in _history(path)),
    *(one for path in WITH_FILES for one in _files(path)),
    _endpoint("GET", "Organisation", organisation.show_organisation, "settings"),
    _endpoint("GET", "Organisation/Actions", organisation.show_actions, "settings"),
    _endpoint("GET", "Accounts", settings.list_accounts, "settings"),
    _endpoint("GET", "Accounts/{id}", settings.show_account, "settings"),
    _endpoint("PUT", "Accounts", settings_writes.put_account, "settings", EDIT_SETTINGS),
    _endpoint("POST", "Accounts/{id}", settings_writes.post_account, "settings", EDIT_SETTINGS),
    _endpoint("DELETE", "Accounts/{id}", settings_writes.delete_account, "settings", EDIT_SETTINGS),
    _endpoint("GET", "TaxRates", settings.list_tax_rates, "settings"),
    _endpoint("GET", "TaxRates/{id}", settings.show_tax_rate, "settings"),
    _endpoint("PUT", "TaxRates", settings_writes.put_tax_rate, "settings", EDIT_SETTINGS),
    _endpoint("POST", "TaxRates", settings_writes.post_tax_rate, "settings", EDIT_SETTINGS),
    _endpoint("GET", "TrackingCategories", settings.list_tracking, "settings"),
    _endpoint("GET", "TrackingCategories/{id}", settings.show_tracking, "settings"),
    _endpoint("PUT", "TrackingCategories", tracking.put_category, "settings", EDIT_SETTINGS),
    _endpoint("POST", "TrackingCategories/{id}", tracking.post_category, "settings", EDIT_SETTINGS),
    _endpoint("DELETE", "TrackingCategories/{id}", tracking.delete_category, "settings", EDIT_SETTINGS),
    _endpoint("PUT", "TrackingCategories/{id}/Options", tracking.put_options, "settings", EDIT_SETTINGS),
    _endpoint("POST", "TrackingCategories/{id}/Options/{option_id}", tracking.post_option, "settings", EDIT_SETTINGS),
    _endpoint(
        "DELETE", "TrackingCategories/{id}/Options/{option_id}", tracking.delete_option, "settings", EDIT_SETTINGS
    ),
    _endpoint("GET", "Users", users.list_users, "settings"),
    _endpoint("GET", "Users/{id}", users.show_user, "settings"),
    _endpoint("GET", "Items", items.list_items, "settings"),
    _endpoint("PUT", "Items", items.put_items, "settings", EDIT_SETTINGS),
    _endpoint("POST", "Items", items.post_items, "settings", EDIT_SETTINGS),
    _endpoint("GET", "Items/{id}", items.show_item, "settings"),
    _endpoint("POST", "Items/{id}", items.post_item, "settings", EDIT_SETTINGS),
    _endpoint("DELETE", "Items/{id}", items.delete_item, "settings", EDIT_SETTINGS),
    _endpoint("GET", "Currencies", organisation.list_currencies, "settings"),
    _endpoint("PUT", "Currencies", organisation.add_currency, "settings", "UseMulticurrency"),
    _endpoint("GET", "BrandingThemes", organisation.list_themes, "settings"),
    _endpoint("GET", "BrandingThemes/{id}", organisation.show_theme, "settings"),
    _endpoint("GET", "ContactGroups", contact_groups.list_groups, "contacts"),
    _endpoint("PUT", "ContactGroups", contact_groups.put_groups, "contacts", EDIT_CONTACTS),
    _endpoint("GET", "ContactGroups/{id}", contact_groups.show_group, "contacts"),
    _endpoint("POST", "ContactGroups/{id}", contact_groups.post_group, "contacts", EDIT_CONTACTS),
    _endpoint("PUT", "ContactGroups/{id}/Contacts", contact_groups.put_members, "contacts", EDIT_CONTACTS),
    _endpoint("DELETE", "ContactGroups/{id}/Contacts", contact_groups.delete_members, "contacts", EDIT_CONTACTS),
    _endpoint(
        "DELETE", "ContactGroups/{id}/Contacts/{contact_id}", contact_groups.delete_member, "contacts", EDIT_CONTACTS
    ),
    _endpoint("GET", "Contacts", contacts.list_contacts, "contacts"),
    _endpoint("PUT", "Contacts", contacts.put_contacts, "contacts", EDIT_CONTACTS),
    _endpoint("POST", "Contacts", contacts.post_contacts, "contacts", EDIT_CONTACTS),
    _endpoint("GET", "Contacts/{id}", contacts.show_contact, "contacts"),
    _endpoint("POST", "Contacts/{id}", contacts.post_contact, "contacts", EDIT_CONTACTS),
    _endpoint("GET", "Invoices", invoice_lists.list_invoices, "invoices"),
    _endpoint("PUT", "Invoices", invoices.put_invoices, "invoices", CREATE_DRAFT),
    _endpoint("POST", "Invoices", invoices.post_invoices, "invoices", CREATE_DRAFT),
    _endpoint("GET", "Invoices/{id}", invoice_lists.show_invoice, "invoices", other_types=(PDF,)),
    _endpoint("GET", "Invoices/{id}/pdf", invoice_extras.show_invoice_pdf, "invoices", other_types=ANY_TYPE),
    _endpoint("GET", "Invoices/{id}/OnlineInvoice", invoice_extras.show_online_invoice, "invoices"),
    _endpoint("POST", "Invoices/{id}/Email", invoice_extras.email_invoice, "invoices", APPROVE_SALE),
    _endpoint("GET", "CreditNotes/{id}/pdf", invoice_extras.show_credit_note_pdf, "invoices", other_types=ANY_TYPE),
    _endpoint("POST", "Invoices/{id}", invoices.post_invoice, "invoices", CREATE_DRAFT),
    _endpoint("GET", "CreditNotes", credit_lists.list_credit_notes, "invoices"),
    _endpoint("PUT", "CreditNotes", credit_notes.put_credit_notes, "invoices", CREATE_DRAFT),
    _endpoint("POST", "CreditNotes", credit_notes.post_credit_notes, "invoices", CREATE_DRAFT),
    _endpoint("GET", "CreditNotes/{id}", credit_lists.show_credit_note, "invoices"),
    _endpoint("POST", "CreditNotes/{id}", credit_notes.post_credit_note, "invoices", CREATE_DRAFT),
    *_allocating("CreditNotes", allocations.CREDIT_NOTES, "invoices"),
    _endpoint("GET", "BankTransactions", bank_transactions.list_transactions, "banktransactions"),
    _endpoint("PUT", "BankTransactions", bank_transactions.put_transactions, "banktransactions", PAY),
    _endpoint("POST", "BankTransactions", bank_transactions.post_transactions, "banktransactions", PAY),
    _endpoint("GET", "BankTransactions/{id}", bank_transactions.show_transaction, "banktransactions"),
    _endpoint("POST", "BankTransactions/{id}", bank_transactions.post_transaction, "banktransactions", PAY),
    _endpoint("GET", "Overpayments", credit_lists.list_overpayments, "payments"),
    _endpoint("GET", "Overpayments/{id}", credit_lists.show_overpayment, "payments"),
    *_allocating("Overpayments", allocations.OVERPAYMENTS, "payments"),
    _endpoint("GET", "Prepayments", credit_lists.list_prepayments, "payments"),
    _endpoint("GET", "Prepayments/{id}", credit_lists.show_prepayment, "payments"),
    *_allocating("Prepayments", allocations.PREPAYMENTS, "payments"),
    _endpoint("GET", "BatchPayments", batch_payments.list_batches, "payments"),
    _endpoint("PUT", "BatchPayments", batch_payments.put_batches, "payments", PAY),
    _endpoint("POST", "BatchPayments", batch_payments.post_batches, "payments", PAY),
    _endpoint("GET", "BatchPayments/{id}", batch_payments.show_batch, "payments"),
    _endpoint("POST", "BatchPayments/{id}", batch_payments.post_batch, "payments", PAY),
    _endpoint("GET", "Payments", payments.list_payments, "payments"),
    _endpoint("PUT", "Payments", payments.write_payments, "payments", PAY),
    _endpoint("POST", "Payments", payments.write_payments, "payments", PAY),
    _endpoint("GET", "Payments/{id}", payments.show_payment, "payments"),
    _endpoint("POST", "Payments/{id}", payments.post_payment, "payments", PAY),
)
