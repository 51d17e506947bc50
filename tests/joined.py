"""A workspace joined to an organisation of a real sandbox over HTTP, and a clock that both sides share."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from builders import a_client, a_membership, a_workspace, an_invoice
from keito_books.accounting.port import TokenSet
from keito_books.connections.grants import new_grant
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice
from keito_books.mapping import actions as mapping
from keito_books.mapping.books import Books
from keito_books.mapping.situations import Situation
from keito_books.syncing import actions, runner
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Job
from keito_books.syncing.status import Standing, invoice_standing, payment_standings
from keito_books.workspaces.models import Membership, Workspace
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.seeds.demo import BRITISH_ID
from xero_sandbox.testing import RunningSandbox

ORGANISATION = "Harbour & Finch Ltd"


@dataclass
class Clock:
    """The application's clock and the sandbox's, which stand still until a test moves both."""

    sandbox: RunningSandbox
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)
        self.sandbox.advance(timedelta(**length).total_seconds())


@dataclass
class Joined:
    """Both sides at once; what the organisation holds is asked for over HTTP, with a token of the test's own."""

    sandbox: RunningSandbox
    clock: Clock
    workspace: Workspace
    by: Membership
    connection: Connection
    books: Books
    token: str

    def account(self, name: str) -> str:
        return next(each.id for each in self.books.content.accounts if each.name == name)

    def copy(self, invoice: Invoice) -> Job:
        return actions.copy_invoice(invoice, by=self.by, now=self.clock())

    def work(self) -> int:
        """Do everything that is due now."""
        steps = 0
        while done := runner.work(lane_of(self.connection).pk, clock=self.clock):
            steps += done
        return steps

    def status(self, invoice: Invoice) -> Standing:
        return invoice_standing(invoice)

    def payments(self, invoice: Invoice) -> list[Standing]:
        found = payment_standings(invoice)
        return [found[each.pk] for each in invoice.payments.order_by("recorded_at", "id")]

    @property
    def organisation(self) -> Organisation:
        """Return the organisation itself, for what only a person in Xero can change."""
        return self.sandbox.sandbox.world.organisations[self.connection.organisation_id]

    def there(self, path: str, method: str = "GET", body: object = None, **query: str) -> Any:
        """Ask the organisation, or change it, as any other app would."""
        asked = urllib.request.Request(
            f"{self.sandbox.url}/api.xro/2.0/{path}?{urllib.parse.urlencode(query)}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Xero-Tenant-Id": self.connection.organisation_id,
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(asked, timeout=10) as reply:
            return json.loads(reply.read(), parse_float=Decimal)

    def invoices_there(self, number: str) -> list[dict[str, Any]]:
        """Return whole invoices, with lines."""
        listed = self.there("Invoices", InvoiceNumbers=number, page="1")["Invoices"]
        return [self.there(f"Invoices/{each['InvoiceID']}")["Invoices"][0] for each in listed]

    def asked(self, method: str, path: str) -> int:
        """Return how often something was asked of the sandbox."""
        kept = self.sandbox.requests()
        return sum(1 for each in kept if each["method"] == method and path in each["path"])

    def client(self, name: str = "Blue Fern Ltd", **details: str) -> Client:
        return a_client(self.by, name, **details)

    def invoice(self, **details: Any) -> Invoice:
        return an_invoice(self.by, **details)


def join(sandbox: RunningSandbox, *, organisation: str = ORGANISATION, organisation_id: str = BRITISH_ID) -> Joined:
    """Return a Business workspace whose accounts, taxes and payment account are chosen."""
    granted = sandbox.grant([organisation])
    clock = Clock(sandbox, datetime.fromisoformat(sandbox.door("POST", "/clock", {"freeze": True})["now"]))
    by = a_membership(a_workspace())
    connection = a_connection(by, granted, organisation_id=organisation_id, name=organisation, now=clock())
    books = mapping.refresh_books(connection, now=clock())
    base = books.content.organisation.base_currency
    joined = Joined(sandbox, clock, by.workspace, by, connection, books, token=granted["access_token"])
    mapping.save_accounts(
        connection,
        revenue_account_id=joined.account("Sales"),
        payment_account_id=next(each.id for each in books.payment_accounts if each.currency in ("", base)),
        invoices_as="awaiting_payment",
        by=by,
        now=clock(),
    )
    taxes = {Situation.of(None, None): _rate_of(books, "0"), Situation.of(Decimal(20), None): _rate_of(books, "20")}
    taxes = {situation: tax_type for situation, tax_type in taxes.items() if tax_type}
    mapping.save_taxes(connection, taxes, by=by, now=clock())
    return joined


def _rate_of(books: Books, percent: str) -> str:
    """Return NONE for no tax where there is one, else the first rate of that percentage, else an empty string."""
    fitting = [each.tax_type for each in books.revenue_rates if each.effective_rate == Decimal(percent)]
    return "NONE" if "NONE" in fitting else next(iter(fitting), "")


def a_connection(
    by: Membership, tokens: dict[str, Any], *, organisation_id: str, name: str, now: datetime
) -> Connection:
    kept = TokenSet(
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
        access_expires_at=now + timedelta(seconds=tokens["expires_in"]),
        refresh_expires_at=now + timedelta(days=60),
        scope="",
    )
    return Connection.objects.create(
        workspace=by.workspace,
        provider="xero",
        organisation_id=organisation_id,
        organisation_name=name,
        state=Connection.State.ACTIVE,
        grant=new_grant("xero", kept, now=now),
        connected_by=by.person,
        connected_at=now,
    )
