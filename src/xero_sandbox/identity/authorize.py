"""The authorise pages: sign in, consent, and the way back to the app."""

import re
import secrets
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xero_sandbox.identity import consent_pages
from xero_sandbox.identity.authorize_request import AuthorizeRefused, read_authorize_request
from xero_sandbox.identity.connections import NotConnectable
from xero_sandbox.identity.flows import FlowEnded, finish_flow, flow_of, start_flow
from xero_sandbox.identity.form import NotAForm, read_form, read_pairs
from xero_sandbox.identity.grants import allow
from xero_sandbox.identity.state import Flow
from xero_sandbox.identity.tokens import issue_code
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.world import World

BROWSER_COOKIE = "xero_sandbox_browser"
_BROWSER = re.compile(r"[A-Za-z0-9_\-]{43}")
AUTHORIZE = "/identity/connect/authorize"
CONSENT = "/identity/connect/consent"
SIGN_IN = "/identity/connect/sign-in"


async def show_sign_in(request: Request) -> Response:
    """Check the app's request and ask who is there; a refusal never redirects."""
    world = _world(request)
    try:
        pairs = read_pairs(request.scope["query_string"])
        asked = read_authorize_request(pairs, world.identity.apps, now=world.clock.now())
    except NotAForm:
        return consent_pages.refused_page(TOO_MUCH)
    except AuthorizeRefused as refusal:
        return consent_pages.refused_page(refusal)
    browser = _browser(request) or secrets.token_urlsafe(32)
    flow = start_flow(world.identity, asked, browser=browser, now=world.clock.now())
    reply = consent_pages.sign_in_page(world, flow)
    # Lax: sent when an app's page leads here, kept back from forms that other sites post.
    reply.set_cookie(BROWSER_COOKIE, browser, httponly=True, samesite="lax", path="/identity")
    return reply


async def show_sign_in_again(request: Request) -> Response:
    world = _world(request)
    try:
        flow = _flow(request, request.query_params.get("flow", ""))
    except FlowEnded:
        return consent_pages.ended_page()
    return consent_pages.sign_in_page(world, flow)


async def show_consent(request: Request) -> Response:
    world = _world(request)
    try:
        flow = _flow(request, request.query_params.get("flow", ""))
    except FlowEnded:
        return consent_pages.ended_page()
    if flow.user_id not in world.identity.people:
        return consent_pages.sign_in_page(world, flow)
    return consent_pages.consent_page(world, flow)


async def answer(request: Request) -> Response:
    """Take what was clicked: a person, Allow access, or Cancel."""
    world = _world(request)
    try:
        fields = await read_form(request)
        flow = _flow(request, dict(fields).get("flow", ""))
    except (NotAForm, FlowEnded):
        return consent_pages.ended_page()
    match dict(fields).get("answer", ""):
        case "cancel":
            finish_flow(world.identity, flow)
            return _back_to_app(flow, {"error": "access_denied", "error_description": "The user said no."})
        case "allow" if flow.user_id in world.identity.people:
            return _allow(world, flow, [value for name, value in fields if name == "organisation"])
        case _:
            return _sign_in(world, flow, dict(fields).get("user", ""))


def _sign_in(world: World, flow: Flow, user_id: str) -> Response:
    if user_id not in world.identity.people:
        return consent_pages.sign_in_page(world, flow, problem="Choose one of these people.")
    flow.user_id = user_id
    flow.signed_in_at = world.clock.now()
    return RedirectResponse(f"{CONSENT}?{urlencode({'flow': flow.id})}", 303)


def _allow(world: World, flow: Flow, chosen: list[str]) -> Response:
    organisations = consent_pages.organisations_of(world, world.identity.people[flow.user_id])
    picked = [one for one in organisations if one.organisation_id in chosen]
    if not picked or len(picked) != len(set(chosen)):
        return consent_pages.consent_page(world, flow, problem="Choose an organisation first.")
    if len(picked) > 1 and not flow.many:
        return consent_pages.consent_page(world, flow, problem="Choose one organisation only.")
    try:
        return _back_to_app(flow, _grant(world, flow, picked))
    except NotConnectable as refusal:
        return consent_pages.consent_page(world, flow, problem=str(refusal))


def _grant(world: World, flow: Flow, organisations: list[Organisation]) -> dict[str, str]:
    now = world.clock.now()
    consent = allow(
        world,
        world.identity.apps[flow.client_id],
        world.identity.people[flow.user_id],
        organisations,
        flow.scopes,
        signed_in_at=flow.signed_in_at or now,
        now=now,
    )
    code = issue_code(
        world.identity,
        consent,
        redirect_uri=flow.redirect_uri,
        code_challenge=flow.code_challenge,
        nonce=flow.nonce,
        now=now,
    )
    finish_flow(world.identity, flow)
    return {"code": code.code, "scope": " ".join(flow.scopes), "session_state": consent.session_id}


def _back_to_app(flow: Flow, parameters: dict[str, str]) -> Response:
    if flow.state is not None:
        parameters["state"] = flow.state
    joint = "&" if "?" in flow.redirect_uri else "?"
    return RedirectResponse(flow.redirect_uri + joint + urlencode(parameters), 303)


def _flow(request: Request, flow_id: str) -> Flow:
    world = _world(request)
    return flow_of(world.identity, flow_id, browser=_browser(request), now=world.clock.now())


def _browser(request: Request) -> str | None:
    cookie = request.cookies.get(BROWSER_COOKIE, "")
    return cookie if _BROWSER.fullmatch(cookie) else None


def _world(request: Request) -> World:
    world: World = request.app.state.sandbox.world
    return world


TOO_MUCH = AuthorizeRefused(
    "invalid_request", "The address holds too many parameters.", "Send only the documented ones."
)
