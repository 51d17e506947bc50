"""Copy older invoices: choose days, watch the search, see what was found, and only then copy."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client as Browser

from builders import NOW, a_client, a_membership, a_workspace, an_invoice
from connected import a_connection
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice
from keito_books.syncing.backfill import start_search
from keito_books.syncing.models import Job, Search, Sighting
from keito_books.workspaces.models import Membership, Workspace

BrowserOf = Callable[[Membership], Browser]


@pytest.fixture
def invoices(set_up: Connection, administrator: Membership) -> list[Invoice]:
    client = a_client(administrator)
    return [an_invoice(administrator, client=client) for _ in range(3)]


@pytest.fixture
def search(invoices: list[Invoice], administrator: Membership) -> Search:
    day = invoices[0].issue_date
    return start_search(issued_from=day, issued_to=day, by=administrator, now=NOW)


def at(workspace: Workspace, rest: str = "") -> str:
    return f"/w/{workspace.slug}/invoices/xero/older/{rest}"


def seen(search: Search, invoice: Invoice, *, is_ours: bool, status: str = "approved") -> None:
    Sighting.objects.create(
        search=search,
        invoice=invoice,
        remote_id=f"remote-{invoice.number}",
        status=status,
        total=Decimal("90.00"),
        currency="GBP",
        is_ours=is_ours,
    )


def finish(search: Search) -> None:
    Search.objects.filter(pk=search.pk).update(searched=len(search.wanted), finished_at=NOW)


def test_the_days_from_the_oldest_missing_invoice_are_proposed(
    browser: Browser, workspace: Workspace, invoices: list[Invoice]
) -> None:
    page = browser.get(at(workspace)).content.decode()

    assert re.search(r'name="issued_from" value="2026-03-02"', page)
    answer = browser.post(at(workspace), {"issued_from": "2026-03-01", "issued_to": "2026-03-31"})
    found = Search.objects.get()
    assert answer.headers["Location"] == at(workspace, f"{found.pk}/")
    assert "Looking in" in browser.get(answer.headers["Location"]).content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-03-31", "2026-03-01", "The first day is after the last one."),
        ("2020-01-01", "2020-12-31", "Choose other days."),
        ("", "2026-03-31", "Issued from is missing."),
    ],
)
def test_days_that_make_no_sense_are_refused_in_place(
    browser: Browser, workspace: Workspace, invoices: list[Invoice], first: str, last: str, sentence: str
) -> None:
    answer = browser.post(at(workspace), {"issued_from": first, "issued_to": last})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Search.objects.exists()


def test_the_page_asks_again_until_the_search_is_through(
    browser: Browser, workspace: Workspace, search: Search
) -> None:
    page = browser.get(at(workspace, f"{search.pk}/")).content.decode()
    asks = re.search(r'hx-get="([^"]*)" hx-trigger="every 2s"', page)
    assert asks
    address = asks[1].replace("&amp;", "&")

    assert browser.get(address).status_code == 204
    Search.objects.update(waiting_because="day limit", next_at=NOW)
    assert "daily limit of calls is used up" in browser.get(address).content.decode()
    finish(search)
    assert browser.get(address).headers["HX-Refresh"] == "true"


@pytest.mark.promise("P66", "P68")
def test_what_was_found_is_shown_before_anything_is_sent(
    browser: Browser, workspace: Workspace, search: Search, invoices: list[Invoice]
) -> None:
    strange, ours, free = invoices
    seen(search, strange, is_ours=False)
    seen(search, ours, is_ours=True)
    finish(search)

    page = browser.get(at(workspace, f"{search.pk}/")).content.decode()

    assert "Copy 2 invoices to Xero" in page
    assert "1 invoice of those that are ready is in Xero already and came from here" in page
    assert "In Xero already, but not from Keito" in page
    sent = re.search(r'name="invoices" value="([^"]*)"', page)
    assert sent
    assert set(sent[1].split(",")) == {str(ours.pk), str(free.pk)}
    assert not Job.objects.exists()


def test_a_search_of_before_a_disconnect_can_be_read_and_not_copied(
    browser: Browser, workspace: Workspace, search: Search
) -> None:
    finish(search)
    Connection.objects.update(epoch=2)

    page = browser.get(at(workspace, f"{search.pk}/")).content.decode()

    assert "Search again to copy what it shows" in page
    assert 'name="invoices"' not in page


def test_others_have_no_way_in(
    browser_of: BrowserOf, browser: Browser, workspace: Workspace, search: Search, manager: Membership
) -> None:
    stranger = a_membership(a_workspace())
    a_connection(stranger.workspace, stranger)

    assert browser_of(manager).get(at(workspace)).status_code == 403
    assert browser_of(stranger).get(at(stranger.workspace, f"{search.pk}/")).status_code == 404
    Connection.objects.filter(workspace=workspace).update(state=Connection.State.EXPIRED)
    assert "expired" in browser.get(at(workspace)).content.decode()
