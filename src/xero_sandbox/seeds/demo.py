"""The demo: one app, two people, three organisations with believable books."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from xero_sandbox.identity.state import App, IdentityState, Person, Tier
from xero_sandbox.records.item import Item, ItemDetails
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.roles import Role
from xero_sandbox.records.settings import BrandingTheme, Currency, TrackingCategory, TrackingOption
from xero_sandbox.seeds import rows, taxes
from xero_sandbox.seeds.accounts import AUSTRALIAN, BRITISH, NEW_ZEALAND, chart, fixed_id
from xero_sandbox.seeds.books import ContactRow, InvoiceRow, add_contacts, add_invoices
from xero_sandbox.world import World

DEMO_CLIENT_ID = "KEITOBOOKSDEMO0000000000000000AA"
DEMO_CLIENT_SECRET = "demo-secret-for-the-sandbox-only"  # noqa: S105  # public, and opens nothing real

DEMO_REDIRECT = "http://localhost:*"  # the demo app alone: any port, any path

BRITISH_ID = "5f3c1e70-9a41-4c0e-8b55-0d2f6e1a7c01"
NEW_ZEALAND_ID = "8b1d7a24-3f60-4d8b-a1c9-52e07f9b3d02"
AUSTRALIAN_ID = "c27e9f58-61b3-4a7d-9e04-7fa4d8c61e03"
ADVISER_ID = "1c9a7b52-0f4e-4b8e-8a3d-6d5e2f10ab11"
READER_ID = "2e8b6c43-1a5d-4c7f-9b2e-7e4f3a21bc22"

_MADE = datetime(2024, 3, 4, 9, 30, tzinfo=UTC)


def demo_world() -> World:
    """Return the demo; its documents are dated back from today, so that it never looks old."""
    organisations = [_british(), _new_zealand(), _australian()]
    app = App(
        DEMO_CLIENT_ID,
        DEMO_CLIENT_SECRET,
        "Keito Books",
        redirect_uris=[DEMO_REDIRECT],
        tier=Tier.CORE,
    )
    return World(
        seed="demo",
        organisations={one.organisation_id: one for one in organisations},
        identity=IdentityState(apps={app.client_id: app}, people={one.user_id: one for one in (_adviser(), _reader())}),
    )


def _british() -> Organisation:
    organisation = Organisation(
        BRITISH_ID,
        "Harbour & Finch Ltd",
        "Harbour & Finch Limited",
        "GB",
        "GBP",
        "GMTSTANDARDTIME",
        "Europe/London",
        "!hF7kQ",
        _MADE,
        tax_number="GB 384 2716 05",
        invoice_prefix="HF-",
        next_invoice_number=39,
        accounts=chart(BRITISH, BRITISH_ID, _MADE),
        tax_rates=taxes.british(),
        tracking=[
            _tracking(BRITISH_ID, "Region", "North", "South", "Midlands", "Scotland", "Overseas"),
            _tracking(BRITISH_ID, "Department", "Design", "Consulting", "Print", "Support"),
        ],
        currencies={
            "GBP": Currency("GBP", "British Pound"),
            "EUR": Currency("EUR", "Euro", Decimal("1.152340")),
            "USD": Currency("USD", "United States Dollar", Decimal("1.304210")),
        },
        themes=_themes(BRITISH_ID, "Standard", "Reminder in red"),
    )
    _fill(organisation, rows.BRITISH_CONTACTS, rows.BRITISH_INVOICES)
    organisation.items = {one.item_id: one for one in _items(BRITISH_ID)}
    return organisation


def _new_zealand() -> Organisation:
    organisation = Organisation(
        NEW_ZEALAND_ID,
        "Kōwhai Studio",
        "Kōwhai Studio Limited",
        "NZ",
        "NZD",
        "NEWZEALANDSTANDARDTIME",
        "Pacific/Auckland",
        "!kW2sT",
        _MADE,
        tax_number="104-582-937",
        sales_tax_period="TWOMONTHS",
        invoice_prefix="KS-",
        next_invoice_number=109,
        accounts=chart(NEW_ZEALAND, NEW_ZEALAND_ID, _MADE),
        tax_rates=taxes.new_zealand(),
        tracking=[_tracking(NEW_ZEALAND_ID, "Studio", "Wellington", "Ōtaki")],
        currencies={
            "NZD": Currency("NZD", "New Zealand Dollar"),
            "AUD": Currency("AUD", "Australian Dollar", Decimal("0.884510")),
        },
        themes=_themes(NEW_ZEALAND_ID, "Standard"),
    )
    _fill(organisation, rows.NEW_ZEALAND_CONTACTS, rows.NEW_ZEALAND_INVOICES)
    return organisation


def _australian() -> Organisation:
    organisation = Organisation(
        AUSTRALIAN_ID,
        "Wattle Row Pty Ltd",
        "Wattle Row Pty Ltd",
        "AU",
        "AUD",
        "AUSEASTERNSTANDARDTIME",
        "Australia/Sydney",
        "!wR9pL",
        _MADE,
        tax_number="53 004 085 616",
        year_end_day=30,
        year_end_month=6,
        invoice_prefix="WR-",
        next_invoice_number=13,
        accounts=chart(AUSTRALIAN, AUSTRALIAN_ID, _MADE),
        tax_rates=taxes.australian(),
        currencies={"AUD": Currency("AUD", "Australian Dollar")},
        themes=_themes(AUSTRALIAN_ID, "Standard"),
    )
    _fill(organisation, rows.AUSTRALIAN_CONTACTS, rows.AUSTRALIAN_INVOICES)
    return organisation


def _fill(organisation: Organisation, contacts: Iterable[ContactRow], invoices: Iterable[InvoiceRow]) -> None:
    add_contacts(organisation, contacts, _MADE)
    add_invoices(organisation, invoices, datetime.now(ZoneInfo(organisation.zone)).date())


def _items(owner: str) -> list[Item]:
    priced = (("CONSULTING", "Day of consulting", "720"), ("DESIGN", "Day of design", "640"), ("TALK", "Talk", "350"))
    return [
        Item(
            fixed_id(owner, "item", code),
            code,
            _MADE,
            name=name,
            description=name,
            is_purchased=False,
            sales=ItemDetails(Decimal(price), "205", "OUTPUT2"),
        )
        for code, name, price in priced
    ]


def _tracking(owner: str, name: str, *options: str) -> TrackingCategory:
    return TrackingCategory(
        fixed_id(owner, "tracking", name),
        name,
        [TrackingOption(fixed_id(owner, "tracking", name, option), option) for option in options],
    )


def _themes(owner: str, *names: str) -> list[BrandingTheme]:
    return [BrandingTheme(fixed_id(owner, "theme", name), name, order, _MADE) for order, name in enumerate(names)]


def _adviser() -> Person:
    return Person(
        ADVISER_ID,
        "marion@harbourfinch.example",
        "Marion",
        "Ashdown",
        "Adviser at Harbour & Finch and standard user at Kōwhai Studio; may only read Wattle Row",
        {BRITISH_ID: Role.ADVISER, NEW_ZEALAND_ID: Role.STANDARD, AUSTRALIAN_ID: Role.READ_ONLY},
    )


def _reader() -> Person:
    return Person(
        READER_ID,
        "tobias@wattlerow.example",
        "Tobias",
        "Lindqvist",
        "May only read Wattle Row",
        {AUSTRALIAN_ID: Role.READ_ONLY},
    )
