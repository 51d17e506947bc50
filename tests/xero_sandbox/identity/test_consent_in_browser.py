"""The authorise pages in Chromium: clicks, keys, the policy of the browser, and accessibility."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from consenting import Visitor
from xero_sandbox.seeds.demo import BRITISH_ID, DEMO_CLIENT_ID
from xero_sandbox.testing import RunningSandbox

pytestmark = pytest.mark.browser

PATIENCE_MS = 15_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


class AnApp(BaseHTTPRequestHandler):
    """An app on localhost, and at /attack another site with bad intentions."""

    attack = b""

    def do_GET(self) -> None:
        page = AnApp.attack if self.path == "/attack" else b"<!doctype html><title>The app</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def app_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("localhost", 0), AnApp)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("KEITO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "These tests need Chromium: install it, or name it in KEITO_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(color_scheme=request.param, viewport={"width": 360, "height": 740})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def link(sandbox: RunningSandbox, app_url: str, **changes: str) -> str:
    visitor = Visitor(sandbox.url, DEMO_CLIENT_ID, f"{app_url}/callback")
    visitor.close()
    return f"{sandbox.url}/identity/connect/authorize?{urlencode({**visitor.asked, **changes})}"


def told(page: Page, app_url: str) -> dict[str, list[str]]:
    """Wait for the way back; return what the app is told."""
    page.wait_for_url(f"{app_url}/callback?**")
    return parse_qs(urlsplit(page.url).query)


def test_a_person_signs_in_chooses_and_allows(sandbox: RunningSandbox, app_url: str, page: Page) -> None:
    page.goto(link(sandbox, app_url))
    page.get_by_role("button", name="Marion Ashdown").click()
    page.get_by_label("Harbour & Finch Ltd").check()
    page.get_by_role("button", name="Allow access").click()

    assert "code" in told(page, app_url)
    assert [one.tenant_id for one in sandbox.world().identity.connections.values()] == [BRITISH_ID]


def test_the_browser_asks_for_a_choice_before_allowing(sandbox: RunningSandbox, app_url: str, page: Page) -> None:
    page.goto(link(sandbox, app_url))
    page.get_by_role("button", name="Marion Ashdown").click()
    page.get_by_role("button", name="Allow access").click()

    assert page.get_by_label("Harbour & Finch Ltd").evaluate("choice => choice.validity.valueMissing")
    assert page.url.startswith(sandbox.url)


def test_cancelling_needs_no_choice(sandbox: RunningSandbox, app_url: str, page: Page) -> None:
    page.goto(link(sandbox, app_url))
    page.get_by_role("button", name="Marion Ashdown").click()
    page.get_by_role("button", name="Cancel").click()

    assert told(page, app_url)["error"] == ["access_denied"]


def test_the_keyboard_is_enough(sandbox: RunningSandbox, app_url: str, page: Page) -> None:
    page.goto(link(sandbox, app_url))
    page.get_by_role("button", name="Marion Ashdown").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Harbour & Finch Ltd").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert "code" in told(page, app_url)


def test_going_back_after_allowing_finds_a_plain_page(sandbox: RunningSandbox, app_url: str, page: Page) -> None:
    page.goto(link(sandbox, app_url))
    page.get_by_role("button", name="Tobias Lindqvist").click()
    page.get_by_role("button", name="Allow access").click()
    told(page, app_url)

    page.go_back()

    assert page.get_by_role("heading", level=1).inner_text() == "This sign-in has ended"


def test_no_page_has_an_accessibility_violation(sandbox: RunningSandbox, app_url: str, page: Page) -> None:
    violations = {}
    page.goto(link(sandbox, app_url))
    violations["sign in"] = violations_of(page)
    page.get_by_role("button", name="Marion Ashdown").click()
    page.get_by_text("What the app sent").click()
    violations["consent"] = violations_of(page)
    page.goto(link(sandbox, app_url, scope="openid accounting.transactions"))
    violations["refused"] = violations_of(page)
    page.goto(f"{sandbox.url}/identity/connect/consent?flow=unknown")
    violations["ended"] = violations_of(page)

    assert violations == {"sign in": [], "consent": [], "refused": [], "ended": []}


def test_another_site_cannot_click_for_a_person(sandbox: RunningSandbox, app_url: str, page: Page) -> None:
    page.goto(link(sandbox, app_url))
    page.get_by_role("button", name="Marion Ashdown").click()
    page.get_by_role("button", name="Allow access").wait_for()
    AnApp.attack = an_attack(sandbox, flow=page.locator("input[name=flow]").first.input_value())

    page.goto(f"{app_url}/attack")
    page.get_by_role("button", name="Win a prize").click()

    assert page.get_by_role("heading", level=1).inner_text() == "This sign-in has ended"
    assert sandbox.world().identity.connections == {}


def an_attack(sandbox: RunningSandbox, flow: str) -> bytes:
    """Return a page of another site that knows even the flow; only the cookie is out of its reach."""
    return f"""<!doctype html><title>Another site</title>
        <form method="post" action="{sandbox.url}/identity/connect/authorize">
        <input type="hidden" name="flow" value="{flow}"><input type="hidden" name="organisation" value="{BRITISH_ID}">
        <button name="answer" value="allow">Win a prize</button></form>""".encode()


def violations_of(page: Page) -> list[str]:
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), "The page is too wide"
    found: list[dict[str, str]] = Axe().run(page).response["violations"]
    return [violation["id"] for violation in found]
