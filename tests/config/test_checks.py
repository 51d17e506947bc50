"""Wrong settings are named with an id, and production's own pass Django's deployment check without a warning."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "KEITO_ENVIRONMENT": "production",
    "KEITO_SECRET_KEY": "kQ7-vXw2Rb9_tLm4ZpYc8HsJ1NfGd6UeAo3KiVxTqWrBzPhMjS5",
    "KEITO_TOKEN_KEYS": "one:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "KEITO_PUBLIC_URL": "https://books.example.com",
    "XERO_CLIENT_ID": "client",
    "XERO_CLIENT_SECRET": "secret",
    "DATABASE_URL": "postgresql://books@127.0.0.1:1/books",
}


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    """Run the check in a process of its own, since settings are read once."""
    ours = ("KEITO_", "XERO_", "DATABASE_URL", "DJANGO_")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    settings = {**rest, **PRODUCTION, **changes, "DJANGO_SETTINGS_MODULE": "keito_books.config.settings"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False, timeout=60)


def test_productions_settings_pass_without_a_warning() -> None:
    done = check()

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"KEITO_SECRET_KEY": "short"}, "keito_books.E001"),
        ({"KEITO_TOKEN_KEYS": ""}, "keito_books.E002"),
        ({"XERO_SANDBOX_URL": "http://localhost:9400"}, "keito_books.E003"),
        ({"XERO_CLIENT_SECRET": ""}, "keito_books.E004"),
        ({"KEITO_PUBLIC_URL": "http://books.example.com"}, "keito_books.E005"),
    ],
)
def test_a_wrong_setting_is_named_by_its_id(wrong: dict[str, str], name: str) -> None:
    done = check(**wrong)

    assert done.returncode == 1
    assert name in done.stderr


def test_a_secret_file_that_cannot_be_read_is_named_without_a_secret() -> None:
    done = check(XERO_CLIENT_SECRET_FILE="/nowhere/secret")

    assert done.returncode != 0
    assert "XERO_CLIENT_SECRET_FILE names /nowhere/secret" in done.stderr
