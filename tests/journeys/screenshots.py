"""Take a picture of every page, light and dark, wide and narrow, into the folder screenshots.

`python tests/journeys/screenshots.py` takes all; words after it narrow it down to pages whose name contains one.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "src")]

from playwright.sync_api import Browser, sync_playwright  # noqa: E402  the path comes first

from database_server import Session  # noqa: E402
from every_page import BEFORE_SIGN_IN, FOR_A_MEMBER, addresses  # noqa: E402
from running_stack import RunningStack, start_stack  # noqa: E402

SCREENSHOTS = HERE.parents[1] / "screenshots"
WIDTHS = (1280, 360)
PHONE_WIDTH = 500
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def main(wanted: list[str]) -> None:
    session = Session.begin()
    with tempfile.TemporaryDirectory() as folder:
        stack = start_stack(Path(folder), session.database_url("screenshots"))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                for scheme in SCHEMES:
                    for width in WIDTHS:
                        take_all(stack, browser, scheme, width, wanted)
        finally:
            stack.stop()
            session.leave(last=True)


def take_all(
    stack: RunningStack, browser: Browser, scheme: Literal["light", "dark"], width: int, wanted: list[str]
) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    for role, pages in (("", BEFORE_SIGN_IN), ("member", FOR_A_MEMBER), ("administrator", addresses(stack))):
        context = browser.new_context(
            base_url=stack.url,
            color_scheme=scheme,
            locale="en-GB",
            viewport={"width": width, "height": 900},
            has_touch=width < PHONE_WIDTH,
        )
        page = context.new_page()
        if role:
            person = next(each for each in stack.sign_ins if each.role.lower() == role)
            page.goto("/account/login/")
            page.locator("input[name=login]").fill(person.email)
            page.locator("input[name=password]").fill(person.password)
            page.locator("input[name=password]").press("Enter")
            page.wait_for_load_state()
        for name, address in pages.items():
            if not wanted or any(word in name for word in wanted):
                page.goto(address)
                page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}-{width}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
