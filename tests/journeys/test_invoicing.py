"""Invoicing by hand and by keyboard, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from walks import Walk


def test_an_invoice_is_written_with_the_keyboard_and_adds_up_while_typing(walk: Walk) -> None:
    page = walk.page
    page.goto("/w/fernhill/invoices/")
    page.keyboard.press("n")
    page.get_by_label("Client").select_option(index=1)
    first = page.locator("[data-line]").first
    first.get_by_label("Description").fill("Design of the journey")
    first.get_by_label("Quantity").fill("2.5")
    first.get_by_label("Unit price").fill("1,000")

    expect(first.locator("output")).to_have_text("2,500.00")
    first.get_by_label("Unit price").press("Enter")
    second = page.locator("[data-line]").nth(1)
    expect(second.get_by_label("Description")).to_be_focused()
    page.keyboard.type("Hosting")
    second.get_by_label("Unit price").fill("99.99")

    expect(page.locator("#totals")).to_contain_text("2,599.99")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#messages")).to_contain_text("is saved as a draft")
    expect(page.get_by_role("article")).to_contain_text("2,599.99")


def test_other_terms_move_the_due_date_and_custom_asks_for_days(walk: Walk) -> None:
    page = walk.page
    page.goto("/w/fernhill/invoices/new/")
    page.get_by_label("Issue date").fill("2026-03-02")
    page.get_by_label("Payment terms").select_option("net_15")
    expect(page.get_by_label("Due date")).to_have_value("2026-03-17")

    expect(page.get_by_label("Days")).to_be_hidden()
    page.get_by_label("Payment terms").select_option("custom")
    page.get_by_label("Days").fill("3")
    page.get_by_label("Days").press("Tab")

    expect(page.get_by_label("Due date")).to_have_value("2026-03-05")


def test_lines_are_removed_and_the_totals_follow(walk: Walk) -> None:
    page = walk.page
    page.goto("/w/fernhill/invoices/new/")
    page.get_by_label("Client").select_option(index=1)
    for number, price in enumerate(("10", "20")):
        line = page.locator("[data-line]").nth(number)
        line.get_by_label("Description").fill(f"Part {number}")
        line.get_by_label("Unit price").fill(price)
        page.get_by_role("button", name="Add line").click()
        expect(page.locator("[data-line]")).to_have_count(number + 2)

    page.locator("[data-line]").first.get_by_role("button", name="Remove this line").click()

    expect(page.locator("#totals dd").first).to_have_text("20.00")


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(walk: Walk) -> None:
    page = walk.page
    walk.open_invoice("O'Brien")
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Amount")).to_be_focused()
    dialog.get_by_label("Amount").fill("99,999,999.00")
    dialog.get_by_label("Transaction ID").fill("BACS-1")
    dialog.get_by_role("button", name="Record Payment").click()

    expect(dialog).to_contain_text("is more than what is still due")
    expect(dialog.get_by_label("Amount")).to_be_focused()
    expect(dialog.get_by_label("Transaction ID")).to_have_value("BACS-1")
    dialog.get_by_label("Amount").fill("1")
    dialog.get_by_role("button", name="Record Payment").click()

    expect(page.locator("#messages")).to_contain_text("Payment recorded")


def test_escape_closes_a_dialog_and_the_focus_returns(walk: Walk) -> None:
    page = walk.page
    walk.open_invoice("O'Brien")
    opener = page.get_by_role("link", name="Record Payment")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_two_quick_clicks_record_one_payment(walk: Walk) -> None:
    page = walk.page
    walk.open_invoice("O'Brien")
    page.keyboard.press("p")
    page.get_by_role("dialog").get_by_label("Amount").fill("1")

    page.get_by_role("dialog").get_by_role("button", name="Record Payment").dblclick()

    expect(page.locator("#messages")).to_contain_text("Payment recorded")
    expect(page.locator(".payment")).to_have_count(1)


def test_the_list_is_searched_and_walked_with_the_keyboard(walk: Walk) -> None:
    page = walk.page
    page.goto("/w/fernhill/invoices/")
    page.keyboard.press("/")
    page.keyboard.type("O'Brien")
    expect(page).to_have_url(re.compile(r"\?q=O%27Brien$"))
    expect(page.locator("#q")).to_be_focused()
    # The address changes before the rows do.
    expect(page.locator("tr", has=page.locator(".row-link")).first).to_contain_text("O'Brien")

    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".row-link").first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("INV-")


def test_filters_survive_going_back(walk: Walk) -> None:
    page = walk.page
    page.goto("/w/fernhill/invoices/")
    page.get_by_role("link", name=re.compile("^Paid")).click()
    page.locator(".row-link").first.click()

    page.go_back()

    expect(page).to_have_url(re.compile(r"\?state=paid$"))
    expect(page.get_by_role("link", name=re.compile("^Paid"))).to_have_attribute("aria-current", "true")


def test_a_server_that_can_not_be_reached_is_said_and_the_form_stays(walk: Walk, troubles: list[str]) -> None:
    page = walk.page
    walk.open_invoice("O'Brien")
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill("1")
    page.context.set_offline(offline=True)

    dialog.get_by_role("button", name="Record Payment").click()

    expect(dialog).to_contain_text("You are offline")
    expect(dialog.get_by_label("Amount")).to_have_value("1")
    page.context.set_offline(offline=False)
    troubles.clear()  # the browser notes each request that did not get through


def test_a_theme_is_chosen_and_stays(walk: Walk) -> None:
    page = walk.page
    page.goto("/w/fernhill/clients/")
    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Dark").click()

    expect(page).to_have_url(re.compile("/clients/$"))
    assert ground(page) == "rgb(11, 17, 32)"
    page.goto("/w/fernhill/invoices/")
    assert ground(page) == "rgb(11, 17, 32)"


def test_everything_is_possible_without_a_script(walk: Walk) -> None:
    """The pages must not depend on scripts: a payment is recorded with none."""
    page = walk.page
    key, _ = walk.invoice_of("O'Brien")
    context = page.context.browser
    assert context is not None
    bare = context.new_context(base_url=walk.stack.url, java_script_enabled=False, locale="en-GB")
    bare.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # read and written in two shapes
    tab = bare.new_page()
    tab.goto(f"/w/fernhill/invoices/{key}/")

    tab.get_by_role("link", name="Record Payment").click()
    tab.get_by_label("Amount").fill("1")
    tab.get_by_role("button", name="Record Payment").click()

    expect(tab.locator("#messages")).to_contain_text("Payment recorded")
    bare.close()


def ground(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return colour
