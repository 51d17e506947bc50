"""How much of its limits each app has left, as gauges."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.limits.standing import AppStanding, OrganisationStanding, standing
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import facts, moment
from xero_sandbox.sandbox import Sandbox

HERE = "/_sandbox/usage"


async def show_usage(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    now = sandbox.world.clock.now()
    shown = [_app(standing(sandbox.world, app, now)) for app in sandbox.world.identity.apps.values()]
    intro = tag(
        "p",
        "Calls count per app and organisation, bytes per app and month; what Organisation answers is free.",
        class_="quiet",
    )
    return page("Limits", tag("h1", "Limits"), intro, *(shown or [tag("p", "There is no app.")]), here=HERE)


def gauges_of(sandbox: Sandbox, organisation_id: str) -> Markup:
    """Return the gauges of all apps that are connected to one organisation."""
    now = sandbox.world.clock.now()
    apps = [standing(sandbox.world, app, now) for app in sandbox.world.identity.apps.values()]
    gauges = [
        _gauges(one, f"{app.app}: ") for app in apps for one in app.organisations if one.tenant_id == organisation_id
    ]
    return tag("ul", gauges, class_="plain gauges") if gauges else Markup("")


def _app(one: AppStanding) -> Markup:
    organisations = [
        (tag("h3", row.organisation), tag("ul", _gauges(row, ""), class_="plain gauges")) for row in one.organisations
    ]
    return tag(
        "section",
        tag("h2", one.app),
        facts(
            [
                ("Tier", one.tier),
                ("Connections", f"{one.connections} of {_most(one.connections_limit)}"),
                ("All calls this minute", f"{one.app_minute_used:,} of {one.app_minute_limit:,}"),
                ("Bytes this month", f"{one.egress_bytes:,} of {_most(one.egress_included)}"),
            ]
        ),
        organisations or tag("p", "It is connected to no organisation.", class_="quiet"),
        class_="sheet",
    )


def _gauges(one: OrganisationStanding, before: str) -> list[Child]:
    lasting = [("this minute", one.minute_used, one.minute_limit), ("today", one.day_used, one.day_limit)]
    rows: list[Child] = [_gauge(before, name, most - used, most) for name, used, most in lasting]
    if one.rapid_sync_until:
        rows.append(tag("li", before, "Rapid Sync counts neither until ", moment(one.rapid_sync_until)))
    return rows


def _gauge(before: str, name: str, left: int, most: int) -> Markup:
    label = f"{before}{max(0, left):,} of {most:,} calls left {name}"
    value = max(0, left)
    return tag("li", tag("meter", label, min=0, max=most, value=value, low=most // 5, aria_label=label), f" {label}")


def _most(limit: int | None) -> str:
    return "any number" if limit is None else f"{limit:,}"
