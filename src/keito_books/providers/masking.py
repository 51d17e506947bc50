"""Take secrets out of what we keep or show."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
KEPT_CHARACTERS = 64 * 1024

_NAMES = r"access_token|refresh_token|id_token|client_secret|code_verifier"
# One of these stands in whatever the expressions find; a batch of fifty documents has none, and is long.
_WORDS = ("token", "secret", "verifier", "bearer", "basic")
_IN_JSON = re.compile(rf'("(?:{_NAMES})"\s*:\s*)"[^"]*"', re.IGNORECASE)
_IN_FORM = re.compile(rf"\b({_NAMES})=[^&\s\"]+", re.IGNORECASE)
_IN_HEADER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without the given secrets and without anything that looks like a token."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    lowered = text.lower()
    if not any(word in lowered for word in _WORDS):
        return text
    text = _IN_JSON.sub(rf'\1"{HIDDEN}"', text)
    text = _IN_FORM.sub(rf"\1={HIDDEN}", text)
    return _IN_HEADER.sub(rf"\1 {HIDDEN}", text)


def kept_body(body: bytes, secrets: Iterable[str] = ()) -> str:
    """Return a body as evidence: masked, and cut at 64 KiB."""
    text = masked(body[: 2 * KEPT_CHARACTERS].decode("utf-8", "replace").replace("\x00", "\ufffd"), secrets)
    return text if len(text) <= KEPT_CHARACTERS else text[:KEPT_CHARACTERS] + "…"
