"""What was asked and answered, newest first, with secrets masked."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.control.log import Exchange, mask_body, mask_headers, mask_text
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import facts, link, moment, number, table
from xero_sandbox.problems import not_found
from xero_sandbox.sandbox import Sandbox

SHOWN = 300
FAILED = 400


async def show_log(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    newest = list(reversed(sandbox.log.exchanges()))[:SHOWN]
    heads = ("When", "Call", "Answer", "Fault", "#Milliseconds")
    intro = tag("p", "Tokens, codes and client secrets are masked.", class_="quiet")
    listed = table("Newest first", heads, _rows(newest))
    return page("Requests", tag("h1", "Requests"), intro, listed, here="/_sandbox/log")


async def show_exchange(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    one = sandbox.log.numbered(request.path_params["number"])
    if one is None:
        raise not_found()
    title = f"{one.method} {one.path}"
    return page(
        title,
        tag("p", link("/_sandbox/log", "← Requests")),
        tag("h1", title),
        tag(
            "section",
            facts(
                [
                    ("When", moment(one.at)),
                    ("Answer", _status(one)),
                    ("Query", tag("code", mask_text(one.query)) if one.query else ""),
                    ("Fault", one.fault),
                    ("Milliseconds", f"{one.milliseconds:.1f}"),
                ]
            ),
            class_="sheet",
        ),
        tag("h2", "Asked"),
        _headers(one.request_headers),
        _body(one.request_body),
        tag("h2", "Answered"),
        _headers(one.reply_headers),
        _body(one.reply_body),
    )


def _rows(exchanges: list[Exchange]) -> list[list[Child]]:
    return [
        [
            moment(one.at),
            link(f"/_sandbox/log/{one.number}", f"{one.method} {one.path}"),
            _status(one),
            one.fault,
            number(f"{one.milliseconds:.1f}"),
        ]
        for one in exchanges
    ]


def _status(one: Exchange) -> Markup:
    if one.status is None:
        return tag("span", "✕ connection cut", class_="badge bad")
    good = one.status < FAILED
    return tag("span", f"{'✓' if good else '✕'} {one.status}", class_=f"badge {'good' if good else 'bad'}")


def _headers(headers: list[tuple[str, str]]) -> Markup:
    text = "\n".join(f"{name}: {value}" for name, value in mask_headers(headers).items())
    return tag("details", tag("summary", f"{len(headers)} headers"), tag("pre", text))


def _body(body: bytes) -> Markup:
    if not body:
        return tag("p", "No body.", class_="quiet")
    return tag("pre", _pretty(mask_body(body)), tabindex=0)


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
