"""Walk through the sandbox's consent over plain HTTP, as a browser and an app's server would."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from xero_sandbox.identity.pkce import challenge_for

REDIRECT_URI = "http://localhost:8000/callback"
SCOPES = "openid profile email offline_access accounting.invoices accounting.contacts"
DEADLINE_SECONDS = 10
_FLOW = re.compile(r'name="flow" value="([^"]+)"')


class Visitor:
    """A person's browser without a screen: keeps cookies, follows nothing by itself."""

    def __init__(self, url: str, client_id: str, redirect_uri: str = REDIRECT_URI) -> None:
        self.http = httpx2.Client(base_url=url, timeout=DEADLINE_SECONDS)
        self.verifier = secrets.token_urlsafe(48)
        self.asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": "a state of the app's own",
            "code_challenge": challenge_for(self.verifier),
            "code_challenge_method": "S256",
        }

    def close(self) -> None:
        self.http.close()

    def open(self, **changes: str | None) -> httpx2.Response:
        """Ask for the authorise page; None leaves a parameter out."""
        asked = {key: value for key, value in {**self.asked, **changes}.items() if value is not None}
        return self.http.get("/identity/connect/authorize", params=asked)

    def sign_in(self, page: httpx2.Response, user_id: str) -> httpx2.Response:
        moved = self.answer(page, user=user_id)
        assert moved.status_code == 303, moved.text
        return self.http.get(moved.headers["location"])

    def answer(self, page: httpx2.Response, **fields: str | list[str]) -> httpx2.Response:
        """Post the page's form with these fields."""
        return self.http.post("/identity/connect/authorize", data={"flow": flow_in(page), **fields})

    def allow(self, page: httpx2.Response, *organisation_ids: str) -> dict[str, str]:
        """Click Allow access; return what the app is told."""
        return told_to_app(self.answer(page, answer="allow", organisation=list(organisation_ids)))

    def walk(self, user_id: str, *organisation_ids: str, **changes: str | None) -> dict[str, str]:
        """Go from the app's link to the way back."""
        return self.allow(self.sign_in(self.open(**changes), user_id), *organisation_ids)


class AppServer:
    """The app's server: exchanges, refreshes and revokes with its own id and secret."""

    def __init__(self, url: str, client_id: str, secret: str | None) -> None:
        self.http = httpx2.Client(base_url=url, timeout=DEADLINE_SECONDS)
        self.own = {} if secret is None else basic(client_id, secret)  # what shows who we are

    def close(self) -> None:
        self.http.close()

    def token(self, **fields: str) -> httpx2.Response:
        return self.http.post("/connect/token", data=fields, headers=self.own)

    def exchange(self, code: str, verifier: str, **changes: str) -> httpx2.Response:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": verifier,
        }
        return self.token(**{**fields, **changes})

    def refresh(self, refresh_token: str) -> httpx2.Response:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def revoke(self, token: str) -> httpx2.Response:
        return self.http.post("/connect/revocation", data={"token": token}, headers=self.own)

    def connections(self, access_token: str, **query: str) -> list[dict[str, Any]]:
        reply = self.http.get("/connections", params=query, headers=bearer(access_token))
        assert reply.status_code == 200, reply.text
        listed: list[dict[str, Any]] = reply.json()
        return listed


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


def bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


def flow_in(page: httpx2.Response) -> str:
    found = _FLOW.search(page.text)
    assert found, page.text
    return unescape(found.group(1))


def told_to_app(reply: httpx2.Response) -> dict[str, str]:
    assert reply.status_code in (302, 303), reply.text
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))
