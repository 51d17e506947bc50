"""Pages on which people say which contact a client is, and what becomes of an invoice whose number is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from django.test import Client as Browser

from builders import NOW, a_client, an_invoice
from keito_books.accounting.documents import Kind, RemoteContact
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice
from keito_books.syncing.explanations import refusal_to_json
from keito_books.syncing.models import ContactsCopy, Job, Link
from keito_books.syncing.queue import enqueue
from keito_books.workspaces.models import Membership

HOSTILE = "<script>alert(1)</script> \u202eلنور"


def failed(job: Job, code: RefusalCode, **details: str) -> None:
    refusal = refusal_to_json(Refusal(code, (), details))
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, refusal=refusal, finished_at=NOW)


@pytest.fixture
def client(set_up: Connection, administrator: Membership) -> Client:
    """A client that two contacts may be, one of which is archived; the contacts were read."""
    found = (
        RemoteContact("c-1", "Harbour and Sons"),
        RemoteContact("c-2", HOSTILE, email="accounts@harbour.example"),
        RemoteContact("c-3", "Harbour & Sons", is_archived=True),
    )
    content = msgspec.json.encode(found).decode()
    ContactsCopy.objects.create(connection=set_up, content=content, read_at=NOW - timedelta(days=1))
    client = a_client(administrator)
    failed(enqueue(set_up, Kind.CONTACT, client, by=None, now=NOW), RefusalCode.CONTACT_AMBIGUOUS)
    return client


def test_the_queue_shows_candidates_with_reasons_and_hostile_names_as_text(browser: Browser, client: Client) -> None:
    page = browser.get(f"/w/{client.workspace.slug}/activity/xero/contacts/").content.decode()
    activity = browser.get(f"/w/{client.workspace.slug}/activity/").content.decode()

    assert "Contacts to match (1)" in activity
    assert "Same e-mail address" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "Restore in Xero" in page


def test_answers_come_from_the_queue_and_lead_back_to_it(browser: Browser, client: Client) -> None:
    slug = client.workspace.slug
    queue = f"/w/{slug}/activity/xero/contacts/"

    browser.post(f"/w/{slug}/clients/{client.pk}/xero/later/", {"from": "queue"})
    put_off = browser.get(queue).content.decode()
    answer = browser.post(f"/w/{slug}/clients/{client.pk}/xero/", {"contact": "c-2", "from": "queue"})
    empty = browser.get(queue).content.decode()

    assert "Left for later: 1" in put_off
    assert answer.headers["Location"] == queue
    assert Link.objects.get().remote_id == "c-2"
    assert "Nothing to match" in empty


def test_a_contact_is_searched_linked_and_unlinked_on_the_clients_page(browser: Browser, client: Client) -> None:
    address = f"/w/{client.workspace.slug}/clients/{client.pk}/"

    found = browser.get(f"{address}xero/contacts/", {"q": "HARBOUR AND"}).content.decode()
    none = browser.get(f"{address}xero/contacts/", {"q": '"; DROP \u202e<'}).content.decode()
    browser.post(f"{address}xero/", {"contact": "c-1"})
    linked = browser.get(address).content.decode()
    asked = browser.get(f"{address}xero/unlink/").content.decode()
    browser.post(f"{address}xero/unlink/")

    assert "Harbour and Sons" in found
    assert "No contact holds this text" in none
    assert "Unlink" in linked
    assert "Nothing changes in Xero" in asked
    assert not Link.objects.exists()


def test_an_unknown_contact_and_a_taken_name_change_nothing(browser: Browser, client: Client) -> None:
    address = f"/w/{client.workspace.slug}/clients/{client.pk}/xero/"

    browser.post(address, {"contact": "of-somebody-else"})
    browser.post(f"{address}create/", {"name": "harbour AND sons"})
    browser.post(f"{address}create/", {"name": "x" * 5000})
    client.refresh_from_db()

    assert client.name == "Harbour & Sons"
    assert Job.objects.get().state == Job.State.FAILED


def test_a_member_sees_and_answers_nothing(
    browser_of: Callable[[Membership], Browser], member: Membership, client: Client
) -> None:
    browser = browser_of(member)
    address = f"/w/{client.workspace.slug}/clients/{client.pk}/xero/"

    assert browser.get(f"/w/{client.workspace.slug}/activity/xero/contacts/").status_code == 403
    assert browser.post(address, {"contact": "c-1"}).status_code in (403, 404)
    assert not Link.objects.exists()


@pytest.fixture
def collided(client: Client, set_up: Connection, administrator: Membership) -> Invoice:
    invoice = an_invoice(administrator, client=client)
    theirs = {
        "number": invoice.number,
        "their_id": "i-9",
        "their_status": "approved",
        "their_contact": "c-2",
        "their_currency": invoice.currency,
        "their_total": "5.00",
        "their_tax": "0.00",
        "their_date": "2026-03-01",
        "their_due": "",
        "their_url": "",
    }
    failed(enqueue(set_up, Kind.INVOICE, invoice, by=None, now=NOW), RefusalCode.NUMBER_TAKEN, **theirs)
    return invoice


def test_a_taken_number_is_compared_renumbered_or_skipped(browser: Browser, collided: Invoice) -> None:
    address = f"/w/{collided.workspace.slug}/invoices/{collided.pk}/"

    page = browser.get(address).content.decode()
    browser.post(f"{address}xero/link/", {"remote": "i-9", "sure": "yes"})
    browser.post(f"{address}xero/skip/")
    skipped = browser.get(address).content.decode()
    old = collided.number
    browser.post(f"{address}xero/renumber/", {"number": "R-1", "instead_of": old})
    browser.post(f"{address}xero/renumber/", {"number": "R-2", "instead_of": old})
    collided.refresh_from_db()

    assert "Its total is not this invoice" in page
    assert "&lt;script&gt;" in page
    assert not Link.objects.filter(invoice=collided).exists()
    assert "no longer counts" in skipped
    assert collided.number == "R-1"
    assert Job.objects.get(invoice=collided).state == Job.State.WAITING
