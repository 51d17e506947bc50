"""Say yes to an app: the consent with its connections, in a browser or without one."""

import uuid
from datetime import datetime

from xero_sandbox.identity import scopes as scope_rules
from xero_sandbox.identity.connections import check_connectable, connect, disconnect_all
from xero_sandbox.identity.state import App, AppKind, Consent, Person
from xero_sandbox.identity.tokens import Issuing, issue_tokens, revoke
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.world import World

DEFAULT_ISSUER = "http://localhost:9400"
DEFAULT_SCOPES = (
    "openid profile email offline_access accounting.invoices accounting.payments accounting.contacts "
    "accounting.settings.read"
)


class CannotGrant(ValueError):
    """The grant that was asked for can't be made; the sentence says why."""


def allow(
    world: World,
    app: App,
    user: Person,
    organisations: list[Organisation],
    scopes: list[str],
    *,
    signed_in_at: datetime,
    now: datetime,
) -> Consent:
    """Record a click on Allow access; raises NotConnectable."""
    state = world.identity
    check_connectable(state, world.identity.apps, app, organisations)
    consent = Consent(
        id=str(uuid.uuid4()),
        client_id=app.client_id,
        user_id=user.user_id,
        scopes=scope_rules.add(_allowed_before(world, app, user), scopes),
        session_id=uuid.uuid4().hex,
        signed_in_at=signed_in_at,
    )
    state.consents[consent.id] = consent
    for organisation in organisations:
        connect(
            state,
            client_id=app.client_id,
            user_id=user.user_id,
            to=organisation,
            auth_event_id=consent.id,
            now=now,
        )
    return consent


def withdraw(world: World, consent: Consent, *, now: datetime) -> None:
    """Revoke the grant and drop every connection that this person made to the app."""
    revoke(world.identity, consent, now=now)
    disconnect_all(world.identity, client_id=consent.client_id, user_id=consent.user_id, now=now)


def grant_without_browser(
    world: World,
    organisations: list[str] | None = None,
    scopes: str | None = None,
    *,
    client_id: str | None = None,
    email: str | None = None,
    issuer: str = DEFAULT_ISSUER,
) -> dict[str, object]:
    """Consent for the control door: tokens, tenant ids and the client; raises CannotGrant, NotConnectable."""
    now = world.clock.now()
    app = _app(world, client_id)
    chosen = _organisations(world, organisations)
    user = _user(world, chosen, email)
    if chosen is None:
        chosen = [world.organisations[one] for one in user.roles if one in world.organisations]
    wanted = scope_rules.parse(DEFAULT_SCOPES if scopes is None else scopes)
    if refused := scope_rules.unknown(wanted) or scope_rules.too_broad(
        wanted, granular_only=app.granular_only, now=now
    ):
        raise CannotGrant(f"{app.name} may not ask for {', '.join(refused)}.")
    consent = allow(world, app, user, chosen, wanted, signed_in_at=now, now=now)
    tokens = issue_tokens(world.identity, consent, Issuing(issuer, user), now=now)
    return {
        **tokens,
        "tenant_ids": [one.organisation_id for one in chosen],
        "client_id": app.client_id,
        "client_secret": app.client_secret,
    }


def _allowed_before(world: World, app: App, user: Person) -> list[str]:
    earlier = [
        scope
        for consent in world.identity.consents.values()
        if (consent.client_id, consent.user_id) == (app.client_id, user.user_id) and consent.revoked_at is None
        for scope in consent.scopes
    ]
    return list(dict.fromkeys(earlier))


def _app(world: World, client_id: str | None) -> App:
    for app in world.identity.apps.values():
        if app.kind is not AppKind.CUSTOM and client_id in (None, app.client_id):
            return app
    raise CannotGrant("There is no such app that people consent to.")


def _organisations(world: World, names: list[str] | None) -> list[Organisation] | None:
    if names is None:
        return None
    found = []
    for name in names:
        organisation = world.organisation_named(name)
        if organisation is None:
            raise CannotGrant(f"There is no organisation named {name}.")
        found.append(organisation)
    return found


def _user(world: World, organisations: list[Organisation] | None, email: str | None) -> Person:
    needed = {one.organisation_id for one in organisations or ()}
    for user in world.identity.people.values():
        if email in (None, user.email) and needed <= user.roles.keys():
            return user
    raise CannotGrant("No user of the sandbox belongs to all of these organisations.")
