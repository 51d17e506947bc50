"""Read settings from the environment, each with its type; a secret may also come from the file named NAME_FILE."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes or no. Raises ImproperlyConfigured for anything but 1/0, true/false, yes/no, on/off."""
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}")


def secret(name: str) -> str:
    """Return a secret from NAME_FILE, else from NAME, else an empty string. Raises when the file can't be read."""
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return os.environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which can't be read: {problem.strerror}") from problem


def words(name: str, default: str = "") -> list[str]:
    """Return comma-separated values without blanks."""
    return [word for word in (part.strip() for part in text(name, default).split(",")) if word]


def pace(name: str) -> tuple[float, datetime]:
    """Read how fast time runs and since when, as "15 since 2026-11-22T09:00:00+00:00". If not set: as it is."""
    rate, _, since = text(name).partition(" since ")
    if not rate:
        return 1.0, datetime.now(UTC)
    try:
        return float(rate), datetime.fromisoformat(since).astimezone(UTC)
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name} must be like 15 since 2026-11-22T09:00:00+00:00: {problem}") from problem


def database(url: str) -> dict[str, object]:
    """Turn postgresql://user:password@host:port/name?option=value into Django's settings.

    A socket directory stands in the host part, percent-encoded, or in ?host=. Raises ImproperlyConfigured for any
    other scheme: there is one database dialect here.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://, the one database that Keito Books uses")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "keito_books",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **options},
    }
