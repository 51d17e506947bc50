"""The pages show what is there, work without script, and are open to all."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import Literal

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from sandbox_client import Client
from xero_sandbox.testing import RunningSandbox

BRITISH_ID = "5f3c1e70-9a41-4c0e-8b55-0d2f6e1a7c01"


def page(sandbox: RunningSandbox, path: str) -> str:
    reply = httpx2.get(f"{sandbox.url}/_sandbox{path}", timeout=5)
    assert reply.status_code == 200
    return reply.text


def test_an_invoice_shows_its_lines_payments_and_history(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-1", Reference="<PO> 7", Contact={"Name": 'Zoë & "Sons"'})
    sandbox.bookkeeper("Harbour & Finch Ltd", "pay invoice", invoice="K-1", amount=20, reference="KP-1")

    shown = page(sandbox, f"/invoices/{invoice['InvoiceID']}")

    for text in (
        "K-1",
        "&lt;PO&gt; 7",
        "Zoë &amp; &quot;Sons&quot;",
        "Consulting",
        "120.00",
        "KP-1",
        "Payment received",
    ):
        assert text in shown


def test_an_organisation_lists_what_matches_the_search(sandbox: RunningSandbox) -> None:
    shown = page(sandbox, f"/organisations/{BRITISH_ID}?q=pennine")

    assert "HF-0033" in shown
    assert "HF-0031" not in shown


def test_every_page_says_that_it_is_not_xero(sandbox: RunningSandbox, xero: Client) -> None:
    xero.invoice()
    for path in ("/", "/log", "/log/1", "/usage", "/controls", f"/organisations/{BRITISH_ID}"):
        assert "not Xero. Nothing here is real." in page(sandbox, path)


def test_the_clock_and_faults_are_switched_by_plain_forms(sandbox: RunningSandbox) -> None:
    before = sandbox.now()
    moved = httpx2.post(f"{sandbox.url}/_sandbox/controls/clock", data={"seconds": "3600"}, timeout=5)
    asked = {"route": "PUT /Invoices", "then": "answer 500", "times": "2"}
    added = httpx2.post(f"{sandbox.url}/_sandbox/controls/faults", data=asked, timeout=5)

    assert (moved.status_code, added.status_code) == (303, 303)
    assert (sandbox.now() - before).total_seconds() > 3599
    assert [one["then"] for one in sandbox.door("GET", "/faults")["faults"]] == ["answer 500"]
    assert "answer 500" in page(sandbox, "/controls")


def test_another_website_cannot_press_the_buttons(sandbox: RunningSandbox) -> None:
    reply = httpx2.post(f"{sandbox.url}/_sandbox/reset", headers={"Sec-Fetch-Site": "cross-site"}, timeout=5)

    assert reply.status_code == 403


def test_pages_run_no_script_and_fetch_nothing_from_afar(sandbox: RunningSandbox) -> None:
    reply = httpx2.get(f"{sandbox.url}/_sandbox/controls", timeout=5)

    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert not re.search(r"<script|style=|https?://(?!127)", reply.text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("KEITO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "These tests need Chromium: install it, or name it in KEITO_CHROMIUM"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_accessibility_violation(
    sandbox: RunningSandbox, xero: Client, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    invoice = xero.invoice()
    sandbox.fault("PUT /Invoices", "answer 500")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800})
    view = context.new_page()
    paths = (
        "/",
        f"/organisations/{BRITISH_ID}",
        f"/invoices/{invoice['InvoiceID']}",
        "/log",
        "/log/1",
        "/usage",
        "/controls",
    )

    found = {}
    for path in paths:
        view.goto(f"{sandbox.url}/_sandbox{path}")
        results = Axe().run(view)
        if results.violations_count:
            found[path] = results.generate_report()
    context.close()

    assert found == {}
