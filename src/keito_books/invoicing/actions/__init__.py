"""Every change to the books, one file per noun; all arguments but the first by keyword.

Each action checks rights, works in one transaction, leaves an audit entry and raises `errors.BooksError` or
`workspaces.errors.NotAllowed` when it refuses. It works on a fresh, locked copy of the row and returns that copy.
"""

from keito_books.invoicing.actions.categories import add_category, archive_category, rename_category, restore_category
from keito_books.invoicing.actions.clients import (
    archive_client,
    create_client,
    delete_client,
    restore_client,
    update_client,
)
from keito_books.invoicing.actions.contacts import add_contact, delete_contact, update_contact
from keito_books.invoicing.actions.invoices import blank_draft, create_draft, delete_draft, draft_of, update_draft
from keito_books.invoicing.actions.letters import blank_letter, deliver
from keito_books.invoicing.actions.payments import delete_payment, record_payment
from keito_books.invoicing.actions.projects import (
    archive_project,
    create_project,
    delete_project,
    restore_project,
    update_project,
)
from keito_books.invoicing.actions.settings import update_settings
from keito_books.invoicing.actions.states import close_invoice, renumber_invoice, revert_to_draft, send_invoice
from keito_books.invoicing.books import open_books, settings_of

__all__ = [
    "add_category",
    "add_contact",
    "archive_category",
    "archive_client",
    "archive_project",
    "blank_draft",
    "blank_letter",
    "close_invoice",
    "create_client",
    "create_draft",
    "create_project",
    "delete_client",
    "delete_contact",
    "delete_draft",
    "delete_payment",
    "delete_project",
    "deliver",
    "draft_of",
    "open_books",
    "record_payment",
    "rename_category",
    "renumber_invoice",
    "restore_category",
    "restore_client",
    "restore_project",
    "revert_to_draft",
    "send_invoice",
    "settings_of",
    "update_client",
    "update_contact",
    "update_draft",
    "update_project",
    "update_settings",
]
