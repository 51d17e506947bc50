"""Say what is wrong with the keys that protect stored tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from keito_books.connections.vault import keyring

# The id of the key that stands in the settings file for demos and tests, so everybody can know the key itself.
_DEMO_KEY_ID = "demo"


@register()
def token_keys_are_usable(**_: Any) -> list[CheckMessage]:
    if not settings.TOKEN_KEYS:
        return []  # keito_books.E002 says so where it matters
    try:
        ring = keyring()
    except ImproperlyConfigured as problem:
        return [
            Error(
                f"KEITO_TOKEN_KEYS can't be used: {problem}.",
                hint="It reads id:base64 with 32 random bytes, several with commas between; `keito-books new-key` "
                "makes one.",
                id="keito_books.E006",
            )
        ]
    if settings.PRODUCTION and _DEMO_KEY_ID in ring.ids:
        return [
            Error(
                "KEITO_TOKEN_KEYS holds the demo's key, which everybody can read.",
                hint="Make a key of your own with `keito-books new-key`.",
                id="keito_books.E007",
            )
        ]
    return []
