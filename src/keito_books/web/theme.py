"""Remember in a cookie whether a person wants light, dark, or what their system says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

COOKIE = "theme"
CHOICES = ("light", "dark", "system")
_YEAR_SECONDS = 365 * 24 * 3600


def chosen(request: HttpRequest | None) -> str:
    """Return light or dark, or an empty string for the system's choice."""
    value = request.COOKIES.get(COOKIE, "") if request else ""
    return value if value in ("light", "dark") else ""


def remember(response: HttpResponseBase, choice: str, *, secure: bool) -> None:
    if choice in ("light", "dark"):
        response.set_cookie(COOKIE, choice, max_age=_YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
