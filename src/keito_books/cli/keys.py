"""Make the demo's secrets once, in files that only their owner can read."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

TOKEN_KEY_BYTES = 32


def new_secret_key() -> str:
    return secrets.token_urlsafe(64)


def new_token_key() -> str:
    """Return id:base64; the id tells later which key encrypted a token."""
    return f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(TOKEN_KEY_BYTES)).decode()}"


def key_settings(data: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return settings that name our key files, leaving out what the operator set."""
    files: tuple[tuple[str, str, Callable[[], str]], ...] = (
        ("KEITO_SECRET_KEY", "secret-key", new_secret_key),
        ("KEITO_TOKEN_KEYS", "token-keys", new_token_key),
    )
    settings = {}
    for name, file_name, make in files:
        if name not in environ and f"{name}_FILE" not in environ:
            _make_once(data / file_name, make)
            settings[f"{name}_FILE"] = str(data / file_name)
    return settings


def _make_once(path: Path, make: Callable[[], str]) -> None:
    if path.exists():
        return
    # Written aside and renamed, so that a crash never leaves half a key.
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as stream:
        stream.write(f"{make()}\n")
    unfinished.rename(path)
