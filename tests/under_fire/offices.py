"""Open a workspace for each seat, join it to its organisation, and put somebody to work in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from builders import a_membership, a_workspace
from joined import a_connection
from keito_books.connections.models import Connection
from keito_books.mapping import actions as mapping
from keito_books.mapping.books import Books
from keito_books.mapping.situations import Situation
from keito_books.syncing import clock
from keito_books.workspaces.models import Membership
from under_fire.organisations import Seat
from under_fire.people import Hand
from xero_sandbox.testing import RunningSandbox


@dataclass
class Office:
    by: Membership
    connection: Connection
    hand: Hand


def open_offices(sandbox: RunningSandbox, seats: list[Seat], *, seed: int, pause_seconds: float) -> list[Office]:
    offices = []
    for number, seat in enumerate(seats):
        by = a_membership(a_workspace(f"Office {number + 1}"))
        connection = join(sandbox, seat, by)
        offices.append(Office(by, connection, Hand(by, number, seed=seed, pause_seconds=pause_seconds)))
    return offices


def join(sandbox: RunningSandbox, seat: Seat, by: Membership) -> Connection:
    """Return a connection with accounts and taxes chosen."""
    granted = sandbox.door("POST", "/grants", {"organisations": [seat.organisation_id], "email": seat.email})
    connection = a_connection(
        by, granted, organisation_id=seat.organisation_id, name=seat.organisation, now=clock.now()
    )
    books = mapping.refresh_books(connection, now=clock.now())
    mapping.save_accounts(
        connection,
        revenue_account_id=next(each.id for each in books.content.accounts if each.name == "Sales"),
        payment_account_id=books.payment_accounts[0].id,
        invoices_as="awaiting_payment",
        by=by,
        now=clock.now(),
    )
    taxes = {Situation.of(None, None): "NONE", Situation.of(Decimal(20), None): _rate(books, "20")}
    mapping.save_taxes(connection, taxes, by=by, now=clock.now())
    return connection


def _rate(books: Books, percent: str) -> str:
    return next(each.tax_type for each in books.revenue_rates if each.effective_rate == Decimal(percent))
