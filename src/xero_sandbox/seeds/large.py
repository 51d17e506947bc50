"""The demo with 20,000 more invoices in the British organisation, for measuring."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from xero_sandbox.records.contact import Contact
from xero_sandbox.records.invoice import Invoice, LineItem
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.rules.amounts import line_tax
from xero_sandbox.rules.invoices import add_up
from xero_sandbox.seeds.accounts import fixed_id
from xero_sandbox.seeds.demo import BRITISH_ID, demo_world
from xero_sandbox.world import World

INVOICES = 20_000
CONTACTS = 2_000
VAT = Decimal(20)


def large_world(invoices: int = INVOICES, contacts: int = CONTACTS) -> World:
    world = demo_world()
    world.seed = "large"
    organisation = world.organisations[BRITISH_ID]
    ids = [_add_contact(organisation, number) for number in range(contacts)]
    sales = next(one for one in organisation.accounts.values() if one.code == "200")
    first = date(2023, 1, 2)
    for number in range(invoices):
        invoice = _invoice(organisation, number, ids[number % contacts], first + timedelta(days=number % 1_000))
        invoice.lines = [_line(number, sales.account_id)]
        add_up(invoice)
        organisation.invoices[invoice.invoice_id] = invoice
    return world


def _add_contact(organisation: Organisation, number: int) -> str:
    contact_id = f"c0000000-0000-4000-8000-{number:012x}"
    organisation.contacts[contact_id] = Contact(
        contact_id=contact_id,
        name=f"Customer {number:05d} Ltd",
        updated=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
        email=f"accounts@customer{number:05d}.example",
        is_customer=True,
    )
    return contact_id


def _invoice(organisation: Organisation, number: int, contact_id: str, dated: date) -> Invoice:
    return Invoice(
        invoice_id=f"a0000000-0000-4000-8000-{number:012x}",
        type="ACCREC",
        number=f"LG-{number:06d}",
        contact_id=contact_id,
        dated=dated,
        updated=datetime.combine(dated, time(9), UTC) + timedelta(seconds=number),
        status="AUTHORISED",
        due_date=dated + timedelta(days=30),
        currency=organisation.base_currency,
        currency_rate=Decimal("1.000000"),
        branding_theme_id=fixed_id(BRITISH_ID, "theme", "Standard"),
    )


def _line(number: int, account_id: str) -> LineItem:
    amount = Decimal(10_000 + number) / 100
    return LineItem(
        line_id=f"b0000000-0000-4000-8000-{number:012x}",
        description="Services",
        quantity=Decimal("1.0000"),
        unit_amount=amount,
        line_amount=amount,
        account_id=account_id,
        account_code="200",
        tax_type="OUTPUT2",
        tax_amount=line_tax(amount, VAT, "Exclusive"),
    )
