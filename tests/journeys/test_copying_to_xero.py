"""The main journey, and what can happen on it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walks import BRITISH, Walk

CLIENT = "O'Brien"


@pytest.mark.promise(
    "P1", "P4", "P5", "P12", "P13", "P14", "P15", "P16", "P19", "P20", "P23", "P24", "P28", "P29", "P30", "P31", "P46"
)
def test_from_connecting_to_the_same_invoice_in_xero(walk: Walk) -> None:
    page = walk.page
    walk.connect()
    assert re.search(r"/settings/integrations/xero/$", page.url), "the code must not stay in the address"
    walk.set_up()
    number = walk.open_invoice(CLIENT)

    walk.copy()

    walk.sees_settled("Success")
    expect(page.locator("#invoice-history")).to_contain_text(f"created the invoice in {BRITISH}")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="View in Xero").click()
    there = opened.value
    expect(there.locator("body")).to_contain_text(number)
    expect(there.locator("body")).to_contain_text('O\'Brien "Fast & Fair" Plumbing')
    expect(there.locator("body")).to_contain_text("Support retainer, monthly")
    expect(there.locator("body")).to_contain_text("780.00")


@pytest.mark.promise("P8", "P43", "P44", "P46", "P68")
def test_every_invoice_in_the_list_shows_its_status_and_can_be_found_by_it(connected: Walk) -> None:
    page = connected.page
    number = connected.open_invoice(CLIENT)
    connected.copy()
    connected.sees_settled("Success")

    page.goto("/w/fernhill/invoices/")
    expect(page.get_by_role("row", name=re.compile(number))).to_contain_text("Success")
    page.get_by_role("link", name="Success", exact=True).click()

    rows = page.locator("[data-rows] tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(number)


@pytest.mark.fault("F93")
@pytest.mark.promise("P45", "P66", "P68")
def test_any_number_of_clicks_makes_one_invoice(connected: Walk) -> None:
    page = connected.page
    connected.open_invoice(CLIENT)
    second_tab = page.context.new_page()
    second_tab.goto(page.url)

    page.get_by_role("button", name="Copy to Xero").dblclick()
    second_tab.get_by_role("button", name="Copy to Xero").click()

    connected.sees_settled("Success")
    assert len(connected.calls("PUT", "/Invoices")) == 1
    second_tab.close()


def test_the_keyboard_alone_copies_and_the_focus_follows(connected: Walk) -> None:
    page = connected.page
    connected.open_invoice(CLIENT)

    page.keyboard.press("c")

    connected.sees_settled("Success")
    assert page.evaluate(
        "document.activeElement.closest('#xero-card') !== null || document.activeElement === document.body"
    )


@pytest.mark.fault("F15")
@pytest.mark.promise("P45")
def test_a_lost_reply_is_pending_and_never_failed(connected: Walk) -> None:
    connected.open_invoice(CLIENT)
    connected.trouble("PUT /Invoices", "save and drop the reply")

    connected.copy()

    expect(connected.card).to_contain_text("Xero has not answered. We ask again with the same request")
    expect(connected.card).to_contain_text("Goes on at")
    expect(connected.card.locator(".badge").first).to_have_text("Pending")


@pytest.mark.promise("P65")
def test_a_limit_says_when_it_goes_on_and_goes_on_by_itself(connected: Walk) -> None:
    connected.open_invoice(CLIENT)
    connected.stack.control(
        "POST", "faults", {"route": "PUT /Invoices", "then": "answer 429", "times": 1, "retry_after": 4}
    )

    connected.copy()

    expect(connected.card).to_contain_text("Waiting for Xero's limit of calls a minute.")
    expect(connected.card).to_contain_text("Goes on at")
    connected.sees_settled("Success")


@pytest.mark.fault("F25")
def test_a_xero_that_is_down_is_said_to_be_down_and_nothing_fails(connected: Walk) -> None:
    connected.open_invoice(CLIENT)
    connected.trouble("GET /Contacts", "drop the request", times=20)

    connected.copy()

    expect(connected.card).to_contain_text("We could not reach Xero. Nothing was sent. Goes on at")
    expect(connected.card.locator(".badge").first).to_have_text("Pending")


def test_the_short_address_leads_to_the_invoice(connected: Walk) -> None:
    key, number = connected.invoice_of(CLIENT)

    connected.page.goto(f"/i/{key}/")

    expect(connected.page.get_by_role("heading", level=1)).to_contain_text(number)


def test_activity_keeps_what_was_sent_and_answered(connected: Walk) -> None:
    page = connected.page
    number = connected.open_invoice(CLIENT)
    connected.copy()
    connected.sees_settled("Success")

    page.get_by_role("link", name="What was sent and answered").click()
    page.get_by_role("link", name=re.compile(f"^Invoice {number}")).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(page.locator(".timeline")).to_contain_text("Sent to Xero: answered (200)")
    page.get_by_text("Request and reply").first.click()
    expect(page.get_by_label("Request").first).to_contain_text(number)
    assert "Bearer" not in page.content()
