"""Clock, readings and reset, for a person: forms that work without script."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xero_sandbox.clock import Clock
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.fault_forms import fault_problem, faults_section, read_form
from xero_sandbox.pages.forms import alert, button_form, form_of
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import moment, sign, table
from xero_sandbox.readings import READINGS
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.seeds import SEEDS

HERE = "/_sandbox/controls"
JUMPS = (("1 minute", 60), ("6 minutes", 360), ("1 hour", 3_600), ("1 day", 86_400), ("61 days", 5_270_400))
OUT_OF_RANGE = "The clock cannot go there: its years are 2000 to 2900."


async def show_controls(request: Request) -> Response:
    return shown(request.app.state.sandbox, "")


async def move_clock(request: Request) -> Response:
    asked = await form_of(request)
    clock: Clock = request.app.state.sandbox.world.clock
    try:
        if asked.get("to"):
            clock.set(datetime.fromisoformat(asked["to"]).replace(tzinfo=UTC))
        elif asked.get("hold") == "freeze":
            clock.freeze()
        elif asked.get("hold") == "release":
            clock.release()
        else:
            clock.advance(int(asked.get("seconds", "")))
    except (ValueError, OverflowError):
        return shown(request.app.state.sandbox, OUT_OF_RANGE, 400)
    return back()


async def add_fault(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    problem = fault_problem(sandbox.faults, await read_form(request))
    return shown(sandbox, problem, 400) if problem else back()


async def clear_faults(request: Request) -> Response:
    request.app.state.sandbox.faults.clear()
    return back()


async def turn_reading(request: Request) -> Response:
    readings = request.app.state.sandbox.world.readings
    name = (await form_of(request)).get("name", "")
    if name not in READINGS:
        return shown(request.app.state.sandbox, "There is no such reading.", 400)
    setattr(readings, name, not getattr(readings, name))
    return back()


async def start_again(request: Request) -> Response:
    seed = (await form_of(request)).get("seed", "demo")
    if seed in SEEDS:
        request.app.state.sandbox.reset(seed)
    return back()


def shown(sandbox: Sandbox, problem: str, status: int = 200) -> Response:
    return page(
        "Clock and faults",
        tag("h1", "Clock and faults"),
        alert(problem),
        _clock(sandbox.world.clock),
        faults_section(sandbox.faults, HERE),
        _readings(asdict(sandbox.world.readings)),
        _reset(sandbox.world.seed),
        here=HERE,
        status=status,
    )


def back() -> Response:
    return RedirectResponse(HERE, 303)


def _clock(clock: Clock) -> Markup:
    buttons = [tag("button", f"Forward {name}", name="seconds", value=seconds) for name, seconds in JUMPS]
    stands = clock.frozen_at is not None
    hold = ("release", "Let it run") if stands else ("freeze", "Make it stand still")
    return tag(
        "section",
        tag("h2", "Clock"),
        tag(
            "p",
            "It is ",
            moment(clock.now()),
            " here, and it stands still." if stands else " here.",
            " Tokens, limits, keys and webhooks follow this clock.",
        ),
        tag("form", tag("div", buttons, class_="actions"), method="post", action=f"{HERE}/clock"),
        tag(
            "form",
            tag("label", "Go to, in UTC", for_="to"),
            tag(
                "div",
                tag("input", type="datetime-local", name="to", id="to", step=1),
                tag("button", "Go there"),
                tag("button", hold[1], name="hold", value=hold[0]),
                class_="search",
            ),
            method="post",
            action=f"{HERE}/clock",
        ),
        class_="sheet",
    )


def _readings(states: dict[str, bool]) -> Markup:
    rows: list[list[Child]] = [
        [
            (READINGS[name], tag("br"), tag("code", name, class_="quiet")),
            sign("On", "good", "●") if on else sign("Off", "wait", "○"),
            button_form(f"{HERE}/reading", "Switch off" if on else "Switch on", {"name": name}),
        ]
        for name, on in states.items()
    ]
    return tag(
        "section",
        tag("h2", "Readings"),
        tag("p", "Where sources disagree, or nobody has written down what Xero does.", class_="quiet"),
        tag(
            "details",
            tag("summary", f"{len(rows)} switches"),
            table("Readings", ("When it is on", "State", "Switch"), rows),
        ),
        class_="sheet",
    )


def _reset(seed: str) -> Markup:
    return tag(
        "section",
        tag("h2", "Start again"),
        tag("p", "Everything written so far is lost, connections and tokens too."),
        tag(
            "form",
            tag("label", "World", for_="seed"),
            tag("select", [tag("option", one, selected=one == seed) for one in SEEDS], name="seed", id="seed"),
            tag("div", tag("button", "Throw all away and start again"), class_="actions"),
            method="post",
            action=f"{HERE}/reset",
        ),
        class_="sheet",
    )
