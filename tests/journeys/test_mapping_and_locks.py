"""A mapping that fits no more is found in the lab, a locked period is answered in three ways, a payment is in euros."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from walks import SYNC_PATIENCE_MS, Walk

CLIENT = "O'Brien"
ABROAD = "Müller"


def lists_are_old(walk: Walk) -> None:
    """Let an hour go by for the copy of the lists and for what waits for them."""
    walk.write("update mapping_books_copy set tried_at = null")
    walk.write("update syncing_job set next_at = now() where waiting_because = 'lock'")


def locked_at_its_own_date(walk: Walk) -> None:
    """Lock Xero up to the day of the client's newest open invoice, copy that, and see it refused."""
    key, _ = walk.invoice_of(CLIENT)
    [[day]] = walk.stack.rows("select issue_date from invoicing_invoice where id = %s", key)
    walk.bookkeeper("set lock date", date=day.isoformat())
    lists_are_old(walk)
    walk.open_invoice(CLIENT)
    walk.copy()
    walk.sees_settled("Failed")
    expect(walk.card).to_contain_text("books are locked")


@pytest.mark.fault("F64")
@pytest.mark.promise("P25", "P63")
def test_a_mismatch_is_caught_and_mended_in_the_lab(connected: Walk) -> None:
    page = connected.page
    connected.bookkeeper("change tax rate", tax_type="OUTPUT2", rate=17.5)
    connected.to_xero_settings()
    page.get_by_role("button", name="Refresh lists").click()
    expect(page.get_by_text("is 17.5 % in Xero now")).to_be_visible()
    page.get_by_text("Try a line with these rates").click()
    page.get_by_label("Quantity").fill("1")
    page.get_by_label("Price").fill("100")
    page.get_by_label("Taxed with").select_option(label="VAT 20 %")

    page.get_by_role("button", name="Calculate both sides").click()

    sides = page.locator("#tried")
    expect(sides).to_contain_text("120.00")
    expect(sides).to_contain_text("117.50")
    expect(sides).to_contain_text("Would fail")
    connected.bookkeeper("change tax rate", tax_type="OUTPUT2", rate=20)
    page.get_by_role("button", name="Refresh lists").click()
    expect(page.get_by_text("Something that you chose")).to_have_count(0)
    page.get_by_label("Revenue Account").select_option(label="Other Revenue (260)")
    page.locator("#accounts").get_by_role("button", name="See what would change").click()
    expect(page.locator("#effect-accounts")).to_contain_text(connected.invoice_of(CLIENT)[1])
    expect(page.locator("#effect-accounts")).to_contain_text("Nothing is saved yet")


@pytest.mark.fault("F66")
def test_a_locked_invoice_waits_and_goes_on_when_the_lock_moves(connected: Walk) -> None:
    locked_at_its_own_date(connected)

    connected.card.get_by_role("button", name="Decide").click()
    expect(connected.card).to_contain_text("Waiting until the lock date in Xero moves")
    connected.bookkeeper("set lock date", date=None)
    lists_are_old(connected)

    connected.sees_settled("Success")


@pytest.mark.fault("F66")
def test_a_locked_invoice_is_left_as_a_draft(connected: Walk) -> None:
    connected.stack.control("PUT", "readings", {"drafts_pass_locks": True})
    locked_at_its_own_date(connected)

    connected.card.get_by_label("Leave it in Xero as a draft").check()
    connected.card.get_by_role("button", name="Decide").click()

    connected.sees_settled("Success")
    expect(connected.card).to_contain_text("Left as a draft in Xero")
    expect(connected.page.get_by_text("decided what happens in the locked period")).to_be_visible()


@pytest.mark.fault("F66")
def test_a_locked_invoice_is_posted_with_another_date(connected: Walk) -> None:
    locked_at_its_own_date(connected)

    connected.card.get_by_label("Post it with another date").check()
    connected.card.get_by_role("button", name="Decide").click()

    connected.sees_settled("Success")
    expect(connected.card).to_contain_text("Its reference in Xero says so.")


@pytest.mark.fault("F63")
def test_a_payment_in_euros_goes_to_the_euro_account(connected: Walk) -> None:
    page = connected.page
    connected.to_xero_settings()
    page.get_by_label("Payment Account for EUR").select_option(label="Euro Account")
    page.get_by_role("button", name="Save currencies").click()
    expect(page.get_by_text("The currencies are saved.")).to_be_visible()
    page.get_by_label("Xero tax rate for No tax").select_option(index=1)  # one of several of 0 %
    page.get_by_role("button", name="Save tax rates").click()
    expect(page.get_by_text("The tax rates are saved.")).to_be_visible()
    connected.open_invoice(ABROAD)
    connected.copy()
    connected.sees_settled("Success")

    page.get_by_role("link", name="Record Payment").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This will also be recorded in Xero in Euro Account.")
    dialog.get_by_role("button", name="Record Payment").click()

    payment = page.locator(".payment-xero").first
    expect(payment.locator(".badge").first).to_have_text("Success", timeout=SYNC_PATIENCE_MS)
