"""GET and PUT /_sandbox/limits: what an app has used, and a way to be near a limit without thousands of calls."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from xero_sandbox.identity.state import App, Tier
from xero_sandbox.limits.egress import set_egress
from xero_sandbox.limits.rates import set_used
from xero_sandbox.limits.standing import connected_callers, standing
from xero_sandbox.sandbox import Sandbox

Count = Annotated[int, Meta(ge=0, le=10**15)]


class CannotSet(ValueError):
    """The limits cannot be set so; the sentence says why."""


class LimitsWanted(msgspec.Struct, forbid_unknown_fields=True):
    client_id: str | None = None  # without it the first app
    tier: Tier | None = None
    organisation: str | None = None  # name or id; without it all that the app is connected to
    minute_used: Count | None = None
    day_used: Count | None = None
    egress_bytes: Count | None = None


async def show_limits(request: Request) -> Response:
    return _shown(request.app.state.sandbox)


async def change_limits(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    try:
        _change(sandbox, msgspec.json.decode(await request.body() or b"{}", type=LimitsWanted))
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        named = "client_id, tier, organisation, minute_used, day_used, egress_bytes"
        return JSONResponse({"error": f"Limits take {named}: {problem}."}, 400)
    except CannotSet as problem:
        return JSONResponse({"error": str(problem)}, 400)
    return _shown(sandbox)


def _change(sandbox: Sandbox, wanted: LimitsWanted) -> None:
    world, now = sandbox.world, sandbox.world.clock.now()
    app = _app(sandbox, wanted.client_id)
    organisation = world.organisation_named(wanted.organisation) if wanted.organisation else None
    if wanted.organisation and organisation is None:
        raise CannotSet(f'There is no organisation "{wanted.organisation}".')
    if wanted.tier is not None:
        app.tier = wanted.tier
    for caller in connected_callers(world, app):
        if organisation is None or caller.tenant_id == organisation.organisation_id:
            set_used(world.limits, caller, now, wanted.minute_used, wanted.day_used)
    if wanted.egress_bytes is not None:
        set_egress(world.limits, app.client_id, wanted.egress_bytes, now)


def _app(sandbox: Sandbox, client_id: str | None) -> App:
    apps = sandbox.world.identity.apps
    app = apps.get(client_id) if client_id else next(iter(apps.values()), None)
    if app is None:
        raise CannotSet(f'There is no app "{client_id}".' if client_id else "There is no app.")
    return app


def _shown(sandbox: Sandbox) -> Response:
    now = sandbox.world.clock.now()
    apps = [asdict(standing(sandbox.world, app, now)) for app in sandbox.world.identity.apps.values()]
    return Response(msgspec.json.encode({"apps": apps}), media_type="application/json")
