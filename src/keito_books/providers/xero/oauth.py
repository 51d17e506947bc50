"""Join and leave Xero: consent, tokens, and the organisations behind a consent."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote

import msgspec

from keito_books.accounting.errors import ProviderError, TokenRejected, TryAgainLater
from keito_books.accounting.port import Authorisation, RemoteConnection, TokenSet
from keito_books.providers.http import Http, Reply, Request
from keito_books.providers.oauth2 import OAuth2, OAuth2Server
from keito_books.providers.retry_after import retry_after
from keito_books.providers.settings import ProviderSettings
from keito_books.providers.xero.hosts import Hosts

# The least that pushing invoices, contacts and payments needs, in the granular form of 2026.
# See docs/providers/xero.md#scopes.
SCOPES = (
    "openid profile email offline_access"
    " accounting.invoices accounting.payments accounting.contacts accounting.settings.read"
)

# Xero does not return it: sixty days from each refresh. See docs/providers/xero.md#tokens.
_REFRESH_LIFETIME = timedelta(days=60)


_REMOVED = frozenset((HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND))


class _Connection(msgspec.Struct, rename="camel"):
    id: str
    tenant_id: str
    tenant_type: str = ""
    tenant_name: str | None = ""
    updated_date_utc: str | None = ""


class _Claims(msgspec.Struct):
    """What we read of an access token.

    The signature is not checked: the token came to us straight from Xero, and what it says only narrows a list that
    Xero itself restricts to this token, or keeps us from revoking too much.
    """

    authentication_event_id: str = ""
    xero_userid: str = ""


class XeroIdentity:
    """Xero's side of the port `Identity`."""

    def __init__(self, http: Http, hosts: Hosts, settings: ProviderSettings) -> None:
        self._http = http
        self._hosts = hosts
        server = OAuth2Server(hosts.authorize, hosts.token, hosts.revocation, SCOPES, _REFRESH_LIFETIME)
        self._oauth = OAuth2(http, server, client_id=settings.client_id, client_secret=settings.client_secret)

    def start(self, *, redirect_uri: str) -> Authorisation:
        return self._oauth.start(redirect_uri=redirect_uri)

    def exchange(self, *, code: str, code_verifier: str, redirect_uri: str, now: datetime) -> TokenSet:
        return _with_account(
            self._oauth.exchange(code=code, code_verifier=code_verifier, redirect_uri=redirect_uri, now=now)
        )

    def refresh(self, *, refresh_token: str, now: datetime) -> TokenSet:
        return _with_account(self._oauth.refresh(refresh_token=refresh_token, now=now))

    def revoke(self, *, refresh_token: str) -> None:
        self._oauth.revoke(refresh_token=refresh_token)

    def connections(self, *, access_token: str, whole_account: bool = False) -> tuple[RemoteConnection, ...]:
        """Return the organisations of this consent, the last touched first.

        An organisation that is joined again keeps the event id of its first consent, so the filtered list can be
        empty: then every organisation that this person ever joined to this app comes back, and a person must choose.
        """
        event_id = _claims(access_token).authentication_event_id
        if event_id and not whole_account:
            found = self._list(f"{self._hosts.connections}?authEventId={quote(event_id, safe='')}", access_token)
            if found:
                return found
        return self._list(self._hosts.connections, access_token)

    def delete_connection(self, *, access_token: str, connection_id: str) -> None:
        """Remove one organisation from the app; one that is already gone counts as removed."""
        url = f"{self._hosts.connections}/{quote(connection_id, safe='')}"
        reply = self._call("DELETE", url, access_token, is_write=True)
        if reply.status not in _REMOVED:
            raise _refusal(reply)

    def _list(self, url: str, access_token: str) -> tuple[RemoteConnection, ...]:
        reply = self._call("GET", url, access_token)
        if reply.status != HTTPStatus.OK:
            raise _refusal(reply)
        try:
            connections = msgspec.json.decode(reply.body, type=list[_Connection])
        except msgspec.MsgspecError as error:
            raise TryAgainLater("The list of organisations could not be read", reason="unreachable") from error
        organisations = [each for each in connections if each.tenant_type == "ORGANISATION"]
        organisations.sort(key=lambda each: each.updated_date_utc or "", reverse=True)
        return tuple(RemoteConnection(each.id, each.tenant_id, each.tenant_name or "") for each in organisations)

    def _call(self, method: str, url: str, access_token: str, *, is_write: bool = False) -> Reply:
        headers = {"Authorization": f"Bearer {access_token}"}
        return self._http.call(Request(method, url, headers, is_write=is_write, secrets=(access_token,)))


def _with_account(tokens: TokenSet) -> TokenSet:
    return replace(tokens, account=_claims(tokens.access_token).xero_userid)


def _claims(access_token: str) -> _Claims:
    """Return what the token says, with nothing in it when it can't be read."""
    try:
        _, text, _ = access_token.split(".")
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=_Claims)
    except (ValueError, msgspec.MsgspecError):
        return _Claims()


def _refusal(reply: Reply) -> ProviderError:
    if reply.status == HTTPStatus.UNAUTHORIZED:
        return TokenRejected("Xero does not accept the access token")
    reason = "limit" if reply.status == HTTPStatus.TOO_MANY_REQUESTS else "unreachable"
    return TryAgainLater(f"Xero answered {reply.status}", reason=reason, retry_after=retry_after(reply))
