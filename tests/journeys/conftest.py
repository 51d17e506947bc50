"""Real browser, real processes: what a journey needs."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect, sync_playwright

from database_server import Session
from running_stack import RunningStack, start_stack
from walks import Walk

CHROMIUM_FLAGS = [
    "--no-sandbox",  # containers and root can't use it, and the pages are our own
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm little room
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
PATIENCE_MS = 15_000
EVIDENCE_CHARACTERS = 20_000

_failed = pytest.StashKey[bool]()

SignInAs = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def running_stack(test_session: Session, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    folder = tmp_path_factory.mktemp("stack")
    stack = start_stack(folder, test_session.database_url(f"journeys_{worker}"))
    yield stack
    stack.stop()


@pytest.fixture
def stack(running_stack: RunningStack) -> RunningStack:
    """The product in the state in which a newcomer finds it: the demo, nothing connected."""
    running_stack.reset()
    return running_stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("KEITO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "The journeys need Chromium: install it, or name it in KEITO_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def troubles() -> list[str]:
    """What went wrong in the browser unseen. A journey fails on it, unless it expects and removes it."""
    return []


@pytest.fixture
def context(stack: RunningStack, browser: Browser, troubles: list[str]) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=stack.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.on("console", lambda message: _note_console(message, troubles))
    context.on("weberror", lambda error: _note_error(error, troubles))
    yield context
    context.close()


@pytest.fixture
def page(
    request: pytest.FixtureRequest, context: BrowserContext, running_stack: RunningStack, troubles: list[str]
) -> Iterator[Page]:
    """A new page. Afterwards: no error in its console, no breach of the content security policy."""
    page = context.new_page()
    yield page
    if troubles or request.node.stash.get(_failed, False):
        _keep_evidence(request.node, page, running_stack)
    assert not troubles, "The browser noted: " + "; ".join(troubles)


@pytest.fixture
def sign_in(stack: RunningStack) -> SignInAs:
    """Sign in through the page as the demo's first administrator, manager or member, or as whoever has this e-mail."""

    def sign_in_as(page: Page, role: str) -> None:
        person = next(each for each in stack.sign_ins if role in {each.role.lower(), each.email})
        page.goto(f"{stack.url}/account/login/")
        page.locator("input[name=login]").fill(person.email)
        page.locator("input[name=password]").fill(person.password)
        page.locator("input[name=password]").press("Enter")
        expect(page).not_to_have_url(re.compile("/account/login/"), timeout=PATIENCE_MS)

    return sign_in_as


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


def _note_console(message: ConsoleMessage, troubles: list[str]) -> None:
    if message.type != "error":
        return
    # A refusal that is shown in the page (422, 403, 404) is no trouble; a file of ours that is missing is.
    is_refusal = re.search(r"the server responded with a status of 4\d\d", message.text)
    if not (is_refusal and "/static/" not in message.location["url"]):
        troubles.append(f"{message.text} ({message.location['url']})")


def _note_error(error: WebError, troubles: list[str]) -> None:
    troubles.append(f"script error: {error.error}")


def _keep_evidence(item: pytest.Item, page: Page, stack: RunningStack) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w-]+", "_", item.nodeid.rpartition("/")[2])
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    for service in (stack.web_server, stack.worker, stack.sandbox):
        # A file, since the report of the call has been made when this is reached.
        log = service.log.read_text(errors="replace")[-EVIDENCE_CHARACTERS:]
        (SCREENSHOTS / f"{name}.{service.name}.log").write_text(log)


@pytest.fixture
def walk(page: Page, stack: RunningStack, sign_in: SignInAs) -> Walk:
    """The demo's Administrator, signed in, before anything is connected."""
    sign_in(page, "administrator")
    page.wait_for_url(re.compile("/w/"))
    return Walk(stack, page)


@pytest.fixture
def connected(page: Page, stack: RunningStack, sign_in: SignInAs) -> Walk:
    """The same, with Xero connected and set up as proposed, payments included. Only the first one walks there."""
    walk = Walk(stack, page)
    was_there = stack.go_back_to("connected")
    sign_in(page, "administrator")
    page.wait_for_url(re.compile("/w/"))
    if not was_there:
        walk.connect()
        walk.set_up()
        stack.remember("connected")
    return walk
