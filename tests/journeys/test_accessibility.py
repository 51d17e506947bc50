"""Every page, light and dark: axe finds nothing, and a phone needs no scrolling sideways."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from every_page import BEFORE_SIGN_IN, FOR_A_MEMBER, addresses
from walks import Walk

Scheme = Literal["light", "dark"]
PHONE: ViewportSize = {"width": 360, "height": 740}
# 1280 x 900, enlarged to 200 %
ENLARGED: ViewportSize = {"width": 640, "height": 450}

axe = Axe()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(walk: Walk, scheme: Scheme) -> None:
    page = walk.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    found = [each for name, address in addresses(walk.stack).items() for each in violations(page, name, address)]

    assert not found, "\n".join(found)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_once_xero_is_connected(connected: Walk, scheme: Scheme) -> None:
    page = connected.page
    connected.open_invoice("O'Brien")
    connected.copy()
    connected.sees_settled("Success")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    pages = addresses(connected.stack)
    pages["invoice-copied"] = page.url

    names = ("invoices", "invoice-copied", "invoice-open", "invoice-pay", "client", "activity", "activity-xero")
    chosen = {name: pages[name] for name in (*names, "settings-integrations", "settings-xero")}
    found = [each for name, address in chosen.items() for each in violations(page, name, address)]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_somebody_has_signed_in(page: Page, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)

    found = [each for name, address in BEFORE_SIGN_IN.items() for each in violations(page, name, address)]

    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_a_role_is_refused(page: Page, sign_in: object) -> None:
    sign_in(page, "member")  # type: ignore[operator]  # the fixture's type lives in its conftest

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
def test_no_page_scrolls_sideways_on_a_phone(walk: Walk) -> None:
    page = walk.page
    page.set_viewport_size(PHONE)

    too_wide = []
    for name, address in addresses(walk.stack).items():
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            too_wide.append(f"{name}: {width}")

    assert too_wide == []


@pytest.mark.timeout(300)
def test_no_page_scrolls_sideways_at_double_size(walk: Walk) -> None:
    page = walk.page
    page.set_viewport_size(ENLARGED)

    too_wide = []
    for name, address in addresses(walk.stack).items():
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            too_wide.append(name)

    assert too_wide == []


def violations(page: Page, name: str, address: str) -> list[str]:
    page.goto(address)
    return checked(page, name)


def checked(page: Page, name: str) -> list[str]:
    results = axe.run(page)
    return [
        f"{name}: {violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
