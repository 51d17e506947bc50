"""Write what was done to the books into the audit trail, and say it again in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from keito_books.invoicing.models import Client, Invoice, Project
from keito_books.workspaces import audit
from keito_books.workspaces.audit import Detail, Subject
from keito_books.workspaces.models import AuditEntry, Membership

INVOICE = "invoice"
CLIENT = "client"
PROJECT = "project"
SETTINGS = "settings"

_SENTENCES = {
    "invoice.drafted": "created the draft",
    "invoice.changed": "changed the draft",
    "invoice.deleted": "deleted the draft",
    "invoice.sent": "sent the invoice to {recipients}",
    "invoice.sent_again": "sent the invoice again to {recipients}",
    "invoice.reminded": "sent a reminder to {recipients}",
    "invoice.thanked": "sent a thank-you to {recipients}",
    "invoice.closed": "closed the invoice",
    "invoice.reverted": "reverted the invoice to draft",
    "invoice.renumbered": "changed the number from {old} to {new}",
    "payment.recorded": "recorded a payment of {amount} ({marker})",
    "payment.deleted": "deleted the payment of {amount} ({marker})",
    "client.created": "created the client",
    "client.changed": "changed the client",
    "client.archived": "archived the client",
    "client.restored": "restored the client",
    "client.deleted": "deleted the client",
    "contact.added": "added the contact {name}",
    "contact.changed": "changed the contact {name}",
    "contact.deleted": "deleted the contact {name}",
    "project.created": "created the project",
    "project.changed": "changed the project",
    "project.archived": "archived the project",
    "project.restored": "restored the project",
    "project.deleted": "deleted the project",
    "category.added": "added the item category {name}",
    "category.renamed": "renamed the item category {old} to {new}",
    "category.archived": "archived the item category {name}",
    "category.restored": "restored the item category {name}",
    "settings.changed": "changed the invoice settings",
}


def about_invoice(action: str, invoice: Invoice, *, by: Membership, now: datetime, **details: Detail) -> None:
    _record(action, Subject(INVOICE, invoice.id, invoice.number), by=by, now=now, details=details)


def about_client(action: str, client: Client, *, by: Membership, now: datetime, **details: Detail) -> None:
    _record(action, Subject(CLIENT, client.id, client.name), by=by, now=now, details=details)


def about_project(action: str, project: Project, *, by: Membership, now: datetime, **details: Detail) -> None:
    _record(action, Subject(PROJECT, project.id, project.name), by=by, now=now, details=details)


def about_settings(action: str, *, by: Membership, now: datetime, **details: Detail) -> None:
    _record(action, Subject(SETTINGS, by.workspace_id, by.workspace.name), by=by, now=now, details=details)


def describe(entry: AuditEntry) -> str | None:
    """Return what was done, to follow the person's name; None for actions of other rooms."""
    sentence = _SENTENCES.get(entry.action)
    if sentence is None:
        return None
    details = {key: ", ".join(value) if isinstance(value, list) else value for key, value in entry.details.items()}
    return sentence.format_map(_Details(details))


class _Details(dict[str, object]):
    """An old entry may lack a detail that today's sentence asks for."""

    def __missing__(self, key: str) -> str:
        return "…"


def _record(action: str, subject: Subject, *, by: Membership, now: datetime, details: Mapping[str, Detail]) -> None:
    audit.record(action, workspace=by.workspace, at=now, person=by.person, subject=subject, details=details)
