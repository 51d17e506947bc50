"""Failed says what happened and what to do, leads to where it is done, and Retry brings it to its end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from walks import Walk

CLIENT = "O'Brien"


@pytest.mark.promise("P47", "P48", "P49", "P62")
def test_a_missing_revenue_account_and_tax_rate_are_mended_one_after_the_other(walk: Walk) -> None:
    page = walk.page
    walk.connect()
    walk.open_invoice(CLIENT)
    invoice = page.url

    walk.copy()

    walk.sees_settled("Failed")
    expect(walk.card).to_contain_text("No revenue account is chosen")
    walk.card.get_by_role("link", name="Choose accounts").click()
    page.get_by_role("button", name="Save accounts and go on").click()
    expect(page.get_by_text("The accounts are saved.")).to_be_visible()
    page.goto(invoice)
    walk.card.get_by_role("button", name="Retry").click()
    expect(walk.card).to_contain_text("No Xero tax rate is chosen for lines taxed at 20 %", timeout=20_000)
    walk.card.get_by_role("link", name="Map tax rates").click()
    page.get_by_role("button", name="Save tax rates and go on").click()
    expect(page.get_by_text("The tax rates are saved.")).to_be_visible()
    page.goto(invoice)
    walk.card.get_by_role("button", name="Retry").click()
    expect(walk.card).to_contain_text("Success", timeout=20_000)
    assert len(walk.calls("PUT", "/Invoices")) == 1


@pytest.mark.fault("F64")
@pytest.mark.promise("P25", "P63")
def test_a_rate_that_changed_in_xero_is_told_and_another_one_mends_it(connected: Walk) -> None:
    page = connected.page
    connected.bookkeeper("change tax rate", tax_type="OUTPUT2", rate=17.5)
    connected.to_xero_settings()
    page.get_by_role("button", name="Refresh lists").click()
    row = page.locator(".pair").filter(has=page.get_by_text("VAT 20 %", exact=True))
    expect(row).to_contain_text("Can’t match")
    expect(row).to_contain_text("17.5 %")
    page.get_by_role("button", name="Save tax rates").click()
    expect(row).to_contain_text("so totals would differ")
    connected.open_invoice(CLIENT)

    connected.copy()

    connected.sees_settled("Failed")
    expect(connected.card).to_contain_text("The tax rates don't match")
    expect(connected.card).to_contain_text("Verify the tax rate mappings, then retry.")
    connected.bookkeeper("change tax rate", tax_type="OUTPUT2", rate=20)
    connected.to_xero_settings()
    page.get_by_role("button", name="Refresh lists").click()
    expect(row).to_contain_text("Equal")
    connected.open_invoice(CLIENT)
    connected.card.get_by_role("button", name="Retry").click()
    expect(connected.card).to_contain_text("Success", timeout=20_000)


@pytest.mark.fault("F62")
@pytest.mark.promise("P49")
def test_an_account_archived_in_xero_is_named_and_another_one_takes_its_place(connected: Walk) -> None:
    page = connected.page
    connected.bookkeeper("archive account", account="200")
    connected.open_invoice(CLIENT)
    invoice = page.url

    connected.copy()

    connected.sees_settled("Failed")
    expect(connected.card).to_contain_text("archived")
    connected.to_xero_settings()
    page.get_by_role("button", name="Refresh lists").click()
    expect(page.get_by_label("Revenue Account").locator("option:checked")).to_have_text("Sales (200), no longer usable")
    page.get_by_role("button", name="Save accounts").click()
    expect(page.get_by_text("Choose an account that may take revenue. Nothing was saved.")).to_be_visible()
    page.get_by_label("Revenue Account").select_option(label="Professional Services Revenue (205)")
    page.get_by_role("button", name="Save accounts").click()
    page.goto(invoice)
    connected.card.get_by_role("button", name="Retry").click()
    expect(connected.card).to_contain_text("Success", timeout=20_000)


@pytest.mark.promise("P10", "P64")
def test_a_xero_user_without_permission_is_a_sentence_and_not_a_crash(connected: Walk) -> None:
    connected.bookkeeper("withdraw invoice permission")
    connected.open_invoice(CLIENT)

    connected.copy()

    connected.sees_settled("Failed")
    expect(connected.card).to_contain_text("may not create invoices")
    expect(connected.card).to_contain_text("Give that user a role with invoice permission in Xero")
    connected.bookkeeper("give invoice permission")
    connected.card.get_by_role("button", name="Retry").click()
    expect(connected.card).to_contain_text("Success", timeout=20_000)


@pytest.mark.promise("P41", "P42")
def test_of_several_contacts_a_person_chooses_and_the_invoice_goes_on(connected: Walk) -> None:
    page = connected.page
    number = "GB 555 0101 01"
    connected.write("update invoicing_client set tax_number = %s where name like 'O''Brien%%'", number)
    for name in ("O'Brien Cardiff", 'O\'Brien & "Co"'):
        connected.add_contacts({"Name": name, "TaxNumber": number})
    connected.open_invoice(CLIENT)

    connected.copy()

    connected.sees_settled("Failed")
    expect(connected.card).to_contain_text("Several contacts in Xero could be this client")
    expect(connected.card.get_by_label('O\'Brien & "Co"')).to_be_visible()
    connected.card.get_by_label("O'Brien Cardiff").check()
    connected.card.get_by_role("button", name="Use this contact").click()
    connected.sees_settled("Success")
    page.get_by_role("link", name='O\'Brien "Fast & Fair" Plumbing').first.click()
    expect(page.locator("#xero-contact")).to_contain_text("O'Brien Cardiff")
    expect(page.locator("#xero-contact").get_by_role("link", name="View in Xero")).to_be_visible()
