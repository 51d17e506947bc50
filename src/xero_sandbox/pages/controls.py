"""Clock, faults and reset, for a person: forms that work without script."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xero_sandbox.control.faults import NotAFault
from xero_sandbox.control.kinds import CLOSE_AFTER_FIRST, KINDS
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import moment, table
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.seeds import SEEDS

HERE = "/_sandbox/controls"
ROUTES = (
    "PUT /Invoices",
    "POST /Invoices",
    "GET /Invoices",
    "PUT /Contacts",
    "GET /Contacts",
    "PUT /Payments",
    "POST /Payments/{id}",
    "GET /Organisation",
    "POST /connect/token",
    "GET /connections",
    "* /*",
)
JUMPS = (("1 minute", 60), ("6 minutes", 360), ("1 hour", 3_600), ("1 day", 86_400), ("61 days", 5_270_400))


async def show_controls(request: Request) -> Response:
    return _shown(request.app.state.sandbox, "")


async def move_clock(request: Request) -> Response:
    asked = await _form(request)
    seconds = asked.get("seconds", "")
    try:
        request.app.state.sandbox.world.clock.advance(int(seconds))
    except ValueError:
        return _shown(request.app.state.sandbox, "The clock cannot go there: its years are 2000 to 2900.", 400)
    return _back()


async def add_fault(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    asked = await _form(request)
    times = asked.get("times", "1")
    then = asked.get("then", "")
    instruction = {
        "route": asked.get("route", ""),
        "then": f"{then} 1" if then == CLOSE_AFTER_FIRST else then,
        "times": int(times) if times.isdigit() and len(times) < 7 else 1,  # noqa: PLR2004  # a million at most
    }
    try:
        sandbox.faults.add(instruction)
    except NotAFault as problem:
        return _shown(sandbox, str(problem), 400)
    return _back()


async def clear_faults(request: Request) -> Response:
    request.app.state.sandbox.faults.clear()
    return _back()


async def start_again(request: Request) -> Response:
    seed = (await _form(request)).get("seed", "demo")
    if seed in SEEDS:
        request.app.state.sandbox.reset(seed)
    return _back()


def _shown(sandbox: Sandbox, problem: str, status: int = 200) -> Response:
    return page(
        "Clock and faults",
        tag("h1", "Clock and faults"),
        tag("p", problem, role="alert", class_="bad") if problem else tag("span"),
        _clock(sandbox),
        _faults(sandbox),
        _reset(),
        here=HERE,
        status=status,
    )


def _clock(sandbox: Sandbox) -> Markup:
    buttons = [tag("button", f"Forward {name}", name="seconds", value=seconds) for name, seconds in JUMPS]
    return tag(
        "section",
        tag("h2", "Clock"),
        tag("p", "It is ", moment(sandbox.world.clock.now()), " here. Tokens, limits and keys follow this clock."),
        tag("form", tag("div", buttons, class_="actions"), method="post", action=f"{HERE}/clock"),
        class_="sheet",
    )


def _faults(sandbox: Sandbox) -> Markup:
    rows: list[list[Child]] = [
        [one.route, one.then, "until deleted" if one.times is None else str(one.times), str(one.met)]
        for one in sandbox.faults.all()
    ]
    return tag(
        "section",
        tag("h2", "Faults"),
        table("Waiting to happen", ("Call", "Then", "Times left", "Met"), rows),
        tag(
            "form",
            tag("label", "When this is called", for_="route"),
            tag("select", [tag("option", one) for one in ROUTES], name="route", id="route"),
            tag("label", "Then", for_="then"),
            tag("select", [tag("option", one) for one in KINDS], name="then", id="then"),
            tag("label", "How many times", for_="times"),
            tag("input", type="number", name="times", id="times", value=1, min=1, max=999_999),
            tag("div", tag("button", "Add the fault", class_="primary"), class_="actions"),
            method="post",
            action=f"{HERE}/faults",
        ),
        tag(
            "form",
            tag("div", tag("button", "Clear all faults"), class_="actions"),
            method="post",
            action=f"{HERE}/clear",
        ),
        tag(
            "details",
            tag("summary", "What each does"),
            tag("dl", [(tag("dt", name), tag("dd", text)) for name, text in KINDS.items()], class_="facts"),
        ),
        class_="sheet",
    )


def _reset() -> Markup:
    return tag(
        "section",
        tag("h2", "Start again"),
        tag("p", "Everything written so far is lost, connections and tokens too."),
        tag(
            "form",
            tag("label", "World", for_="seed"),
            tag("select", [tag("option", one) for one in SEEDS], name="seed", id="seed"),
            tag("div", tag("button", "Throw all away and start again"), class_="actions"),
            method="post",
            action=f"{HERE}/reset",
        ),
        class_="sheet",
    )


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body())[:10_000].decode("utf-8", "replace")))


def _back() -> Response:
    return RedirectResponse(HERE, 303)
