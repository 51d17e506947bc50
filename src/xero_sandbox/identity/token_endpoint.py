"""POST /connect/token and /connect/revocation."""

import uuid

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from xero_sandbox.identity import scopes
from xero_sandbox.identity.clients import InvalidClient, authenticate_client
from xero_sandbox.identity.connections import connect
from xero_sandbox.identity.form import NotAForm, read_form
from xero_sandbox.identity.grants import withdraw
from xero_sandbox.identity.issuer import issuer_of
from xero_sandbox.identity.state import App, AppKind, Consent
from xero_sandbox.identity.tokens import (
    InvalidGrant,
    Issuing,
    issue_tokens,
    live_refresh_token,
    redeem_code,
    refresh,
)
from xero_sandbox.world import World

_UNSTORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenRefused(Exception):
    """The request is refused with this OAuth error and, as at Xero, with nothing else."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


async def answer_token(request: Request) -> Response:
    world: World = request.app.state.sandbox.world
    try:
        app, form = await _client_and_form(request, world)
        return JSONResponse(_tokens(world, app, form, issuer_of(request)), headers=_UNSTORED)
    except TokenRefused as refusal:
        return _refusal(refusal.error)
    except InvalidGrant:
        return _refusal("invalid_grant")


async def answer_revocation(request: Request) -> Response:
    """End the grant and the person's connections; an unknown token is as good as revoked (RFC 7009)."""
    world: World = request.app.state.sandbox.world
    try:
        app, form = await _client_and_form(request, world)
    except TokenRefused as refusal:
        return _refusal(refusal.error)
    if not form.get("token"):
        return _refusal("invalid_request")
    token = world.identity.refresh_tokens.get(form["token"])
    consent = world.identity.consents.get(token.consent_id) if token else None
    if consent is not None and consent.client_id == app.client_id:
        withdraw(world, consent, now=world.clock.now())
    return Response(b"", 200, headers=_UNSTORED)


async def _client_and_form(request: Request, world: World) -> tuple[App, dict[str, str]]:
    try:
        pairs = await read_form(request)
    except NotAForm as problem:
        raise TokenRefused("invalid_request") from problem
    form = dict(pairs)
    if len(form) < len(pairs):
        raise TokenRefused("invalid_request")
    try:
        return authenticate_client(world.identity.apps, request.headers.get("authorization"), form), form
    except InvalidClient as problem:
        raise TokenRefused("invalid_client") from problem


def _tokens(world: World, app: App, form: dict[str, str], issuer: str) -> dict[str, str | int]:
    match form.get("grant_type"):
        case "authorization_code":
            return _by_code(world, app, form, issuer)
        case "refresh_token":
            return _by_refresh_token(world, app, form, issuer)
        case "client_credentials":
            return _by_client_credentials(world, app, form, issuer)
        case _:
            raise TokenRefused("unsupported_grant_type")


def _by_code(world: World, app: App, form: dict[str, str], issuer: str) -> dict[str, str | int]:
    now = world.clock.now()
    code = redeem_code(
        world.identity,
        form.get("code", ""),
        client_id=app.client_id,
        redirect_uri=form.get("redirect_uri", ""),
        verifier=form.get("code_verifier"),
        now=now,
    )
    consent = world.identity.consents[code.consent_id]
    issuing = Issuing(issuer, world.identity.people.get(consent.user_id), code.nonce)
    return issue_tokens(world.identity, consent, issuing, now=now)


def _by_refresh_token(world: World, app: App, form: dict[str, str], issuer: str) -> dict[str, str | int]:
    now = world.clock.now()
    text = form.get("refresh_token", "")
    token = live_refresh_token(world.identity, text, client_id=app.client_id, now=now)
    consent = world.identity.consents[token.consent_id]
    issuing = Issuing(issuer, world.identity.people.get(consent.user_id))
    return refresh(world.identity, token, issuing, same_pair=world.readings.grace_repeats_the_answer, now=now)


def _by_client_credentials(world: World, app: App, form: dict[str, str], issuer: str) -> dict[str, str | int]:
    organisation = world.organisations.get(app.custom_tenant_id)
    if app.kind is not AppKind.CUSTOM or organisation is None:
        raise TokenRefused("unauthorized_client")
    now = world.clock.now()
    offered = app.custom_scopes
    wanted = scopes.parse(form.get("scope", "")) or offered
    if not set(wanted) <= set(offered) or scopes.too_broad(wanted, granular_only=app.granular_only, now=now):
        raise TokenRefused("invalid_scope")
    consent = Consent(
        id=str(uuid.uuid4()),
        client_id=app.client_id,
        user_id="",
        scopes=wanted,
        session_id="",
        signed_in_at=now,
    )
    connect(
        world.identity,
        client_id=app.client_id,
        user_id="",
        to=organisation,
        auth_event_id=consent.id,
        now=now,
    )
    return issue_tokens(world.identity, consent, Issuing(issuer, None), now=now)


def _refusal(error: str) -> Response:
    return JSONResponse({"error": error}, 400, headers=_UNSTORED)
