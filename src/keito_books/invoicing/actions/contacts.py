"""Keep the people we write to at a client."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from keito_books.invoicing import checks, signals, trail
from keito_books.invoicing.actions.locking import locked_client
from keito_books.invoicing.drafts import ContactDetails
from keito_books.invoicing.models import Client, ClientContact
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

_PHONE_LENGTH = 50


@transaction.atomic
def add_contact(client: Client, details: ContactDetails, *, by: Membership, now: datetime) -> ClientContact:
    kept = _locked(client, by)
    contact = ClientContact(workspace=by.workspace, client=kept, created_at=now)
    _fill(contact, details)
    contact.save(force_insert=True)
    _tell("contact.added", kept, contact, by=by, now=now)
    return contact


@transaction.atomic
def update_contact(contact: ClientContact, details: ContactDetails, *, by: Membership, now: datetime) -> ClientContact:
    kept = _locked(contact.client, by)
    _fill(contact, details)
    contact.save(update_fields=list(ContactDetails.__dataclass_fields__))
    _tell("contact.changed", kept, contact, by=by, now=now)
    return contact


@transaction.atomic
def delete_contact(contact: ClientContact, *, by: Membership, now: datetime) -> None:
    kept = _locked(contact.client, by)
    contact.delete()
    _tell("contact.deleted", kept, contact, by=by, now=now)


def _locked(client: Client, by: Membership) -> Client:
    require(by, Ability.MANAGE_CLIENTS)
    require_same_workspace(by, client)
    return locked_client(client)


def _fill(contact: ClientContact, details: ContactDetails) -> None:
    contact.first_name = checks.line_of_text(details.first_name, "The first name", field="first_name", required=True)
    contact.last_name = checks.line_of_text(details.last_name, "The last name", field="last_name")
    contact.title = checks.line_of_text(details.title, "The title", field="title")
    contact.email = checks.email(details.email, "The e-mail address", field="email")
    contact.phone_office = checks.line_of_text(
        details.phone_office, "The office phone number", field="phone_office", limit=_PHONE_LENGTH
    )
    contact.phone_mobile = checks.line_of_text(
        details.phone_mobile, "The mobile phone number", field="phone_mobile", limit=_PHONE_LENGTH
    )


def _tell(action: str, client: Client, contact: ClientContact, *, by: Membership, now: datetime) -> None:
    trail.about_client(action, client, by=by, now=now, name=str(contact))
    signals.client_changed.send(sender=Client, client=client, by=by, now=now)
