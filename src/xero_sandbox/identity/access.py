"""Answer who calls, and whether they may look into the organisation they name."""

from dataclasses import dataclass
from datetime import datetime

from xero_sandbox.identity.connections import live_connection
from xero_sandbox.identity.state import AccessToken, AppKind, Connection
from xero_sandbox.problems import unauthorized
from xero_sandbox.world import World

__all__ = ["Access", "authenticate"]


@dataclass(frozen=True, slots=True)
class Access:
    """A valid bearer token, and the organisation it opens."""

    client_id: str
    user_id: str | None  # None: a custom connection, which acts for no person
    scopes: frozenset[str]
    organisation_id: str | None  # None: the tenant header is missing, wrong, or no longer connected
    connected_at: datetime | None = None  # for Rapid Sync


def authenticate(world: World, authorization: str | None, tenant_id: str | None) -> Access:
    """Return the access of a bearer token; raises Problem (401) when the token is not good.

    A tenant that the token does not open is no error here: scope and limits are checked before it.
    """
    token = bearer_token(world, authorization)
    connection = _connection(world, token, tenant_id)
    return Access(
        client_id=token.client_id,
        user_id=token.user_id or None,
        scopes=frozenset(token.scopes),
        organisation_id=connection.tenant_id if connection else None,
        connected_at=connection.created_at if connection else None,
    )


def bearer_token(world: World, authorization: str | None) -> AccessToken:
    """Return the token that is still good now; raises Problem (401)."""
    scheme, _, text = (authorization or "").partition(" ")
    token = world.identity.access_tokens.get(text.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise unauthorized("AuthenticationUnsuccessful")
    if world.clock.now() >= token.expires_at:
        raise unauthorized(f"TokenExpired: token expired at {token.expires_at:%m/%d/%Y %H:%M:%S}")
    return token


def _connection(world: World, token: AccessToken, tenant_id: str | None) -> Connection | None:
    app = world.identity.apps.get(token.client_id)
    if not tenant_id and app is not None and app.kind is AppKind.CUSTOM:
        tenant_id = app.custom_tenant_id
    if not tenant_id or tenant_id not in world.organisations or not _still_belongs(world, token, tenant_id):
        return None
    return live_connection(world.identity, client_id=token.client_id, user_id=token.user_id, tenant_id=tenant_id)


def _still_belongs(world: World, token: AccessToken, tenant_id: str) -> bool:
    if not token.user_id:
        return True
    user = world.identity.people.get(token.user_id)
    return user is not None and tenant_id in user.roles
