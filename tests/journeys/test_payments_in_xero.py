"""Payments follow their invoice, each with a small status of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from walks import Walk

CLIENT = "O'Brien"


def record(walk: Walk, amount: str, transaction_id: str = "") -> None:
    page = walk.page
    page.get_by_role("link", name="Record Payment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill(amount)
    dialog.get_by_label("Transaction ID").fill(transaction_id)
    dialog.get_by_role("button", name="Record Payment").click()
    expect(page.get_by_text("Payment recorded.")).to_be_visible()


@pytest.mark.promise("P7", "P22", "P50", "P51", "P52", "P53")
def test_two_partial_payments_arrive_and_a_deleted_one_is_taken_back(connected: Walk) -> None:
    page = connected.page
    connected.open_invoice(CLIENT)
    connected.copy()
    connected.sees_settled("Success")
    there = page.get_by_role("link", name="View in Xero").get_attribute("href") or ""

    page.get_by_role("link", name="Record Payment").click()
    expect(page.get_by_role("dialog")).to_contain_text(
        "This will also be recorded in Xero in Business Current Account (090)."
    )
    page.keyboard.press("Escape")
    record(connected, "300.00", "BANK-4711")
    record(connected, "480.00")

    payments = page.locator(".payment")
    for place in (0, 1):
        expect(payments.nth(place)).to_contain_text("Success", timeout=20_000)
        expect(payments.nth(place)).to_contain_text("Xero payment ID")
    expect(payments.filter(has_text="300.00")).to_contain_text("Reference BANK-4711")
    in_xero = page.context.new_page()
    in_xero.goto(there)
    expect(in_xero.locator("body")).to_contain_text("Fully paid on")
    expect(in_xero.locator("body")).to_contain_text("BANK-4711")

    payments.nth(1).get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete payment").click()
    expect(page.locator(".payment--deleted")).to_contain_text("Deleted in Xero too", timeout=20_000)
    in_xero.reload()
    expect(in_xero.locator("body")).to_contain_text("Due480.00")
    in_xero.close()


@pytest.mark.promise("P21")
def test_without_a_payment_account_the_invoice_goes_and_the_payment_says_why_it_stays(walk: Walk) -> None:
    page = walk.page
    walk.connect()
    walk.set_up(payment_account="")
    walk.open_invoice(CLIENT)
    walk.copy()
    walk.sees_settled("Success")

    page.get_by_role("link", name="Record Payment").click()
    expect(page.get_by_role("dialog")).to_contain_text(
        "This will not be recorded in Xero, since no Payment Account is chosen."
    )
    page.get_by_role("dialog").get_by_role("button", name="Record Payment").click()

    expect(page.locator(".payment")).to_contain_text("Not sent, since no Payment Account is chosen.")
    assert not walk.calls("PUT", "/Payments")
