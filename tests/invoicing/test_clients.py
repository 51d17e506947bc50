"""Clients, their contacts and projects."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from builders import NOW, a_client, a_line, a_membership, a_project, a_workspace, an_administrator, an_invoice
from keito_books.invoicing import actions, queries, signals
from keito_books.invoicing.drafts import ClientDetails, ContactDetails
from keito_books.invoicing.errors import InvalidValue, StillInUse
from keito_books.invoicing.models import Client, Project
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import AuditEntry, Membership, Role

pytestmark = pytest.mark.django_db

HARBOUR = ClientDetails(name="Harbour & Sons", currency="GBP")


@pytest.fixture
def by() -> Membership:
    return an_administrator()


def test_a_client_without_a_currency_takes_the_workspaces() -> None:
    by = an_administrator(a_workspace(currency="NZD"))

    assert actions.create_client(ClientDetails(name="Kiwi"), by=by, now=NOW).currency == "NZD"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "   "}, "name is missing"),
        ({"name": "x" * 256}, "256 characters; at most 255"),
        ({"name": "a\0b"}, r"U\+0000"),
        ({"name": "a\ud800b"}, r"U\+D800"),
        ({"email": "ruth@"}, "is not an e-mail address"),
        ({"currency": "POUNDS"}, "is not a currency in use"),
        ({"payment_term": "custom"}, "days of the custom term"),
        ({"tax_percent": Decimal(-1)}, "between 0 and 100"),
        ({"postal_code": "x" * 51}, "at most 50"),
    ],
)
def test_details_that_can_not_be_kept_are_refused_at_their_field(
    by: Membership, changes: dict[str, object], sentence: str
) -> None:
    details = replace(HARBOUR, **changes)  # type: ignore[arg-type]  # each case changes another field

    with pytest.raises(InvalidValue, match=sentence) as refusal:
        actions.create_client(details, by=by, now=NOW)

    assert refusal.value.field in (*changes, "payment_days")


def test_a_change_is_audited_by_its_fields_and_told_to_other_rooms(by: Membership) -> None:
    client = actions.create_client(HARBOUR, by=by, now=NOW)
    heard: list[str] = []

    def listen(client: Client, **_: Any) -> None:
        heard.append(client.phone)

    signals.client_changed.connect(listen)
    try:
        actions.update_client(client, replace(HARBOUR, phone="0117 496 0142"), by=by, now=NOW)
        actions.update_client(client, replace(HARBOUR, phone="0117 496 0142"), by=by, now=NOW)
    finally:
        signals.client_changed.disconnect(listen)

    assert heard == ["0117 496 0142"]
    assert AuditEntry.objects.get(action="client.changed").details == {"changed": ["phone"]}


def test_an_archived_client_comes_back_with_its_invoices(by: Membership) -> None:
    invoice = an_invoice(by)

    archived = actions.archive_client(invoice.client, by=by, now=NOW)
    restored = actions.restore_client(archived, by=by, now=NOW)

    assert (archived.is_archived, restored.is_archived) == (True, False)
    assert restored.invoices.get() == invoice


def test_a_client_with_invoices_or_projects_is_not_deleted(by: Membership) -> None:
    invoiced = an_invoice(by).client
    busy = a_client(by)
    a_project(by, busy)

    for client in (invoiced, busy):
        with pytest.raises(StillInUse, match="Archive the client instead"):
            actions.delete_client(client, by=by, now=NOW)


def test_a_client_that_nothing_refers_to_is_deleted_with_its_contacts(by: Membership) -> None:
    client = a_client(by)
    actions.add_contact(client, ContactDetails(first_name="Ruth"), by=by, now=NOW)

    actions.delete_client(client, by=by, now=NOW)

    assert not Client.objects.exists()


def test_a_contact_is_added_changed_and_deleted(by: Membership) -> None:
    client = a_client(by)

    contact = actions.add_contact(client, ContactDetails(first_name="Ruth"), by=by, now=NOW)
    actions.update_contact(contact, ContactDetails(first_name="Ruth", last_name="Harbour"), by=by, now=NOW)
    assert str(client.contacts.get()) == "Ruth Harbour"
    actions.delete_contact(contact, by=by, now=NOW)

    assert not client.contacts.exists()


def test_a_project_on_an_invoice_is_not_deleted_but_archived(by: Membership) -> None:
    client = a_client(by)
    project = a_project(by, client)
    an_invoice(by, client=client, lines=[a_line(project=project)])

    with pytest.raises(StillInUse, match="Archive the project instead"):
        actions.delete_project(project, by=by, now=NOW)

    assert actions.archive_project(project, by=by, now=NOW).archived_at == NOW
    assert actions.restore_project(project, by=by, now=NOW).archived_at is None


def test_a_project_is_renamed_and_deleted_when_unused(by: Membership) -> None:
    project = a_project(by, a_client(by))

    renamed = actions.update_project(project, name="New site", code="NEW", by=by, now=NOW)
    assert str(renamed) == "[NEW] New site"
    actions.delete_project(renamed, by=by, now=NOW)

    assert not Project.objects.exists()


def test_managers_keep_clients_and_members_do_not(by: Membership) -> None:
    manager = a_membership(by.workspace, role=Role.MANAGER)
    member = a_membership(by.workspace, role=Role.MEMBER)

    assert a_client(manager).workspace == by.workspace
    with pytest.raises(NotAllowed, match="You are a Member here"):
        a_client(member)
    assert not queries.clients_visible_to(member).exists()


def test_a_client_of_another_workspace_can_not_be_touched(by: Membership) -> None:
    stranger = an_administrator(a_workspace("Elsewhere"))
    client = a_client(by)

    with pytest.raises(NotAllowed, match="another workspace"):
        actions.archive_client(client, by=stranger, now=NOW)
    with pytest.raises(NotAllowed, match="another workspace"):
        a_project(stranger, client)
