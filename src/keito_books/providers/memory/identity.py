"""The memory provider's side of the port `Identity`: everybody may join."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe

from keito_books.accounting.errors import MustReconnect, TokenRejected
from keito_books.accounting.port import Authorisation, RemoteConnection, TokenSet
from keito_books.providers.memory.books import ORGANISATION

_ACCESS_LIFETIME = timedelta(minutes=30)
_REFRESH_LIFETIME = timedelta(days=60)


class MemoryIdentity:
    """Knows which tokens it gave out. A code is good once; so is a refresh token."""

    def __init__(self) -> None:
        self._codes: set[str] = set()
        self._access: set[str] = set()
        self._refresh: set[str] = set()
        self._is_joined = False

    def start(self, *, redirect_uri: str) -> Authorisation:
        state, code = token_urlsafe(16), token_urlsafe(16)
        self._codes.add(code)
        return Authorisation(f"{redirect_uri}?code={code}&state={state}", state, token_urlsafe(48))

    def exchange(self, *, code: str, code_verifier: str, redirect_uri: str, now: datetime) -> TokenSet:
        del code_verifier, redirect_uri
        if code not in self._codes:
            raise MustReconnect("The code is used or unknown", code="invalid_grant")
        self._codes.discard(code)
        self._is_joined = True
        return self._tokens(now)

    def refresh(self, *, refresh_token: str, now: datetime) -> TokenSet:
        if refresh_token not in self._refresh:
            raise MustReconnect("The refresh token is used or unknown", code="invalid_grant")
        self._refresh.discard(refresh_token)
        return self._tokens(now)

    def revoke(self, *, refresh_token: str) -> None:
        if refresh_token in self._refresh:
            self._refresh.clear()
            self._access.clear()
            self._is_joined = False

    def connections(self, *, access_token: str, whole_account: bool = False) -> tuple[RemoteConnection, ...]:
        del whole_account
        if access_token not in self._access:
            raise TokenRejected("The access token is unknown")
        if not self._is_joined:
            return ()
        return (RemoteConnection("memory-connection", ORGANISATION.id, ORGANISATION.name),)

    def delete_connection(self, *, access_token: str, connection_id: str) -> None:
        del access_token, connection_id
        self._is_joined = False

    def _tokens(self, now: datetime) -> TokenSet:
        access, refresh = token_urlsafe(24), token_urlsafe(24)
        self._access.add(access)
        self._refresh.add(refresh)
        return TokenSet(access, refresh, now + _ACCESS_LIFETIME, now + _REFRESH_LIFETIME, "")
