"""Read an authorisation request: what Xero accepts, and its refusals, which never redirect."""

import re
from dataclasses import dataclass
from datetime import datetime

from xero_sandbox.identity import pkce, scopes
from xero_sandbox.identity.state import App, AppKind

ANY_LOCALHOST = "http://localhost:*"  # Xero knows no such entry; it spares the demo a registration
# The whole address is matched, so that no user name, port trick or fragment can point elsewhere.
_LOCALHOST = re.compile(r"http://localhost(:[0-9]{1,5})?(/[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*)?(\?[^#\s\\]*)?")


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    app: App
    redirect_uri: str
    scopes: list[str]
    state: str | None
    nonce: str | None
    code_challenge: str | None
    many: bool  # may this flow connect several organisations


@dataclass(slots=True)
class AuthorizeRefused(Exception):
    """The request is refused on a page of its own: `error` for the developer, the sentences for people."""

    error: str
    what: str
    remedy: str


def read_authorize_request(pairs: list[tuple[str, str]], apps: dict[str, App], *, now: datetime) -> AuthorizeRequest:
    """Return what is asked for; raises AuthorizeRefused."""
    query = _once_each(pairs)
    app = _app(query.get("client_id", ""), apps)
    redirect_uri = query.get("redirect_uri", "")
    if not redirect_is_registered(app, redirect_uri):
        raise AuthorizeRefused(
            "invalid_redirect_uri",
            f"{app.name} asked to return to {redirect_uri or 'no address'}, which is not registered for it.",
            "Register exactly this redirect address for the app; every character counts, the last slash too.",
        )
    if query.get("response_type") != "code":
        raise AuthorizeRefused(
            "unsupported_response_type",
            f"response_type is {query.get('response_type') or 'missing'}.",
            "Send response_type=code.",
        )
    return AuthorizeRequest(
        app=app,
        redirect_uri=redirect_uri,
        scopes=_scopes(app, query.get("scope", ""), now=now),
        state=query.get("state"),
        nonce=query.get("nonce"),
        code_challenge=_challenge(app, query),
        many=app.bulk_connections and "bulk_connect:false" not in query.get("acr_values", "").split(),
    )


def redirect_is_registered(app: App, redirect_uri: str) -> bool:
    """Compare byte for byte; the demo app also has every path of localhost on every port."""
    if ANY_LOCALHOST in app.redirect_uris and _LOCALHOST.fullmatch(redirect_uri):
        return True
    return redirect_uri in app.redirect_uris and redirect_uri != ANY_LOCALHOST


def _once_each(pairs: list[tuple[str, str]]) -> dict[str, str]:
    query = dict(pairs)
    if len(query) < len(pairs):
        raise AuthorizeRefused("invalid_request", "A parameter is there more than once.", "Send each parameter once.")
    return query


def _app(client_id: str, apps: dict[str, App]) -> App:
    app = apps.get(client_id)
    if app is None or app.kind is AppKind.CUSTOM:
        raise AuthorizeRefused(
            "unauthorized_client",
            f"There is no app with the client id {client_id}." if client_id else "The client id is missing.",
            "Check the client id against the app's page; a custom connection has no sign-in.",
        )
    return app


def _scopes(app: App, text: str, *, now: datetime) -> list[str]:
    wanted = scopes.parse(text)
    if not wanted:
        raise AuthorizeRefused("invalid_scope", "No scope was asked for.", "Send at least one scope.")
    if strange := scopes.unknown(wanted):
        raise AuthorizeRefused(
            "invalid_scope",
            f"There is no scope named {' or '.join(strange)}.",
            "Check the spelling; scopes are separated by single blanks.",
        )
    if broad := scopes.too_broad(wanted, granular_only=app.granular_only, now=now):
        instead = sorted({finer for scope in broad for finer in scopes.BROAD[scope]})
        raise AuthorizeRefused(
            "unauthorized_client",
            f"Invalid scope for client: {app.name} may not ask for {' or '.join(broad)}.",
            f"Apps made since March 2026 use granular scopes. Ask for those you need of: {', '.join(instead)}.",
        )
    return wanted


def _challenge(app: App, query: dict[str, str]) -> str | None:
    challenge = query.get("code_challenge")
    if challenge is None:
        if app.kind is AppKind.PKCE:
            raise AuthorizeRefused(
                "invalid_request",
                f"{app.name} has no secret and sent no code_challenge.",
                "Send code_challenge with code_challenge_method=S256.",
            )
        return None
    if query.get("code_challenge_method") != "S256":
        raise AuthorizeRefused(
            "invalid_request", "The code_challenge_method is not S256.", "Send code_challenge_method=S256."
        )
    if not pkce.is_well_formed(challenge):
        raise AuthorizeRefused(
            "invalid_request",
            "The code_challenge is not well formed.",
            "It is the SHA-256 of the verifier, base64url without padding: 43 to 128 characters.",
        )
    return challenge
