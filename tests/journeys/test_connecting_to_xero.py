"""Connect, change one's mind, expire, come back, and leave."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walks import BRITISH, NEW_ZEALAND, Walk

CLIENT = "O'Brien"


@pytest.mark.promise("P16")
def test_cancelling_at_xero_is_told_apart_from_an_error(walk: Walk) -> None:
    page = walk.page
    walk.to_consent()

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("Connecting to Xero was cancelled, and nothing was changed.")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Not connected")
    expect(page.get_by_role("button", name="Connect to Xero")).to_be_enabled()
    assert walk.stack.rows("select count(*) from connections_connection") == [(0,)]


@pytest.mark.promise("P17")
def test_a_way_back_that_nobody_began_connects_nothing(walk: Walk) -> None:
    walk.page.goto("/settings/integrations/xero/callback?state=forged&code=whatever")

    expect(walk.page.get_by_role("heading", name="Nothing was connected")).to_be_visible()
    expect(walk.page.get_by_text("is not one that Keito Books began")).to_be_visible()


@pytest.mark.fault("F80")
def test_coming_back_twice_connects_once(walk: Walk) -> None:
    page = walk.page
    walk.to_consent()
    page.get_by_text(BRITISH, exact=True).click()
    with page.expect_request(re.compile("/xero/callback")) as returning:
        page.get_by_role("button", name="Allow access").click()
    page.wait_for_url(re.compile("/settings/integrations/xero/$"))

    page.goto(returning.value.url)

    expect(page.get_by_text("was used already, and nothing more was done")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Connected")


@pytest.mark.promise("P54", "P55", "P56", "P57", "P58")
def test_disconnecting_stops_everything_and_keeps_what_was_copied(connected: Walk) -> None:
    page = connected.page
    connected.open_invoice(CLIENT)
    connected.copy()
    connected.sees_settled("Success")
    invoice = page.url

    connected.to_xero_settings()
    page.get_by_role("link", name="Disconnect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Everything that was copied stays in both systems.")
    expect(dialog).to_contain_text("The permission is revoked in Xero")
    dialog.get_by_role("button", name="Disconnect").click()

    expect(page.get_by_text(f"Disconnected from {BRITISH}. The permission was revoked in Xero.")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Not connected")
    page.goto(invoice)
    expect(connected.card).to_contain_text("Success")
    expect(page.get_by_role("link", name="View in Xero")).to_be_visible()
    connected.open_invoice("Northgate")
    expect(connected.card.get_by_role("button", name="Copy to Xero")).to_be_disabled()
    expect(connected.card).to_contain_text("Xero is not connected, so nothing can be copied.")
    assert connected.calls("POST", "/connect/revocation")


@pytest.mark.promise("P59", "P60", "P61")
def test_an_expired_connection_says_so_and_reconnect_brings_all_back(connected: Walk) -> None:
    page = connected.page
    number = connected.open_invoice(CLIENT)
    connected.days_pass(61)

    connected.copy()

    expect(connected.card).to_contain_text("The Xero connection has expired.", timeout=20_000)
    invoice = page.url
    connected.to_xero_settings()
    expect(page.locator("h1")).to_contain_text("Expired")
    expect(page.get_by_text("The connection has expired.")).to_be_visible()
    page.get_by_role("button", name="Reconnect").click()
    page.get_by_text("Marion Ashdown").first.click()
    connected.allow()
    expect(page.get_by_text(f"Reconnected to {BRITISH} in Xero.")).to_be_visible()
    expect(page.get_by_label("Revenue Account").locator("option:checked")).to_have_text("Sales (200)")
    page.goto(invoice)
    connected.sees_settled("Success")
    expect(page.locator("#invoice-history")).to_contain_text("created the invoice")
    assert number


@pytest.mark.fault("F85")
@pytest.mark.promise("P57")
def test_another_organisation_than_before_needs_an_explicit_yes(connected: Walk) -> None:
    page = connected.page
    connected.to_xero_settings()
    page.get_by_role("link", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("button", name="Connect to Xero")).to_be_visible()
    connected.to_consent()

    connected.allow(NEW_ZEALAND)

    expect(page.get_by_role("heading", name="This is another organisation")).to_be_visible()
    expect(page.get_by_text("count as Not synced here while you are connected to")).to_be_visible()
    page.get_by_role("button", name=f"Connect {NEW_ZEALAND}").click()
    expect(page.get_by_text(f"Connected to {NEW_ZEALAND} in Xero.")).to_be_visible()
    expect(page.get_by_role("button", name="Save accounts and go on")).to_be_visible()


@pytest.mark.fault("F86")
@pytest.mark.promise("P2", "P3")
def test_quickbooks_must_be_disconnected_before_xero_is_connected(walk: Walk) -> None:
    """QuickBooks can't be connected yet, so the row is written by hand: the rule is the database's and the pages'."""
    page = walk.page
    walk.write(
        "insert into connections_connection (id, workspace_id, provider, organisation_id, organisation_name,"
        " short_code, state, epoch, remote_connection_id, connected_at, expired_kind, expired_because)"
        " select gen_random_uuid(), id, 'quickbooks', 'q1', 'Fernhill Books', '', 'expired', 1, '', now(), '', ''"
        " from workspaces_workspace where slug = 'fernhill'"
    )

    walk.to_xero_settings()

    expect(page.get_by_role("button", name="Connect to Xero")).to_be_disabled()
    expect(page.get_by_text("Disconnect QuickBooks before connecting Xero.")).to_be_visible()
    page.goto("/w/fernhill/settings/integrations/")
    expect(page.get_by_text("Only one accounting integration can be active at a time.")).to_be_visible()


@pytest.mark.promise("P9", "P11")
def test_everyone_who_may_not_connect_reads_what_is_missing(walk: Walk) -> None:
    page = walk.page

    page.goto("/w/cedar-and-pine/settings/integrations/xero/")

    expect(page.get_by_role("button", name="Connect to Xero")).to_be_disabled()
    expect(page.get_by_text("Accounting integrations are part of the Business plan.")).to_be_visible()
