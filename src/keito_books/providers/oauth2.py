"""OAuth 2.0 with PKCE for any provider: what to ask, and what an answer means.

Authlib speaks the protocol; our own `http` carries it, because only that can tell a request which never left us from
one whose reply was lost, and the two need different care when a refresh token rotates.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import msgspec
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7009 import prepare_revoke_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from keito_books.accounting.errors import MustReconnect, OutcomeUnknown, ProviderError, TryAgainLater
from keito_books.accounting.port import Authorisation, TokenSet
from keito_books.providers.http import Http, Reply, Request
from keito_books.providers.retry_after import retry_after

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_STATE_CHARACTERS = 43
_VERIFIER_CHARACTERS = 64

# Our own credentials or our own request are wrong. Nobody's grant has ended, so nobody is asked to reconnect.
_OUR_FAULT = frozenset(("invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_request"))


class _TokenReply(msgspec.Struct):
    access_token: str
    refresh_token: str
    expires_in: int = 1800
    scope: str = ""


class _ErrorReply(msgspec.Struct):
    error: str


@dataclass(frozen=True, slots=True)
class OAuth2Server:
    """Where a provider's OAuth server is, what we ask of it, and how long its refresh tokens live."""

    authorize_url: str
    token_url: str
    revocation_url: str
    scope: str
    refresh_lifetime: timedelta


class OAuth2:
    """A confidential client of one OAuth server."""

    def __init__(self, http: Http, server: OAuth2Server, *, client_id: str, client_secret: str) -> None:
        self._http = http
        self._server = server
        self._client_id = client_id
        self._client_secret = client_secret

    def start(self, *, redirect_uri: str) -> Authorisation:
        state = generate_token(_STATE_CHARACTERS)
        verifier = generate_token(_VERIFIER_CHARACTERS)
        url = prepare_grant_uri(
            self._server.authorize_url,
            client_id=self._client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=self._server.scope,
            state=state,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Authorisation(url=url, state=state, code_verifier=verifier)

    def exchange(self, *, code: str, code_verifier: str, redirect_uri: str, now: datetime) -> TokenSet:
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=code_verifier
        )
        return self._tokens(body, secrets=(code, code_verifier), now=now)

    def refresh(self, *, refresh_token: str, now: datetime) -> TokenSet:
        body = prepare_token_request("refresh_token", refresh_token=refresh_token)
        return self._tokens(body, secrets=(refresh_token,), now=now)

    def revoke(self, *, refresh_token: str) -> None:
        """Withdraw the grant. A token that is already dead counts as withdrawn."""
        body, _ = prepare_revoke_token_request(refresh_token, "refresh_token")
        reply = self._post(self._server.revocation_url, body, secrets=(refresh_token,))
        if reply.status != HTTPStatus.OK and _error_code(reply) != "invalid_grant":
            raise _refusal(reply)

    def _tokens(self, body: str, *, secrets: tuple[str, ...], now: datetime) -> TokenSet:
        reply = self._post(self._server.token_url, body, secrets=secrets)
        if reply.status != HTTPStatus.OK:
            raise _refusal(reply)
        try:
            tokens = msgspec.json.decode(reply.body, type=_TokenReply)
        except msgspec.MsgspecError as error:
            raise OutcomeUnknown("The answer to a token request could not be read") from error
        return TokenSet(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            access_expires_at=now + timedelta(seconds=tokens.expires_in),
            refresh_expires_at=now + self._server.refresh_lifetime,
            scope=tokens.scope,
        )

    def _post(self, url: str, body: str, *, secrets: tuple[str, ...]) -> Reply:
        headers: Mapping[str, str] = {**_FORM, "Authorization": self._basic()}
        hidden = (*secrets, self._client_secret)
        return self._http.call(Request("POST", url, headers, body.encode(), is_write=True, secrets=hidden))

    def _basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self._client_id}:{self._client_secret}".encode()).decode()


def _refusal(reply: Reply) -> ProviderError:
    """Return what a status other than 200 means. A 5xx may have rotated the token already."""
    code = _error_code(reply)
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        return TryAgainLater("Too many token requests", reason="limit", retry_after=retry_after(reply))
    if code in _OUR_FAULT:
        return TryAgainLater(f"This app's own credentials were refused ({code})", reason="settings")
    if code and reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return MustReconnect(f"The grant was refused ({code})", code=code)
    return OutcomeUnknown(f"The token endpoint answered {reply.status}")


def _error_code(reply: Reply) -> str:
    try:
        return msgspec.json.decode(reply.body, type=_ErrorReply).error
    except msgspec.MsgspecError:
        return ""
