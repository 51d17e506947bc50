"""Copy many invoices at once: choose, look, copy, hold back, go on, try again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walks import SYNC_PATIENCE_MS, Walk


@pytest.mark.promise("P1", "P43", "P46", "P49", "P66", "P68")
def test_all_open_invoices_are_copied_with_a_pause_and_a_retry(connected: Walk) -> None:
    page = connected.page
    connected.bookkeeper("withdraw invoice permission")
    page.goto(f"/w/{connected.slug}/invoices/?client={busiest_client(connected)}")
    expect(page.get_by_text("selected")).not_to_be_visible()

    page.get_by_label("Select all").check()
    copy = page.get_by_role("button", name=re.compile(r"^Copy \d+ invoices to Xero"))
    count = int(re.search(r"\d+", copy.inner_text())[0])  # type: ignore[index]  # the name holds a number
    copy.click()

    # The preview: counts first, and nothing was sent.
    expect(page.get_by_role("heading", level=1)).to_have_text("Copy invoices to Xero")
    ready = page.get_by_role("button", name=re.compile(r"^Copy \d+ invoices? to Xero"))
    wanted = int(re.search(r"\d+", ready.inner_text())[0])  # type: ignore[index]  # the same
    assert 1 < wanted <= count
    assert connected.calls("PUT", "/Invoices") == []
    ready.click()

    # The progress: a page of its own that changes by itself.
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Copy of {wanted} invoices to Xero")
    progress = page.url
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    page.goto(f"/w/{connected.slug}/invoices/")
    page.get_by_role("link", name="See progress").click()
    assert page.url == progress
    page.get_by_role("button", name="Resume").click()

    # Everything fails for one reason, which is told once; after the cure Retry takes all of it.
    expect(page.get_by_role("heading", name="Finished, and some need you")).to_be_visible(timeout=SYNC_PATIENCE_MS * 3)
    expect(page.get_by_text("may not create invoices")).to_have_count(1)
    connected.bookkeeper("give invoice permission")
    page.get_by_role("button", name="Retry failed").click()
    expect(page.get_by_role("heading", name="All done")).to_be_visible(timeout=SYNC_PATIENCE_MS * 3)
    page.goto(f"/w/{connected.slug}/invoices/?sync=success")
    expect(page.locator("[data-pick]")).to_have_count(wanted)


def busiest_client(walk: Walk) -> str:
    """Return the client with most finalized invoices: one contact, so that the limit of calls lets all through."""
    [(client,)] = walk.stack.rows(
        "select i.client_id from invoicing_invoice i join workspaces_workspace w on w.id = i.workspace_id"
        " where w.slug = %s and i.state in ('open', 'paid') group by i.client_id order by count(*) desc, i.client_id"
        " limit 1",
        walk.slug,
    )
    return str(client)


@pytest.mark.promise("P66", "P68")
def test_older_invoices_are_looked_for_before_anything_is_sent(connected: Walk) -> None:
    page = connected.page
    connected.to_xero_settings()
    page.get_by_role("link", name="Look for them in Xero").click()

    page.get_by_role("button", name="Look in Xero").click()

    ready = page.get_by_role("button", name=re.compile(r"^Copy \d+ invoices to Xero"))
    expect(ready).to_be_visible(timeout=SYNC_PATIENCE_MS)
    assert connected.calls("PUT", "/Invoices") == []
    assert len(connected.calls("GET", "/Invoices")) == 2  # fifty numbers a call
    ready.click()
    expect(page.get_by_role("heading", name="All done")).to_be_visible(timeout=SYNC_PATIENCE_MS * 3)


def test_boxes_answer_to_the_keyboard_and_all_that_match_can_be_taken(connected: Walk) -> None:
    page = connected.page
    page.goto(f"/w/{connected.slug}/invoices/")
    page.locator(".row-link").first.focus()

    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")

    expect(page.get_by_text("2 invoices selected")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Copy invoices to Xero")


def test_without_a_script_the_boxes_are_a_form(connected: Walk) -> None:
    browser = connected.page.context.browser
    assert browser
    cookies = connected.page.context.cookies()
    context = browser.new_context(base_url=connected.stack.url, java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # as it gave them
    page = context.new_page()
    page.goto(f"/w/{connected.slug}/invoices/?state=open")

    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="Copy to Xero").click()
    page.get_by_role("button", name="Copy 1 invoice to Xero").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Copy of 1 invoice to Xero")
    context.close()
