"""Take the pictures of the README: `python -m pytest tests/journeys/pictures.py` writes docs/images/."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from walks import Walk

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1280, 860


def test_take_the_pictures(connected: Walk) -> None:
    page = connected.page
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    number = connected.open_invoice("O'Brien")
    connected.copy()
    connected.sees_settled("Success")
    connected.open_invoice("O'Brien")
    _take(page, "invoice")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="View in Xero").click()
    there = opened.value
    there.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    expect(there.locator("body")).to_contain_text(number)
    _take(there, "sandbox")
    connected.to_xero_settings()
    _take(page, "settings")


def _take(page: Page, name: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
