"""Every page, light and dark: axe finds nothing, and a phone needs no scrolling sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from every_page import BEFORE_SIGN_IN, FOR_A_MEMBER, addresses
from walks import Walk

SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
# a phone, and 1280 x 900 enlarged to 200 %
NARROW: tuple[ViewportSize, ...] = ({"width": 360, "height": 740}, {"width": 640, "height": 450})

axe = Axe()


@pytest.mark.timeout(400)
def test_axe_finds_nothing_on_any_page(walk: Walk) -> None:
    found = [each for name, address in addresses(walk.stack).items() for each in violations(walk.page, name, address)]

    assert not found, "\n".join(found)


@pytest.mark.timeout(300)
def test_axe_finds_nothing_once_xero_is_connected(connected: Walk) -> None:
    page = connected.page
    connected.open_invoice("O'Brien")
    connected.copy()
    connected.sees_settled("Success")
    pages = addresses(connected.stack)
    pages["invoice-copied"] = page.url
    pages["search"] = a_search(connected)
    pages["run"] = a_paused_run(connected)

    names = ["invoices", "invoice-copied", "invoice-open", "invoice-pay", "client", "activity-xero", "settings-xero"]
    found = [each for name in [*names, "bulk-preview", "search", "run"] for each in violations(page, name, pages[name])]

    assert not found, "\n".join(found)


def test_axe_finds_nothing_before_somebody_has_signed_in(page: Page) -> None:
    found = [each for name, address in BEFORE_SIGN_IN.items() for each in violations(page, name, address)]

    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_a_role_is_refused(page: Page, sign_in: Callable[[Page, str], None]) -> None:
    sign_in(page, "member")

    found = [each for name, address in FOR_A_MEMBER.items() for each in violations(page, name, address)]

    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_open_dialogs_and_menus(walk: Walk) -> None:
    page = walk.page
    walk.open_invoice("O'Brien")
    page.get_by_role("link", name="Record Payment").click()
    page.get_by_role("dialog").get_by_label("Amount").wait_for()

    found = checked(page, "dialog")
    page.keyboard.press("Escape")
    page.locator("summary", has_text="Your menu").click()
    found += checked(page, "menu")

    assert not found, "\n".join(found)


@pytest.mark.timeout(300)
def test_no_page_scrolls_sideways_on_a_phone_or_enlarged(walk: Walk) -> None:
    page = walk.page

    too_wide = []
    for name, address in addresses(walk.stack).items():
        page.goto(address)
        for size in NARROW:
            page.set_viewport_size(size)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > size["width"]:
                too_wide.append(f"{name}: {width} at {size['width']}")

    assert not too_wide, "\n".join(too_wide)


def a_paused_run(connected: Walk) -> str:
    """Return the address of a copy of many invoices of which something is still to come."""
    page = connected.page
    page.goto(f"/w/{connected.slug}/invoices/xero/?matching=1")
    page.get_by_role("button", name="to Xero").click()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Resume").wait_for()
    return page.url


def a_search(connected: Walk) -> str:
    """Return the address of what a search for older invoices found."""
    page = connected.page
    page.goto(f"/w/{connected.slug}/invoices/xero/older/")
    page.get_by_role("button", name="Look in Xero").click()
    page.get_by_role("button", name="to Xero").wait_for()
    return page.url


def violations(page: Page, name: str, address: str) -> list[str]:
    page.goto(address)
    return checked(page, name)


def checked(page: Page, name: str) -> list[str]:
    """Return what axe finds on the page as it stands, in both themes."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [
            f"{name}, {scheme}: {violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
            for violation in axe.run(page).response["violations"]
            for node in violation["nodes"]
        ]
    return found
