"""What every schedule begins with: three workspaces, two organisations, clients and sent invoices; built once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings

from builders import a_client, a_line, a_membership, a_workspace, an_invoice, an_invoice_draft
from keito_books.connections.actions import finish_connecting, start_connecting
from keito_books.connections.models import Connection
from keito_books.connections.outcomes import Connected, Outcome
from keito_books.connections.providing import provider_for
from keito_books.mapping import actions as mapping
from keito_books.mapping.situations import Situation
from keito_books.syncing.governor import lane_of
from keito_books.workspaces.models import Membership
from simulation.chance import seeded
from simulation.database import Database, Snapshot, own_database
from simulation.xero import URL, Xero
from xero_sandbox.seeds.demo import BRITISH_ID, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, NEW_ZEALAND_ID

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SESSION = "a-browser-session-key"
# Workspaces and their organisations: the first two share one.
_HOMES = ((BRITISH_ID, "GBP", "A"), (BRITISH_ID, "GBP", "B"), (NEW_ZEALAND_ID, "NZD", "C"))

_SHARED = 6
TIDY_EVERY = 200  # schedules; nothing else removes what they leave in the tables' files


@dataclass(slots=True)
class Home:
    """One workspace of the stage."""

    letter: str
    by: Membership
    organisation_id: str
    connection_id: UUID
    lane_id: UUID
    clients: list[UUID] = field(default_factory=list)
    invoices: list[UUID] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    other_account_id: str = ""


class Switch:
    """What `providers.http` takes for its pool: the wire of the schedule that runs now."""

    def __init__(self, xero: Xero) -> None:
        self._xero = xero
        self.wire: Any = None

    def stream(self, *args: Any, **details: Any) -> Any:
        return (self.wire or Calm(self._xero)).stream(*args, **details)


class Calm:
    """A wire without weather, for building the stage."""

    def __init__(self, xero: Xero) -> None:
        self._xero = xero

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: list[tuple[bytes, bytes]],
        content: bytes | None,
        extensions: object,
    ) -> Iterator[Any]:
        from simulation.wire import Told  # noqa: PLC0415  wire knows the stage's clock, so it comes later

        yield Told(self._xero.ask(method, url, headers, content or b""), cut=False)


@dataclass(slots=True)
class Stage:
    """Rows and world as remembered, ready to be set up again in a moment."""

    xero: Xero
    homes: list[Home]
    snapshot: Snapshot
    world: bytes
    database: Database
    connections: list[BaseDatabaseWrapper]
    switch: Switch
    changed: set[str] = field(default_factory=set)
    played: int = 0

    def set_up(self) -> None:
        self.snapshot.restore(self.changed)
        self.changed.clear()
        self.xero.load(self.world)
        self.played += 1
        if self.played % TIDY_EVERY == 0:
            self.snapshot.tidy()


@contextmanager
def built_stage(url_of: Callable[[str], str], name: str = "simulation") -> Iterator[Stage]:
    """Build the stage in a database of its own; `url_of` finds one on the server by its name."""
    with ExitStack() as stack:
        database = stack.enter_context(own_database(url_of, name))
        xero = Xero(START)
        switch = Switch(xero)
        with database.in_use(), played(), seeded(0), mock.patch("keito_books.syncing.ticks.poke"):
            _plug_in(switch)
            homes = [_home(xero, *each) for each in _HOMES]
        snapshot = Snapshot(database)
        stack.callback(snapshot.close)
        connections = stack.enter_context(database.actors_connections())
        yield Stage(xero, homes, snapshot, xero.save(), database, connections, switch)


@contextmanager
def played() -> Iterator[None]:
    """Let the application take the sandbox in this process for Xero."""
    with override_settings(**_SETTINGS):
        yield


_SETTINGS = {
    "XERO_SANDBOX_URL": URL,
    "XERO_CLIENT_ID": DEMO_CLIENT_ID,
    "XERO_CLIENT_SECRET": DEMO_CLIENT_SECRET,
    "PUBLIC_URL": "http://localhost:8000",
    "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
}


def _plug_in(switch: Switch) -> None:
    provider: Any = provider_for("xero")
    provider.identity._http._pool = switch


def connect(xero: Xero, by: Membership, organisation_id: str, *, now: datetime) -> Outcome:
    """Walk to the consent page and back, as a person's browser does."""
    url = start_connecting(by=by, session_key=SESSION, now=now)
    told = xero.consent(url, organisation_id)
    return finish_connecting(
        state=told["state"], code=told["code"], error="", person=by.person, session_key=SESSION, now=now
    )


def _home(xero: Xero, organisation_id: str, currency: str, letter: str) -> Home:
    by = a_membership(a_workspace(currency=currency))
    outcome = connect(xero, by, organisation_id, now=START)
    assert isinstance(outcome, Connected), outcome
    connection = Connection.objects.get(pk=outcome.connection.pk)
    home = Home(letter, by, organisation_id, connection.pk, lane_of(connection).pk)
    _choose(home, connection)
    _fill(home)
    return home


def _choose(home: Home, connection: Connection) -> None:
    books = mapping.refresh_books(connection, now=START)
    revenue = [each for each in books.revenue_accounts if not each.currency]
    base = books.content.organisation.base_currency
    home.other_account_id = revenue[1].id
    mapping.save_accounts(
        connection,
        revenue_account_id=revenue[0].id,
        payment_account_id=next(each.id for each in books.payment_accounts if each.currency in ("", base)),
        invoices_as="awaiting_payment",
        by=home.by,
        now=START,
    )
    none = next(each.tax_type for each in books.revenue_rates if each.effective_rate == 0)
    full = next(each.tax_type for each in books.revenue_rates if each.effective_rate in (Decimal(20), Decimal(15)))
    percent = "20" if home.organisation_id == BRITISH_ID else "15"
    taxes = {Situation.of(None, None): none, Situation.of(Decimal(percent), None): full}
    mapping.save_taxes(connection, taxes, by=home.by, now=START)


def _fill(home: Home) -> None:
    """Make two clients with three invoices each: plain, taxed with odd cents, and of several lines."""
    percent = "20" if home.organisation_id == BRITISH_ID else "15"
    for name in ("Blue Fern Ltd", "Ôtâ & Sons"):
        client = a_client(home.by, f"{name} {home.letter}", email="")
        home.clients.append(client.pk)
        for lines, tax in (
            ([a_line()], None),
            ([a_line("Odd cents", quantity="0.333", unit_price="19.99", taxed=True)], percent),
            ([a_line("One", taxed=True), a_line("Two", quantity="3", unit_price="33.33")], percent),
        ):
            place = len(home.numbers) + 1
            # One number stands in both workspaces of the shared organisation: there the second comes too late.
            number = "SAME-1" if place == _SHARED and home.letter in "AB" else f"{home.letter}-{place}"
            draft = an_invoice_draft(
                client, lines=lines, tax_percent=tax, number=number, issue_date=(START - timedelta(days=1)).date()
            )
            invoice = an_invoice(home.by, draft)
            home.invoices.append(invoice.pk)
            home.numbers.append(invoice.number)
