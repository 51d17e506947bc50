"""Make short public names for payments."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8


def new_marker() -> str:
    """Return a name such as KP-7F3K9Q2M: one of a million million, easy to read out."""
    return "KP-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
