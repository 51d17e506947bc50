"""What the identity service remembers: apps, people, consents, tokens and connections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AppKind(StrEnum):
    WEB = "web"  # authorization code with a secret
    PKCE = "pkce"  # authorization code with a verifier, no secret is issued
    CUSTOM = "custom"  # client credentials, one organisation


class Tier(StrEnum):
    STARTER = "starter"
    CORE = "core"
    PLUS = "plus"
    ADVANCED = "advanced"
    ENTERPRISE = "enterprise"


@dataclass(slots=True)
class App:
    """An app registered at the developer portal."""

    client_id: str
    client_secret: str  # empty for a PKCE app
    name: str
    kind: AppKind = AppKind.WEB
    redirect_uris: list[str] = field(default_factory=list)  # "http://localhost:*" is all of localhost
    tier: Tier = Tier.STARTER
    certified: bool = False
    bulk_connections: bool = False  # may connect several organisations in one flow
    granular_only: bool = True  # created since 2 March 2026
    custom_tenant_id: str = ""  # the one organisation of a custom connection ...
    custom_scopes: list[str] = field(default_factory=list)  # ... and what it may do there


@dataclass(slots=True)
class Person:
    """Somebody who can sign in, and what they may do in each organisation."""

    user_id: str
    email: str
    given_name: str
    family_name: str
    about: str  # one line for the sign-in page
    roles: dict[str, str] = field(default_factory=dict)  # tenant id -> OrganisationRole

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(slots=True)
class Flow:
    """An authorisation in progress in one browser, between the request and the answer."""

    id: str
    browser: str  # the cookie of the browser that started it
    client_id: str
    redirect_uri: str
    scopes: list[str]
    state: str | None
    nonce: str | None
    code_challenge: str | None
    many: bool  # several organisations may be chosen
    started_at: datetime
    user_id: str = ""  # empty until somebody signed in
    signed_in_at: datetime | None = None


@dataclass(slots=True)
class Consent:
    """One click on Allow access; its tokens reach every connection of this person to this app."""

    id: str  # the authentication event, as in the token's claim
    client_id: str
    user_id: str
    scopes: list[str]
    session_id: str
    signed_in_at: datetime
    revoked_at: datetime | None = None


@dataclass(slots=True)
class Code:
    code: str
    consent_id: str
    redirect_uri: str
    code_challenge: str | None
    nonce: str | None
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(slots=True)
class AccessToken:
    token: str
    client_id: str
    user_id: str
    consent_id: str
    scopes: list[str]
    issued_at: datetime
    expires_at: datetime


@dataclass(slots=True)
class RefreshToken:
    token: str
    consent_id: str
    issued_at: datetime
    expires_at: datetime
    retired_at: datetime | None = None  # since when a newer one exists
    answer: dict[str, str | int] = field(default_factory=dict)  # what its first use was answered with


@dataclass(slots=True)
class Connection:
    """An organisation that one person connected to one app."""

    id: str
    client_id: str
    user_id: str
    tenant_id: str
    tenant_name: str
    tenant_type: str
    auth_event_id: str
    created_at: datetime
    updated_at: datetime
    disconnected_at: datetime | None = None  # kept, so that a reconnection keeps its creation date

    @property
    def key(self) -> str:
        return connection_key(self.client_id, self.user_id, self.tenant_id)


def connection_key(client_id: str, user_id: str, tenant_id: str) -> str:
    """Return what every accounting call looks up; JSON allows no tuple as a key."""
    return f"{client_id} {user_id} {tenant_id}"


@dataclass(slots=True)
class IdentityState:
    apps: dict[str, App] = field(default_factory=dict)  # by client id
    people: dict[str, Person] = field(default_factory=dict)  # by user id
    flows: dict[str, Flow] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)  # by Connection.key
    signing_key_pem: str = ""  # made on first use
