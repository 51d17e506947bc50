"""Found the demo's two workspaces and let their months pass, through the same actions that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from keito_books.invoicing import actions
from keito_books.invoicing.demo import people
from keito_books.invoicing.demo.clients import CEDAR_CLIENTS, FERNHILL_CLIENTS, DemoClient
from keito_books.invoicing.demo.clients_abroad import CLIENTS_ABROAD
from keito_books.invoicing.demo.story import Story
from keito_books.invoicing.demo.work import CEDAR_BILLS, FERNHILL_BILLS, Bill
from keito_books.invoicing.drafts import SettingsDetails
from keito_books.invoicing.models import Client, Delivery, Invoice, InvoiceMessage
from keito_books.invoicing.models.settings import DEFAULT_BODY, DEFAULT_PATTERN, DEFAULT_SUBJECT
from keito_books.workspaces.models import Membership, Workspace

_BEGINNING = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the database holds now, and whether we put it there."""

    was_empty: bool
    workspaces: int
    clients: int
    invoices: int


@transaction.atomic
def seed(now: datetime) -> Summary:
    """Fill an empty database; one that holds a workspace is left as it is."""
    was_empty = not Workspace.objects.exists()
    if was_empty:
        _found_all(now)
    return Summary(
        was_empty=was_empty,
        workspaces=Workspace.objects.count(),
        clients=Client.objects.count(),
        invoices=Invoice.objects.count(),
    )


def _found_all(now: datetime) -> None:
    beginning = now - _BEGINNING
    fernhill, cedar = people.found_fernhill(beginning), people.found_cedar(beginning)
    members = people.join_people(fernhill, cedar)
    _settle_in(members[people.FERNHILL], beginning, eco_levy=Decimal(2))
    _settle_in(members[people.CEDAR], beginning, eco_levy=None)
    _live(members[people.FERNHILL], FERNHILL_CLIENTS + CLIENTS_ABROAD, FERNHILL_BILLS, beginning, now)
    _live(members[people.CEDAR], CEDAR_CLIENTS, CEDAR_BILLS, beginning, now)
    # Its letters are history: nothing is mailed when this transaction is through.
    InvoiceMessage.objects.filter(delivery=Delivery.WAITING).update(delivery=Delivery.HANDED_OVER)


def _settle_in(by: Membership, at: datetime, *, eco_levy: Decimal | None) -> None:
    actions.open_books(by.workspace)
    details = SettingsDetails(
        number_pattern=DEFAULT_PATTERN,
        next_number=1,
        tax_label="VAT",
        tax_percent=Decimal(20),
        tax2_label="Eco levy" if eco_levy is not None else "",
        tax2_percent=eco_levy,
        notes="Please quote the invoice number with your payment.",
        footer=f"{by.workspace.name} · Thank you for your business.",
        email_subject=DEFAULT_SUBJECT,
        email_body=DEFAULT_BODY,
    )
    actions.update_settings(details, by=by, now=at)


def _live(
    by: Membership, clients: tuple[DemoClient, ...], bills: tuple[Bill, ...], beginning: datetime, now: datetime
) -> None:
    story = Story(by, now)
    story.meet(clients, beginning)
    story.tell(bills)
    story.part(clients)
