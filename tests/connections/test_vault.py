"""What is sealed opens in its own place, with a key we still hold, and nowhere else."""

from __future__ import annotations

import base64
import os
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from keito_books.connections.vault import CannotOpen, Place, key_id_of, keyring, seal, unseal

ROW = uuid.UUID("00000000-0000-4000-8000-000000000001")
HERE = Place("connections_grant", ROW, "refresh_token")


def a_key(key_id: str, byte: int = 7) -> str:
    return f"{key_id}:{base64.b64encode(bytes([byte]) * 32).decode()}"


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.TOKEN_KEYS = a_key("2026")


def test_a_secret_comes_back_as_it_was() -> None:
    assert unseal(seal("a refresh token, with ünïcode", HERE), HERE) == "a refresh token, with ünïcode"


def test_the_secret_is_not_in_what_is_stored() -> None:
    assert b"canary" not in seal("canary", HERE)


def test_sealing_twice_gives_different_bytes() -> None:
    assert len({seal("same", HERE) for _ in range(1_000)}) == 1_000


@pytest.mark.fault("F92")
@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("connections_grant", uuid.UUID(int=2), "refresh_token"),
        Place("connections_grant", ROW, "access_token"),
        Place("connections_revocation", ROW, "refresh_token"),
    ],
)
def test_a_secret_moved_to_another_row_field_or_table_does_not_open(elsewhere: Place) -> None:
    with pytest.raises(CannotOpen):
        unseal(seal("token", HERE), elsewhere)


def test_a_change_of_any_single_byte_is_noticed() -> None:
    sealed = seal("token", HERE)

    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(CannotOpen):
            unseal(bytes(changed), HERE)


def test_any_shortening_is_noticed() -> None:
    sealed = seal("token", HERE)

    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            unseal(sealed[:length], HERE)


def test_the_first_key_seals_and_every_key_opens(settings: Settings) -> None:
    before = seal("token", HERE)
    settings.TOKEN_KEYS = f"{a_key('2027', byte=8)},{a_key('2026')}"

    after = seal("token", HERE)

    assert (key_id_of(before), key_id_of(after)) == ("2026", "2027")
    assert unseal(before, HERE) == unseal(after, HERE) == "token"


@pytest.mark.fault("F91")
def test_a_lost_key_opens_nothing(settings: Settings) -> None:
    sealed = seal("token", HERE)
    settings.TOKEN_KEYS = a_key("2027", byte=8)

    with pytest.raises(CannotOpen, match="2026"):
        unseal(sealed, HERE)


@pytest.mark.fault("F91")
def test_another_key_under_the_same_id_opens_nothing(settings: Settings) -> None:
    sealed = seal("token", HERE)
    settings.TOKEN_KEYS = a_key("2026", byte=8)

    with pytest.raises(CannotOpen):
        unseal(sealed, HERE)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("", "empty"),
        ("no-colon", "id:base64"),
        (":" + base64.b64encode(bytes(32)).decode(), "id:base64"),
        ("short:" + base64.b64encode(bytes(16)).decode(), "16 bytes"),
        ("odd:***", "not base64"),
        (f"{a_key('one')},{a_key('one', byte=8)}", "two keys"),
    ],
)
def test_unusable_keys_are_refused_with_the_reason(settings: Settings, keys: str, problem: str) -> None:
    settings.TOKEN_KEYS = keys

    with pytest.raises(ImproperlyConfigured, match=problem):
        seal("token", HERE)


def test_a_refusal_of_keys_repeats_no_key(settings: Settings) -> None:
    secret = base64.b64encode(os.urandom(31)).decode()
    settings.TOKEN_KEYS = f"2026:{secret}"

    with pytest.raises(ImproperlyConfigured) as refusal:
        keyring()

    assert secret not in str(refusal.value)


def test_the_keyring_shows_ids_only(settings: Settings) -> None:
    settings.TOKEN_KEYS = a_key("2026")

    assert repr(keyring()) == "Keyring(2026)"
