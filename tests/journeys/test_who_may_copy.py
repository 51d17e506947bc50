"""Buttons that may not be pressed say why, and the doors behind them are closed too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from running_stack import RunningStack
from walks import SignInAs, Walk

CLIENT = "O'Brien"


@pytest.fixture
def other_person(browser: Browser, stack: RunningStack) -> Iterator[Page]:
    """A second browser, for somebody else."""
    context = browser.new_context(base_url=stack.url, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.mark.promise("P11", "P27")
def test_each_role_reads_why_it_may_not(connected: Walk, other_person: Page, sign_in: SignInAs) -> None:
    connected.open_invoice("Oakfield", "draft")
    expect(connected.card).to_contain_text("is a draft. Send it first")
    expect(connected.card.get_by_role("button", name="Copy to Xero")).to_be_disabled()

    sign_in(other_person, "priya@fernhill.example")
    priya = Walk(connected.stack, other_person)
    priya.open_invoice(CLIENT)
    expect(priya.card.get_by_role("button", name="Copy to Xero")).to_be_disabled()
    expect(priya.card).to_contain_text("Only Administrators, and Managers with “Send/edit invoices”, may copy")
    priya.to_xero_settings()
    expect(other_person.get_by_text("Only Administrators may manage integrations.")).to_be_visible()
    expect(other_person.get_by_role("link", name="Disconnect")).to_have_count(0)


def test_a_manager_with_the_toggle_copies(connected: Walk, other_person: Page, sign_in: SignInAs) -> None:
    sign_in(other_person, "marcus@fernhill.example")
    marcus = Walk(connected.stack, other_person)
    marcus.open_invoice(CLIENT)

    marcus.copy()

    marcus.sees_settled("Success")
    expect(other_person.locator("#invoice-history")).to_contain_text("Marcus Boateng asked to copy the invoice")
