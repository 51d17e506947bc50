"""Seal secrets for the database, so that a copy of the database alone opens nothing.

AES-256-GCM. A sealed value is bound to its place (table, row, field): moved to another row it does not open.

    byte 0         version of this layout (1)
    byte 1         length of the key's id
    next           the key's id, in ASCII
    next 12        nonce, random for every value
    rest           cipher text and its tag
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_VERSION = 1
_HEAD_BYTES = 2
_NONCE_BYTES = 12
_KEY_BYTES = 32
_KEY_ID_BYTES_MAX = 32


class CannotOpen(Exception):
    """The value was sealed with a key that is not here, for another place, or was changed since."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives. It is part of what is authenticated."""

    table: str
    row: UUID
    field: str

    def as_bytes(self) -> bytes:
        return f"keito-books\x1f{self.table}\x1f{self.row}\x1f{self.field}".encode()


@dataclass(frozen=True, slots=True)
class Keyring:
    """The first key seals, all of them open."""

    ids: tuple[str, ...]
    keys: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.ids)})"

    def key(self, key_id: str) -> bytes | None:
        return self.keys[self.ids.index(key_id)] if key_id in self.ids else None


def seal(secret: str, place: Place) -> bytes:
    """Return the secret as bytes for the database. Raises ImproperlyConfigured without a usable key."""
    ring = keyring()
    key_id = ring.ids[0].encode("ascii")
    nonce = os.urandom(_NONCE_BYTES)
    locked = AESGCM(ring.keys[0]).encrypt(nonce, secret.encode(), place.as_bytes())
    return bytes([_VERSION, len(key_id)]) + key_id + nonce + locked


def unseal(sealed: bytes | memoryview, place: Place) -> str:
    """Return the secret. Raises CannotOpen."""
    key_id, nonce, locked = _parts(bytes(sealed))
    try:
        key = keyring().key(key_id)
    except ImproperlyConfigured as problem:
        raise CannotOpen(str(problem)) from problem
    if key is None:
        raise CannotOpen(f"no key {key_id!r} is configured")
    try:
        return AESGCM(key).decrypt(nonce, locked, place.as_bytes()).decode()
    except InvalidTag as problem:
        raise CannotOpen(f"key {key_id!r} does not open {place.table}.{place.field} of {place.row}") from problem


def key_id_of(sealed: bytes | memoryview) -> str:
    """Return the id of the key that sealed it. Raises CannotOpen when it is not a sealed value."""
    return _parts(bytes(sealed))[0]


def keyring() -> Keyring:
    """Return the configured keys. Raises ImproperlyConfigured, without repeating any key."""
    return _read_keyring(settings.TOKEN_KEYS)


@lru_cache(maxsize=4)
def _read_keyring(text: str) -> Keyring:
    pairs = [_read_key(part.strip()) for part in text.split(",") if part.strip()]
    if not pairs:
        raise ImproperlyConfigured("KEITO_TOKEN_KEYS is empty, so tokens can't be stored")
    ids = tuple(key_id for key_id, _ in pairs)
    if len(set(ids)) != len(ids):
        raise ImproperlyConfigured("KEITO_TOKEN_KEYS uses one id for two keys")
    return Keyring(ids=ids, keys=tuple(key for _, key in pairs))


def _read_key(pair: str) -> tuple[str, bytes]:
    key_id, colon, text = pair.partition(":")
    if not colon or not key_id.isascii() or not 1 <= len(key_id) <= _KEY_ID_BYTES_MAX:
        raise ImproperlyConfigured("each of KEITO_TOKEN_KEYS must read id:base64, with an id of up to 32 characters")
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ImproperlyConfigured(f"key {key_id!r} of KEITO_TOKEN_KEYS is not base64") from problem
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured(f"key {key_id!r} of KEITO_TOKEN_KEYS has {len(key)} bytes instead of {_KEY_BYTES}")
    return key_id, key


def _parts(sealed: bytes) -> tuple[str, bytes, bytes]:
    if len(sealed) < _HEAD_BYTES or sealed[0] != _VERSION:
        raise CannotOpen("this is not a sealed value of a known version")
    end_of_id = _HEAD_BYTES + sealed[1]
    end_of_nonce = end_of_id + _NONCE_BYTES
    if len(sealed) <= end_of_nonce:
        raise CannotOpen("this sealed value is cut short")
    return (
        sealed[_HEAD_BYTES:end_of_id].decode("ascii", "replace"),
        sealed[end_of_id:end_of_nonce],
        sealed[end_of_nonce:],
    )
