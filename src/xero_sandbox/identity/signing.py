"""Signed tokens: the RSA key, its public half for verifiers, and JWTs made with it."""

import base64
import hashlib
from functools import cache, lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization, RSAKey

from xero_sandbox.identity.state import IdentityState

_KEY_BITS = 2048


def signing_key(state: IdentityState) -> RSAKey:
    """Return the key of this world, made on first use and exported with its state."""
    if not state.signing_key_pem:
        state.signing_key_pem = _make_pem()
    return _load(state.signing_key_pem)


def is_readable_key(pem: str) -> bool:
    try:
        return _load(pem).is_private
    except (ValueError, TypeError, JoseError):
        return False


def public_keys(state: IdentityState) -> KeySetSerialization:
    return KeySet([signing_key(state)]).as_dict(private=False)


def sign(state: IdentityState, claims: dict[str, Any]) -> str:
    key = signing_key(state)
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key)


def at_hash(access_token: str) -> str:
    """Return the left half of the token's SHA-256, as OpenID Connect ties the two tokens together."""
    digest = hashlib.sha256(access_token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode("ascii")


# Making a key takes a fifth of a second; a world that is reset may have the same one again.
@cache
def _make_pem() -> str:
    return RSAKey.generate_key(_KEY_BITS).as_pem(private=True).decode("ascii")


# Reading a key costs more than a signature does.
@lru_cache(maxsize=4)
def _load(pem: str) -> RSAKey:
    return RSAKey.import_key(pem, {"use": "sig", "alg": "RS256", "kid": _key_id(pem)})


def _key_id(pem: str) -> str:
    return hashlib.sha256(pem.encode("ascii")).hexdigest()[:40].upper()
