"""Proof Key for Code Exchange, as Xero takes it: S256 only."""

import base64
import hashlib
import hmac
import re

_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def is_well_formed(text: str) -> bool:
    """Tell whether a verifier or a challenge has 43 to 128 characters that need no encoding."""
    return _UNRESERVED.fullmatch(text) is not None


def challenge_for(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def proves(verifier: str | None, challenge: str | None) -> bool:
    """Tell whether the exchange shows what the authorisation asked for, no more and no less."""
    if challenge is None or verifier is None:
        return challenge is None and verifier is None
    return is_well_formed(verifier) and hmac.compare_digest(challenge_for(verifier), challenge)
