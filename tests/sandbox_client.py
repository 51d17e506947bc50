"""A small client for the Accounting API, as a test would use it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx2

from xero_sandbox.testing import RunningSandbox

Json = dict[str, Any]
ALL_SCOPES = (
    "offline_access accounting.invoices accounting.payments accounting.contacts accounting.settings "
    "accounting.attachments accounting.banktransactions"
)


class Client:
    """Calls one organisation with one grant."""

    def __init__(
        self, sandbox: RunningSandbox, organisation: str = "Harbour & Finch Ltd", scopes: str | None = ALL_SCOPES
    ):
        granted = sandbox.grant([organisation], scopes)
        self.tenant_id: str = granted["tenant_ids"][0]
        self.token: str = granted["access_token"]
        self.http = httpx2.Client(base_url=f"{sandbox.url}/api.xro/2.0", timeout=10)

    def call(self, method: str, path: str, body: object = None, **headers: str | None) -> httpx2.Response:
        given = {
            "Authorization": f"Bearer {self.token}",
            "xero-tenant-id": self.tenant_id,
            "Accept": "application/json",
            "Content-Type": "application/json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body, default=str).encode()
        return self.http.request(
            method, path, content=content, headers={name: value for name, value in given.items() if value is not None}
        )

    def get(self, path: str, **headers: str | None) -> Json:
        return decoded(self.call("GET", path, **headers))

    def put(self, path: str, body: object) -> Json:
        return decoded(self.call("PUT", path, body))

    def post(self, path: str, body: object) -> Json:
        return decoded(self.call("POST", path, body))

    def refused(self, method: str, path: str, body: object) -> list[str]:
        """Return the messages of a 400."""
        reply = self.call(method, path, body)
        assert reply.status_code == 400, reply.text
        return [one["Message"] for element in reply.json()["Elements"] for one in element["ValidationErrors"]]

    def contact(self, name: str = "Bramble Books") -> str:
        created: str = self.put("/Contacts", {"Name": name})["Contacts"][0]["ContactID"]
        return created

    def invoice(self, **changes: object) -> Json:
        """Create an approved invoice of 100.00 plus VAT, or what the changes make of it."""
        written: Json = self.put("/Invoices", an_invoice(**changes))["Invoices"][0]
        return written


def an_invoice(**changes: object) -> Json:
    invoice: Json = {
        "Type": "ACCREC",
        "Contact": {"Name": "Bluebell Bakeries Ltd"},
        "Date": "2026-10-05",
        "DueDate": "2026-11-04",
        "Status": "AUTHORISED",
        "LineItems": [a_line()],
    }
    return {name: value for name, value in (invoice | changes).items() if value is not None}


def a_line(**changes: object) -> Json:
    line: Json = {"Description": "Consulting", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
    return {name: value for name, value in (line | changes).items() if value is not None}


def decoded(reply: httpx2.Response) -> Json:
    assert reply.status_code == 200, f"{reply.status_code} {reply.text}"
    decoded_reply: Json = json.loads(reply.content, parse_float=Decimal)
    return decoded_reply
