"""Say what is wrong with the settings, with an id and a hint for each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

_SECRET_KEY_LENGTH = 50


@register()
def secrets_are_set(**_: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    problems: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < _SECRET_KEY_LENGTH:
        problems.append(
            Error(
                "KEITO_SECRET_KEY is missing or shorter than 50 characters.",
                hint="Set KEITO_SECRET_KEY or KEITO_SECRET_KEY_FILE to a long random value.",
                id="keito_books.E001",
            )
        )
    if not settings.TOKEN_KEYS:
        problems.append(
            Error(
                "KEITO_TOKEN_KEYS is missing, so tokens can't be stored.",
                hint="Set KEITO_TOKEN_KEYS to id:base64 with 32 random bytes, for example from `keito-books new-key`.",
                id="keito_books.E002",
            )
        )
    return problems


@register()
def xero_is_reachable_in_one_way(**_: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if settings.PRODUCTION and settings.XERO_SANDBOX_URL:
        problems.append(
            Error(
                "XERO_SANDBOX_URL is set in production.",
                hint="Unset XERO_SANDBOX_URL; production talks to Xero itself.",
                id="keito_books.E003",
            )
        )
    if bool(settings.XERO_CLIENT_ID) != bool(settings.XERO_CLIENT_SECRET):
        problems.append(
            Error(
                "Only one of XERO_CLIENT_ID and XERO_CLIENT_SECRET is set.",
                hint="Both are on your app's Configuration page in Xero's developer portal.",
                id="keito_books.E004",
            )
        )
    return problems


@register()
def public_address_suits_oauth(**_: Any) -> list[CheckMessage]:
    if settings.PUBLIC_URL.startswith(("https://", "http://localhost")):
        return []
    return [
        Error(
            f"KEITO_PUBLIC_URL is {settings.PUBLIC_URL}; Xero returns people only to https or http://localhost.",
            hint="Use the https address that people type, or http://localhost:PORT on your own machine.",
            id="keito_books.E005",
        )
    ]
