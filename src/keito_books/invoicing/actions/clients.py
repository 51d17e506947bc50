"""Keep the list of clients."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from keito_books.invoicing import checks, signals, trail
from keito_books.invoicing.actions.locking import locked_client
from keito_books.invoicing.drafts import ClientDetails
from keito_books.invoicing.errors import StillInUse
from keito_books.invoicing.models import Client
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

# field: what a refusal calls it, and its length in the table
_LINES = {
    "street": ("The street", 500),
    "city": ("The city", 255),
    "region": ("The region", 255),
    "postal_code": ("The postal code", 50),
    "country": ("The country", 50),
    "phone": ("The phone number", 50),
    "tax_number": ("The tax number", 50),
}
_PERCENTAGES = {"tax_percent": "Tax 1", "tax2_percent": "Tax 2", "discount_percent": "The discount"}


@transaction.atomic
def create_client(details: ClientDetails, *, by: Membership, now: datetime) -> Client:
    require(by, Ability.MANAGE_CLIENTS)
    client = Client(workspace=by.workspace, created_at=now, updated_at=now)
    _fill(client, details)
    client.save(force_insert=True)
    trail.about_client("client.created", client, by=by, now=now)
    return client


def details_of(client: Client) -> ClientDetails:
    """Return a client as it would be typed, to change a part of it."""
    return ClientDetails(**{name: getattr(client, name) for name in ClientDetails.__dataclass_fields__})


@transaction.atomic
def update_client(client: Client, details: ClientDetails, *, by: Membership, now: datetime) -> Client:
    """Replace a client's details. Invoices that exist keep their currency, terms and taxes."""
    kept = _locked(client, by)
    before = {name: getattr(kept, name) for name in ClientDetails.__dataclass_fields__}
    _fill(kept, details)
    changed = [name for name, value in before.items() if getattr(kept, name) != value]
    if not changed:
        return kept
    kept.updated_at = now
    kept.save(update_fields=[*changed, "updated_at"])
    trail.about_client("client.changed", kept, by=by, now=now, changed=changed)
    signals.client_changed.send(sender=Client, client=kept, by=by, now=now)
    return kept


@transaction.atomic
def archive_client(client: Client, *, by: Membership, now: datetime) -> Client:
    """Take it out of pickers and lists; its history stays."""
    kept = _locked(client, by)
    if kept.archived_at is None:
        kept.archived_at = kept.updated_at = now
        kept.save(update_fields=["archived_at", "updated_at"])
        trail.about_client("client.archived", kept, by=by, now=now)
    return kept


@transaction.atomic
def restore_client(client: Client, *, by: Membership, now: datetime) -> Client:
    kept = _locked(client, by)
    if kept.archived_at is not None:
        kept.archived_at, kept.updated_at = None, now
        kept.save(update_fields=["archived_at", "updated_at"])
        trail.about_client("client.restored", kept, by=by, now=now)
    return kept


@transaction.atomic
def delete_client(client: Client, *, by: Membership, now: datetime) -> None:
    """Remove a client that nothing refers to. Raises StillInUse otherwise."""
    kept = _locked(client, by)
    client_id = kept.id
    try:
        with transaction.atomic():
            kept.delete()
    except ProtectedError:
        raise StillInUse(
            f"{kept.name} has invoices, projects or a copy elsewhere. Archive the client instead."
        ) from None
    kept.id = client_id
    trail.about_client("client.deleted", kept, by=by, now=now)


def _locked(client: Client, by: Membership) -> Client:
    require(by, Ability.MANAGE_CLIENTS)
    require_same_workspace(by, client)
    return locked_client(client)


def _fill(client: Client, details: ClientDetails) -> None:
    client.name = checks.line_of_text(details.name, "The client's name", field="name", required=True)
    for field, (what, limit) in _LINES.items():
        setattr(client, field, checks.line_of_text(getattr(details, field), what, field=field, limit=limit))
    client.email = checks.email(details.email, "The client's e-mail address", field="email")
    client.currency = checks.currency(details.currency or client.workspace.currency)
    client.payment_term, client.payment_days = "", None
    if details.payment_term:
        client.payment_term, client.payment_days = checks.term(details.payment_term, details.payment_days)
    for field, what in _PERCENTAGES.items():
        setattr(client, field, checks.optional_percent(getattr(details, field), what, field=field))
