"""The bytes of a delivery and their signature (xero-api reference 13 [OAS-WH])."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import string
from collections.abc import Sequence
from datetime import datetime

from xero_sandbox.webhooks.state import Event

PLURALS = {
    "CONTACT": "Contacts",
    "INVOICE": "Invoices",
    "CREDITNOTE": "CreditNotes",
    "PREPAYMENT": "Prepayments",
    "OVERPAYMENT": "Overpayments",
}
TOLD_UNASKED = ("CONTACT", "INVOICE", "CREDITNOTE")  # the newer two only to who asks for them (reference 13 [MAN])
SIGNATURE_HEADER = "x-xero-signature"
ENTROPY_LETTERS = 20


def signature(key: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def new_entropy() -> str:
    return "".join(secrets.choice(string.ascii_uppercase) for _ in range(ENTROPY_LETTERS))


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()


def body_of(events: Sequence[Event], entropy: str, root: str) -> bytes:
    """Return the raw body; without events it is an intent to receive, whose sequences are 0."""
    sequences = [one.sequence for one in events] or [0]
    body = {
        "events": [_event(one, root) for one in events],
        "firstEventSequence": min(sequences),
        "lastEventSequence": max(sequences),
        "entropy": entropy,
    }
    return json.dumps(body, separators=(",", ":")).encode()


def _event(one: Event, root: str) -> dict[str, object]:
    shown: dict[str, object] = {
        "resourceUrl": f"{root}/api.xro/2.0/{PLURALS[one.category]}/{one.resource_id}",
        "resourceId": one.resource_id,
        "tenantId": one.tenant_id,
        "tenantType": "ORGANISATION",
        "eventCategory": one.category,
        "eventType": one.type,
        "eventDateUtc": _instant(one.at),
    }
    return shown | {"data": one.data} if one.data else shown


def _instant(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds")
