"""What only a person can decide: which contact a client is, and what becomes of a number that is taken."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from walks import SYNC_PATIENCE_MS, Walk

CLIENT = "O'Brien"
HOSTILE = "Zed \u202eلنور \"quoted\" 'n' = and then a name that goes on and on " + "x" * 100


def name_of(walk: Walk) -> str:
    rows = walk.stack.rows("select name from invoicing_client where name like %s", f"{CLIENT}%")
    return str(rows[0][0])


def taken(walk: Walk, number: str) -> str:
    """Let somebody enter an invoice with this number in Xero by hand, and return its id."""
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}
    contact = {"Name": name_of(walk)}
    days = {"Date": "2026-10-01", "DueDate": "2026-10-31"}
    theirs = {"Type": "ACCREC", "InvoiceNumber": number, "Contact": contact, "LineItems": [line], **days}
    made = walk.as_other_app("PUT", "Invoices", {**theirs, "Status": "AUTHORISED"})
    return str(made["Invoices"][0]["InvoiceID"])


def look(page: Page, name: str) -> None:
    """Take pictures for somebody to look at, when a folder for them is named."""
    folder = os.environ.get("KEITO_LOOK")
    if not folder:
        return
    schemes: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{scheme}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


@pytest.mark.fault("F54")
@pytest.mark.promise("P31")
def test_an_ambiguous_contact_is_answered_in_the_queue_and_the_invoice_goes_on(connected: Walk) -> None:
    page, name = connected.page, name_of(connected)
    connected.add_contacts({"Name": name})
    connected.bookkeeper("archive contact", contact=name)
    connected.add_contacts({"Name": name}, {"Name": HOSTILE, "EmailAddress": "x@example.com"})
    connected.open_invoice(CLIENT)
    invoice = page.url
    connected.copy()
    connected.sees_settled("Failed")

    page.goto(f"/w/{connected.slug}/activity/")
    page.get_by_role("link", name="Contacts to match (1)").click()
    expect(page.get_by_role("link", name="Restore in Xero")).to_be_visible()
    look(page, "queue")
    page.get_by_role("link", name="Search contacts").click()
    page.get_by_role("searchbox").fill('"quoted"')
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("button", name="Link")).to_be_visible()
    look(page, "search")
    page.go_back()
    page.go_back()
    page.get_by_role("button", name=f"Link {name} to {name}").click()
    expect(page.get_by_text("What waited for it goes on")).to_be_visible()
    page.goto(invoice)

    connected.sees_settled("Success")
    page.get_by_role("link", name=name).first.click()
    look(page, "client")
    expect(page.get_by_role("link", name="Unlink")).to_be_visible()


@pytest.mark.fault("F53")
def test_an_archived_contact_is_restored_in_xero_and_the_invoice_goes_on(connected: Walk) -> None:
    name = name_of(connected)
    connected.add_contacts({"Name": name})
    connected.bookkeeper("archive contact", contact=name)
    connected.open_invoice(CLIENT)
    connected.copy()
    connected.sees_settled("Failed")
    expect(connected.card).to_contain_text("is archived in Xero")

    connected.bookkeeper("restore contact", contact=name)
    connected.card.get_by_role("button", name="Retry").click()

    expect(connected.card).to_contain_text("Success", timeout=SYNC_PATIENCE_MS)


@pytest.mark.fault("F48")
def test_a_taken_number_is_linked_once_it_is_equal(connected: Walk) -> None:
    number = connected.open_invoice(CLIENT)
    theirs = taken(connected, number)
    connected.copy()
    connected.sees_settled("Failed")
    look(connected.page, "collision")
    connected.card.locator("summary", has_text="Link the one in Xero").click()
    expect(connected.card).to_contain_text("Its total is not this invoice")

    body = connected.stack.rows("select body from syncing_dispatch where kind = 'invoice'")[0][0]
    sent: dict[str, Any] = json.loads(bytes(body))["Invoices"][0]
    kept = {key: sent[key] for key in ("Date", "DueDate", "CurrencyCode", "LineAmountTypes", "LineItems")}
    connected.as_other_app("POST", f"Invoices/{theirs}?unitdp=4", kept)
    connected.card.get_by_role("button", name="Retry").click()
    expect(connected.card.get_by_text("Both are the same invoice")).to_be_attached(timeout=SYNC_PATIENCE_MS)
    connected.card.locator("summary", has_text="Link the one in Xero").click()
    connected.card.get_by_label("Both are the same invoice").check()
    connected.card.get_by_role("button", name="Link", exact=True).click()

    connected.sees_settled("Success")


@pytest.mark.fault("F48")
def test_a_taken_number_is_renumbered_with_one_click(connected: Walk) -> None:
    number = connected.open_invoice(CLIENT)
    taken(connected, number)
    connected.copy()
    connected.sees_settled("Failed")

    connected.card.get_by_role("button", name="Renumber and copy").click()
    connected.sees_settled("Success")

    expect(connected.page.get_by_role("heading", level=1)).not_to_contain_text(number)
    expect(connected.page.locator("#invoice-history")).to_contain_text(number)
