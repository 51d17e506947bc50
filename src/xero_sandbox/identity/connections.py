"""Connections: which organisation a person joined to which app, and how many an app may have."""

import uuid
from datetime import datetime

from xero_sandbox.identity.state import App, Connection, IdentityState, Tier, connection_key
from xero_sandbox.records.organisation import Organisation

# Reference 2.5: in force since 2 March 2026; None has no ceiling.
CEILING: dict[Tier, int | None] = {
    Tier.STARTER: 5,
    Tier.CORE: 50,
    Tier.PLUS: 1_000,
    Tier.ADVANCED: 10_000,
    Tier.ENTERPRISE: None,
}
UNCERTIFIED_APPS_MAX = 2


class NotConnectable(Exception):
    """These organisations can't be connected to this app; the message says why and what to do."""


def live_connections(state: IdentityState, *, client_id: str, user_id: str | None = None) -> list[Connection]:
    """Return the connections of an app, of one person or of everybody, oldest first."""
    return sorted(
        (
            known
            for known in state.connections.values()
            if known.client_id == client_id and known.disconnected_at is None and user_id in (None, known.user_id)
        ),
        key=lambda known: (known.created_at, known.id),
    )


def live_connection(state: IdentityState, *, client_id: str, user_id: str, tenant_id: str) -> Connection | None:
    known = state.connections.get(connection_key(client_id, user_id, tenant_id))
    return known if known is not None and known.disconnected_at is None else None


def check_connectable(state: IdentityState, apps: dict[str, App], app: App, organisations: list[Organisation]) -> None:
    """Raise NotConnectable when the app's ceiling or an organisation's own rule is in the way."""
    connected = {known.tenant_id for known in live_connections(state, client_id=app.client_id)}
    wanted = connected | {one.organisation_id for one in organisations}
    ceiling = CEILING[app.tier]
    if ceiling is not None and len(wanted) > max(ceiling, len(connected)):
        raise NotConnectable(
            f"{app.name} may have {ceiling} connections and has {len(connected)} of them. "
            "Nothing was connected. Disconnect an organisation first, or move the app to a higher tier."
        )
    for organisation in organisations:
        if organisation.organisation_id not in connected and _is_full(state, apps, app, organisation):
            raise NotConnectable(
                f"{organisation.name} already uses {UNCERTIFIED_APPS_MAX} uncertified apps, the most it may. "
                "Nothing was connected. Disconnect one of them first."
            )


def connect(
    state: IdentityState, *, client_id: str, user_id: str, to: Organisation, auth_event_id: str, now: datetime
) -> Connection:
    """Join an organisation. A live connection keeps its first authentication event, an ended one resumes."""
    known = state.connections.get(connection_key(client_id, user_id, to.organisation_id))
    if known is None:
        known = Connection(
            id=str(uuid.uuid4()),
            client_id=client_id,
            user_id=user_id,
            tenant_id=to.organisation_id,
            tenant_name=to.name,
            tenant_type="ORGANISATION",
            auth_event_id=auth_event_id,
            created_at=now,
            updated_at=now,
        )
        state.connections[known.key] = known
        return known
    if known.disconnected_at is not None:
        known.auth_event_id = auth_event_id
    known.disconnected_at = None
    known.updated_at = now
    return known


def disconnect(state: IdentityState, connection_id: str, *, client_id: str, user_id: str, now: datetime) -> bool:
    """End one connection; answer False when this person and app have no such connection."""
    for known in live_connections(state, client_id=client_id, user_id=user_id):
        if known.id == connection_id:
            known.disconnected_at = now
            return True
    return False


def disconnect_all(state: IdentityState, *, client_id: str, user_id: str, now: datetime) -> None:
    for known in live_connections(state, client_id=client_id, user_id=user_id):
        known.disconnected_at = now


def as_json(connection: Connection, organisation: Organisation | None) -> dict[str, str]:
    """Return the wire form; the name is today's, so that a renamed organisation shows its new one."""
    return {
        "id": connection.id,
        "authEventId": connection.auth_event_id,
        "tenantId": connection.tenant_id,
        "tenantType": connection.tenant_type,
        "tenantName": organisation.name if organisation else connection.tenant_name,
        "createdDateUtc": _timestamp(connection.created_at),
        "updatedDateUtc": _timestamp(connection.updated_at),
    }


def _timestamp(moment: datetime) -> str:
    # Here, and only here, Xero writes ISO without a zone and with seven digits of a second.
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0"


def _is_full(state: IdentityState, apps: dict[str, App], app: App, organisation: Organisation) -> bool:
    """Tell whether an uncertified app would be one too many for this organisation."""
    if app.certified:
        return False
    others = {
        known.client_id
        for known in state.connections.values()
        if known.tenant_id == organisation.organisation_id
        and known.disconnected_at is None
        and known.client_id != app.client_id
    }
    uncertified = [one for one in others if one in apps and not apps[one].certified]
    return len(uncertified) >= UNCERTIFIED_APPS_MAX
