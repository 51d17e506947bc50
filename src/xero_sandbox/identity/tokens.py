"""Issue, rotate and revoke tokens: pure functions of the state and a time."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from xero_sandbox.identity import pkce
from xero_sandbox.identity.signing import at_hash, sign
from xero_sandbox.identity.state import AccessToken, Code, Consent, IdentityState, Person, RefreshToken

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
ID_TOKEN_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=60)  # slides: each refresh starts a new one
REFRESH_GRACE = timedelta(minutes=30)  # how long a retired token may be presented again
# A token that expired long ago still answers TokenExpired; after this it is forgotten and merely unknown.
ACCESS_MEMORY = timedelta(days=90)


class InvalidGrant(Exception):
    """The code or refresh token is wrong, expired, used or revoked; only a new consent helps."""


@dataclass(frozen=True, slots=True)
class Issuing:
    """For whom, and under which address, tokens are made."""

    issuer: str
    user: Person | None  # a custom connection's tokens belong to nobody
    nonce: str | None = None


def issue_code(
    state: IdentityState,
    consent: Consent,
    *,
    redirect_uri: str,
    code_challenge: str | None,
    nonce: str | None,
    now: datetime,
) -> Code:
    code = Code(
        code=secrets.token_urlsafe(32),
        consent_id=consent.id,
        redirect_uri=redirect_uri,
        code_challenge=code_challenge,
        nonce=nonce,
        expires_at=now + CODE_LIFE,
    )
    _forget_oldest(state.codes, now)
    state.codes[code.code] = code
    return code


def redeem_code(
    state: IdentityState, text: str, *, client_id: str, redirect_uri: str, verifier: str | None, now: datetime
) -> Code:
    """Return the code and use it up; a wrong redirect or verifier uses it up as well."""
    code = state.codes.get(text)
    consent = state.consents.get(code.consent_id) if code else None
    if code is None or consent is None or consent.client_id != client_id:
        raise InvalidGrant
    was_used, code.used_at = code.used_at is not None, now
    if was_used or now >= code.expires_at or consent.revoked_at:
        raise InvalidGrant
    if redirect_uri != code.redirect_uri or not pkce.proves(verifier, code.code_challenge):
        raise InvalidGrant
    return code


def live_refresh_token(state: IdentityState, text: str, *, client_id: str, now: datetime) -> RefreshToken:
    """Return the token if it may be presented now: current, or retired within the grace."""
    token = state.refresh_tokens.get(text)
    if token is None or now >= token.expires_at:
        raise InvalidGrant
    consent = state.consents.get(token.consent_id)
    if consent is None or consent.client_id != client_id or consent.revoked_at is not None:
        raise InvalidGrant
    if token.retired_at is not None and now >= token.retired_at + REFRESH_GRACE:
        raise InvalidGrant
    return token


def issue_tokens(state: IdentityState, consent: Consent, issuing: Issuing, *, now: datetime) -> dict[str, str | int]:
    """Answer a new set of tokens; a consent has one current refresh token, earlier ones are retired."""
    access = _issue_access_token(state, consent, issuing, now=now)
    reply: dict[str, str | int] = {
        "access_token": access,
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(consent.scopes),
    }
    if "openid" in consent.scopes and issuing.user is not None:
        reply["id_token"] = sign(state, _id_claims(consent, issuing, issuing.user, access, now=now))
    if "offline_access" in consent.scopes:
        reply["refresh_token"] = _issue_refresh_token(state, consent, now=now)
    return reply


def refresh(
    state: IdentityState, token: RefreshToken, issuing: Issuing, *, same_pair: bool, now: datetime
) -> dict[str, str | int]:
    """Answer a new set of tokens; `same_pair` repeats the first answer to a token that is presented again.

    Xero does not say which of the two it does within the grace (reference 20, question 17).
    """
    successor = state.refresh_tokens.get(str(token.answer.get("refresh_token")))
    if same_pair and successor is not None and successor.retired_at is None:
        seconds_left = int((successor.issued_at + ACCESS_LIFE - now).total_seconds())
        return {**token.answer, "expires_in": seconds_left}
    token.answer = issue_tokens(state, state.consents[token.consent_id], issuing, now=now)
    return token.answer


def revoke(state: IdentityState, consent: Consent, *, now: datetime) -> None:
    """End the grant. Access tokens already out are signed and stay readable until they expire."""
    consent.revoked_at = now
    state.refresh_tokens = {key: token for key, token in state.refresh_tokens.items() if token.consent_id != consent.id}


def _issue_access_token(state: IdentityState, consent: Consent, issuing: Issuing, *, now: datetime) -> str:
    text = sign(state, _access_claims(consent, issuing, now=now))
    _forget_oldest(state.access_tokens, now - ACCESS_MEMORY)
    state.access_tokens[text] = AccessToken(
        token=text,
        client_id=consent.client_id,
        user_id=consent.user_id,
        consent_id=consent.id,
        scopes=list(consent.scopes),
        issued_at=now,
        expires_at=now + ACCESS_LIFE,
    )
    return text


def _issue_refresh_token(state: IdentityState, consent: Consent, *, now: datetime) -> str:
    for token in [known for known in state.refresh_tokens.values() if known.consent_id == consent.id]:
        if token.retired_at is None:
            token.retired_at = now
        elif now >= token.retired_at + REFRESH_GRACE:
            del state.refresh_tokens[token.token]
    text = secrets.token_urlsafe(32)
    state.refresh_tokens[text] = RefreshToken(
        token=text, consent_id=consent.id, issued_at=now, expires_at=now + REFRESH_LIFE
    )
    return text


def _forget_oldest(known: dict[str, Code] | dict[str, AccessToken], until: datetime) -> None:
    """Drop what expired by then; all in one of these live equally long, so the oldest expire first."""
    expired = list(takewhile(lambda key: known[key].expires_at <= until, known))
    for key in expired:
        del known[key]


def _access_claims(consent: Consent, issuing: Issuing, *, now: datetime) -> dict[str, Any]:
    claims = {
        **_common_claims(issuing, now=now, life=ACCESS_LIFE),
        "aud": f"{issuing.issuer}/resources",
        "client_id": consent.client_id,
        "jti": uuid.uuid4().hex.upper(),
        "scope": list(consent.scopes),
    }
    if issuing.user is None:
        return claims
    return {**claims, **_person_claims(consent, issuing.user), "authentication_event_id": consent.id}


def _id_claims(consent: Consent, issuing: Issuing, user: Person, access_token: str, *, now: datetime) -> dict[str, Any]:
    claims = {
        **_common_claims(issuing, now=now, life=ID_TOKEN_LIFE),
        "aud": consent.client_id,
        "at_hash": at_hash(access_token),
        "sid": consent.session_id,
        **_person_claims(consent, user),
    }
    if issuing.nonce is not None:
        claims["nonce"] = issuing.nonce
    if "email" in consent.scopes:
        claims["email"] = user.email
    if "profile" in consent.scopes:
        claims["preferred_username"] = user.email
        claims["given_name"] = user.given_name
        claims["family_name"] = user.family_name
    return claims


def _common_claims(issuing: Issuing, *, now: datetime, life: timedelta) -> dict[str, Any]:
    issued = int(now.timestamp())
    return {"iss": issuing.issuer, "nbf": issued, "iat": issued, "exp": issued + int(life.total_seconds())}


def _person_claims(consent: Consent, user: Person) -> dict[str, Any]:
    return {
        "sub": user.user_id.replace("-", ""),
        "auth_time": int(consent.signed_in_at.timestamp()),
        "idp": "local",
        "xero_userid": user.user_id,
        "global_session_id": consent.session_id,
        "amr": ["pwd"],
    }
