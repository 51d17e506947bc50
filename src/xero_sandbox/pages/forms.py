"""Forms that work without script: what was sent, what was wrong, and their parts."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from xero_sandbox.html import Markup, tag

FORM_BYTES_MAX = 10_000
NUMBER_LENGTH_MAX = 9


async def form_of(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body())[:FORM_BYTES_MAX].decode("utf-8", "replace")))


def alert(problem: str) -> Markup:
    """Return what was wrong with what was sent; nothing when nothing was."""
    return tag("p", problem, role="alert", class_="alert") if problem else Markup("")


def whole_number(asked: dict[str, str], name: str, otherwise: int) -> int:
    """Return a number of a form, or what stands for an empty or odd one."""
    text = asked.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH_MAX else otherwise


def field(name: str, label: str, *, hint: str = "", **attributes: str | int | None) -> Markup:
    """Return a labelled input; a hint stands below it."""
    hint_id = f"{name}-hint" if hint else None
    return tag(
        "div",
        tag("label", label, for_=name),
        tag("input", name=name, id=name, aria_describedby=hint_id, **({"type": "text"} | attributes)),
        tag("p", hint, id=hint_id, class_="quiet hint") if hint else None,
    )


def choice(name: str, label: str, options: list[str], chosen: str = "") -> Markup:
    listed = [tag("option", one, value=one, selected=one == chosen) for one in options]
    return tag("div", tag("label", label, for_=name), tag("select", listed, name=name, id=name))


def button_form(action: str, text: str, hidden: Mapping[str, str | int]) -> Markup:
    """Return a form that is one button."""
    inputs = [tag("input", type="hidden", name=name, value=value) for name, value in hidden.items()]
    return tag("form", inputs, tag("button", text), method="post", action=action, class_="one-button")


def search_form(asked: str, label: str) -> Markup:
    return tag(
        "form",
        tag("label", label, for_="q"),
        tag(
            "div",
            tag("input", type="search", name="q", id="q", value=asked),
            tag("button", "Search"),
            class_="search",
        ),
        method="get",
        role="search",
    )
