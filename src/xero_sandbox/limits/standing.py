"""How much of its limits an app has left: for the door and for the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xero_sandbox.identity.connections import CEILING, live_connections
from xero_sandbox.identity.state import App
from xero_sandbox.limits.egress import INCLUDED, egress
from xero_sandbox.limits.rates import APP_PER_MINUTE, PER_MINUTE, RAPID_SYNC, Caller, calls_a_day, is_rapid, used
from xero_sandbox.world import World


@dataclass(frozen=True, slots=True)
class OrganisationStanding:
    tenant_id: str
    organisation: str
    minute_used: int
    minute_limit: int
    day_used: int
    day_limit: int
    rapid_sync_until: datetime | None  # while it lasts, the minute and the day are not counted


@dataclass(frozen=True, slots=True)
class AppStanding:
    client_id: str
    app: str
    tier: str
    connections: int
    connections_limit: int | None
    app_minute_used: int
    app_minute_limit: int
    egress_bytes: int  # this month
    egress_included: int | None
    organisations: list[OrganisationStanding]


def standing(world: World, app: App, now: datetime) -> AppStanding:
    callers = connected_callers(world, app)
    return AppStanding(
        client_id=app.client_id,
        app=app.name,
        tier=str(app.tier),
        connections=len(callers),
        connections_limit=CEILING[app.tier],
        app_minute_used=used(world.limits, Caller(app.client_id, "", app.tier), now)[2],
        app_minute_limit=APP_PER_MINUTE,
        egress_bytes=egress(world.limits, app.client_id, now),
        egress_included=INCLUDED[app.tier],
        organisations=[_of_one(world, caller, now) for caller in callers],
    )


def connected_callers(world: World, app: App) -> list[Caller]:
    """Return the app with each organisation that it is connected to; the first connection counts for Rapid Sync."""
    found: dict[str, Caller] = {}
    for one in live_connections(world.identity, client_id=app.client_id):
        found.setdefault(one.tenant_id, Caller(app.client_id, one.tenant_id, app.tier, one.created_at))
    return list(found.values())


def _of_one(world: World, caller: Caller, now: datetime) -> OrganisationStanding:
    minute, day, _ = used(world.limits, caller, now)
    organisation = world.organisations.get(caller.tenant_id)
    rapid_until = caller.connected_at + RAPID_SYNC if caller.connected_at and is_rapid(caller, now) else None
    return OrganisationStanding(
        tenant_id=caller.tenant_id,
        organisation=organisation.name if organisation else caller.tenant_id,
        minute_used=minute,
        minute_limit=PER_MINUTE,
        day_used=day,
        day_limit=calls_a_day(caller.tier),
        rapid_sync_until=rapid_until,
    )
