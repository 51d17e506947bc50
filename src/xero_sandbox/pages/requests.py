"""What was asked and answered, newest first, with secrets masked."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.control.log import Exchange, mask_body, mask_headers, mask_text
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.forms import search_form
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.matching import Search
from xero_sandbox.pages.parts import facts, link, moment, table_of_pairs
from xero_sandbox.problems import not_found
from xero_sandbox.sandbox import Sandbox

SHOWN = 300
FAILED = 400


async def show_log(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    asked = request.query_params.get("q", "").strip()
    found = [one for one in reversed(sandbox.log.exchanges()) if _fits(Search(asked), one)]
    heads = ("When", "Call", "Organisation", "Answer", "Fault", "#Milliseconds")
    return page(
        "Requests",
        tag("h1", "Requests"),
        tag("p", "Tokens, codes and client secrets are masked.", class_="quiet"),
        search_form(asked, "Search paths, statuses, faults and bodies"),
        table_of_pairs(f"Newest first ({len(found):,})", heads, [(row, None) for row in _rows(sandbox, found[:SHOWN])]),
        here="/_sandbox/log",
    )


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
                    ("Organisation", _organisation(sandbox, one)),
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


def _fits(search: Search, one: Exchange) -> bool:
    """Look at what is shown, so that nobody finds a secret by its letters."""
    return search.is_empty or search.fits(
        one.method,
        one.path,
        mask_text(one.query),
        one.status or "cut",
        one.fault,
        mask_body(one.request_body),
        mask_body(one.reply_body),
    )


def _organisation(sandbox: Sandbox, one: Exchange) -> str:
    asked = next((value for name, value in one.request_headers if name.lower() == "xero-tenant-id"), "")
    known = sandbox.world.organisations.get(asked.strip().lower())
    return known.name if known else asked


def _rows(sandbox: Sandbox, exchanges: list[Exchange]) -> list[list[Child]]:
    return [
        [
            moment(one.at),
            (link(f"/_sandbox/log/{one.number}", f"{one.method} {one.path}"), _query(one)),
            _organisation(sandbox, one),
            _status(one),
            one.fault,
            f"{one.milliseconds:.1f}",
        ]
        for one in exchanges
    ]


def _query(one: Exchange) -> Markup:
    return tag("span", f" ?{mask_text(one.query)}", class_="quiet") if one.query else Markup("")


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
