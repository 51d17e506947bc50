"""Walk through the product in a browser as people do; for the journeys."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from playwright.sync_api import Locator, Page, expect

from running_stack import RunningStack

BRITISH = "Harbour & Finch Ltd"
NEW_ZEALAND = "Kōwhai Studio"
AUSTRALIAN = "Wattle Row Pty Ltd"
ADVISER = "Marion Ashdown"
SETTLED = re.compile("Success|Failed")
SYNC_PATIENCE_MS = 20_000
DAY_SECONDS = 24 * 3600

SignInAs = Callable[[Page, str], None]


@dataclass
class Walk:
    """One person's browser in the demo's Business workspace."""

    stack: RunningStack
    page: Page
    slug: str = "fernhill"

    # --- connecting ---------------------------------------------------------------------------------------------
    def to_xero_settings(self) -> None:
        self.page.goto(f"/w/{self.slug}/settings/integrations/xero/")

    def to_consent(self, button: str = "Connect to Xero", person: str = ADVISER) -> None:
        """Go to the page on which Xero asks for permission."""
        self.to_xero_settings()
        self.page.get_by_role("button", name=button).click()
        self.page.get_by_text(person).first.click()
        expect(self.page.get_by_role("button", name="Allow access")).to_be_visible()

    def allow(self, organisation: str = BRITISH) -> None:
        self.page.get_by_text(organisation, exact=True).click()
        self.page.get_by_role("button", name="Allow access").click()
        self.page.wait_for_url(re.compile(f"^{self.stack.url}/"))

    def connect(self, organisation: str = BRITISH) -> None:
        self.to_consent()
        self.allow(organisation)
        expect(self.page.get_by_text(f"Connected to {organisation} in Xero.")).to_be_visible()

    def reconnect(self) -> None:
        self.to_consent("Reconnect")
        self.allow()

    def set_up(self, *, payment_account: str = "Business Current Account (090)") -> None:
        """Take what is proposed in each of the three steps."""
        self.to_xero_settings()
        if payment_account:
            self.page.get_by_label("Payment Account").select_option(label=payment_account)
        self.page.get_by_role("button", name="Save accounts and go on").click()
        self.page.get_by_role("button", name="Save tax rates and go on").click()
        self.page.get_by_role("link", name="Finish without tracking").click()
        expect(self.page.get_by_role("button", name="Save accounts")).to_be_visible()

    # --- invoices -----------------------------------------------------------------------------------------------
    def invoice_of(self, client: str, state: str = "open") -> tuple[str, str]:
        """Return id and number of the newest invoice of a client in a state."""
        rows = self.stack.rows(
            "select i.id, i.number from invoicing_invoice i join invoicing_client c on c.id = i.client_id"
            " join workspaces_workspace w on w.id = i.workspace_id"
            " where w.slug = %s and c.name like %s and i.state = %s order by i.issue_date desc, i.number desc limit 1",
            self.slug,
            f"{client}%",
            state,
        )
        return str(rows[0][0]), str(rows[0][1])

    def open_invoice(self, client: str, state: str = "open") -> str:
        """Open an invoice's page and return its number."""
        key, number = self.invoice_of(client, state)
        self.page.goto(f"/w/{self.slug}/invoices/{key}/")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(number)
        return number

    @property
    def card(self) -> Locator:
        return self.page.locator("#xero-state")

    def copy(self) -> None:
        self.page.get_by_role("button", name="Copy to Xero").click()

    def sees_settled(self, status: str) -> None:
        """Wait until the card says by itself how it ended."""
        expect(self.card.locator(".badge").first).to_have_text(SETTLED, timeout=SYNC_PATIENCE_MS)
        expect(self.card.locator(".badge").first).to_have_text(status)

    def write(self, statement: str, *values: object) -> None:
        """Change the journey's database in a way that no page offers."""
        with psycopg.connect(self.stack.database_url) as connection:
            connection.execute(statement.encode(), values)

    # --- the other side -----------------------------------------------------------------------------------------
    def bookkeeper(self, do: str, organisation: str = BRITISH, **details: object) -> None:
        """Let somebody do something in Xero."""
        self.stack.control("POST", "bookkeeper", {"organisation": organisation, "do": do, **details})

    def days_pass(self, days: int) -> None:
        """Let days go by on both sides. Ours has no clock to move, so its consents become that much older."""
        self.stack.control("POST", "clock", {"advance_seconds": days * DAY_SECONDS})
        self.write(
            "update connections_grant set access_expires_at = access_expires_at - %s,"
            " refresh_expires_at = refresh_expires_at - %s",
            timedelta(days=days),
            timedelta(days=days),
        )

    def add_contacts(self, *contacts: dict[str, str], organisation: str = BRITISH) -> None:
        """Let another app put contacts into the organisation."""
        self.as_other_app("PUT", "Contacts", {"Contacts": contacts}, organisation=organisation)

    def as_other_app(self, method: str, path: str, body: object, *, organisation: str = BRITISH) -> Any:
        """Let another app change the organisation."""
        granted = self.stack.control("POST", "grants", {"organisations": [organisation]})
        asked = urllib.request.Request(
            f"{self.stack.sandbox_url}/api.xro/2.0/{path}",
            method=method,
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {granted['access_token']}",
                "Xero-Tenant-Id": granted["tenant_ids"][0],
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(asked, timeout=10) as reply:
            return json.loads(reply.read())

    def trouble(self, route: str, then: str, *, times: int = 1) -> None:
        self.stack.control("POST", "faults", {"route": route, "then": then, "times": times})

    def calls(self, method: str, path: str) -> list[Any]:
        """Return what the sandbox was asked, oldest first."""
        kept = self.stack.control("GET", "requests")
        listed = kept["requests"] if isinstance(kept, dict) else kept
        return [each for each in listed if each["method"] == method and path in each["path"]]
