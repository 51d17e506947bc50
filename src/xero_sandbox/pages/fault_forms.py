"""The faults of the control page: what waits to happen, and a form for each thing that can be said of one."""

from __future__ import annotations

from starlette.requests import Request

from xero_sandbox.control.faults import Fault, FaultBook, NotAFault
from xero_sandbox.control.kinds import CLOSE_AFTER_FIRST, KINDS, PROBLEMS
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.forms import choice, field, form_of, whole_number
from xero_sandbox.pages.parts import number, prose, table

ROUTES = (
    "PUT /Invoices",
    "POST /Invoices",
    "GET /Invoices",
    "GET /Invoices/{id}",
    "PUT /Contacts",
    "GET /Contacts",
    "PUT /Payments",
    "POST /Payments/{id}",
    "PUT /CreditNotes",
    "GET /Organisation",
    "POST /connect/token",
    "GET /connections",
    "* /*",
)
NO_PROBLEM = "the usual one"


async def read_form(request: Request) -> dict[str, object]:
    """Return the form as an instruction of the door; what was left empty is left out."""
    asked = await form_of(request)
    then = asked.get("then", "")
    first = whole_number(asked, "first", 1)
    instruction: dict[str, object] = {
        "route": asked.get("route", ""),
        "then": f"{then} {first}" if then == CLOSE_AFTER_FIRST else then,
        "times": None if asked.get("forever") else max(1, whole_number(asked, "times", 1)),
        "skip": whole_number(asked, "skip", 0),
        "seed": whole_number(asked, "seed", 0),
    }
    percent = whole_number(asked, "percent", 100)
    instruction["probability"] = min(percent, 100) / 100
    if asked.get("seconds", "").strip():
        instruction["seconds"] = whole_number(asked, "seconds", 5)
    if asked.get("problem", NO_PROBLEM) != NO_PROBLEM:
        instruction["problem"] = asked["problem"]
    return instruction


def fault_problem(book: FaultBook, instruction: dict[str, object]) -> str:
    """Add a fault; return what was wrong with it, nothing when it waits to happen."""
    try:
        book.add(instruction)
    except NotAFault as problem:
        return str(problem)
    return ""


def faults_section(book: FaultBook, here: str) -> Markup:
    rows: list[list[Child]] = [
        [
            tag("code", one.route),
            one.asked.then,
            _details(one),
            "until deleted" if one.times is None else str(one.times),
            number(str(one.met)),
        ]
        for one in book.all()
    ]
    clear = tag("form", tag("button", "Clear all faults"), method="post", action=f"{here}/clear") if rows else None
    return tag(
        "section",
        tag("h2", "Faults"),
        table("Waiting to happen", ("Call", "Then", "Details", "Times left", "#Met"), rows),
        clear,
        _form(here),
        tag(
            "details",
            tag("summary", "What each does"),
            tag("dl", [(tag("dt", name), tag("dd", prose(text))) for name, text in KINDS.items()], class_="facts"),
        ),
        class_="sheet",
    )


def _details(one: Fault) -> str:
    told = [one.problem] if one.problem else []
    if one.asked.probability < 1:
        told.append(f"{one.asked.probability * 100:g} % of calls, seed {one.asked.seed}")
    if one.skip:
        told.append(f"after {one.skip} calls")
    return ", ".join(told)


def _form(here: str) -> Markup:
    problems = [NO_PROBLEM, *dict.fromkeys(problem for known in PROBLEMS.values() for problem in known)]
    more = tag(
        "details",
        tag("summary", "More: chance, which call, how long, which kind"),
        tag(
            "div",
            field("skip", "Calls to let pass first", type="number", value=0, min=0, max=999_999),
            field("percent", "Chance in percent", type="number", value=100, min=0, max=100),
            field("seed", "Seed of the chance", type="number", value=0, min=0, max=999_999),
            field("seconds", "Seconds, where it takes some", type="number", min=0, max=600, placeholder="5"),
            field("first", "Elements saved before the cut", type="number", value=1, min=0, max=999),
            choice("problem", "Kind of 401, 403, 429 or 503", problems),
            class_="fields",
        ),
        tag("label", tag("input", type="checkbox", name="forever", value="on"), " Until it is deleted"),
    )
    routes = tag("datalist", [tag("option", value=one) for one in ROUTES], id="routes")
    hint = "A method and a path: {id} stands for one part, * for the rest."
    return tag(
        "form",
        tag(
            "div",
            field("route", "When this is called", hint=hint, list="routes", value=ROUTES[0], required=True),
            choice("then", "Then", list(KINDS)),
            field("times", "How many times", type="number", value=1, min=1, max=999_999),
            class_="fields",
        ),
        routes,
        more,
        tag("div", tag("button", "Add the fault", class_="primary"), class_="actions"),
        method="post",
        action=f"{here}/faults",
    )
