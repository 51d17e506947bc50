"""Which app calls the token endpoint, and whether it shows the right secret."""

import base64
import binascii
import hmac
from urllib.parse import unquote_plus

from xero_sandbox.identity.state import App


class InvalidClient(Exception):
    """No such app, or the wrong secret."""


def authenticate_client(apps: dict[str, App], authorization: str | None, form: dict[str, str]) -> App:
    """Return the app by Basic authentication or by the body; a PKCE app names itself and shows no secret."""
    client_id, secret = _credentials(authorization, form)
    app = apps.get(client_id)
    if app is None:
        raise InvalidClient
    if not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        raise InvalidClient
    return app


def _credentials(authorization: str | None, form: dict[str, str]) -> tuple[str, str]:
    if authorization is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    client_id, secret = _basic(authorization)
    if form.get("client_id", client_id) != client_id:
        raise InvalidClient
    return client_id, secret


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise InvalidClient from problem
    client_id, _, secret = text.partition(":")
    # OAuth 2.0 has both parts form-encoded before they are joined; ids and secrets hold no % otherwise.
    return unquote_plus(client_id), unquote_plus(secret)
