"""The demo: one app, two people, three organisations with believable books."""

from datetime import UTC, datetime

from xero_sandbox.identity.state import App, IdentityState, Person, Tier
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.roles import Role
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
    organisations = [
        Organisation(BRITISH_ID, "Harbour & Finch Ltd", "Harbour & Finch Limited", "GB", "GBP", "GMTSTANDARDTIME",
                     "Europe/London", "!hF7kQ", _MADE, tax_number="GB 384 2716 05"),
        Organisation(NEW_ZEALAND_ID, "Kōwhai Studio", "Kōwhai Studio Limited", "NZ", "NZD", "NEWZEALANDSTANDARDTIME",
                     "Pacific/Auckland", "!kW2sT", _MADE, tax_number="104-582-937"),
        Organisation(AUSTRALIAN_ID, "Wattle Row Pty Ltd", "Wattle Row Pty Ltd", "AU", "AUD", "AUSEASTERNSTANDARDTIME",
                     "Australia/Sydney", "!wR9pL", _MADE, tax_number="53 004 085 616"),
    ]  # fmt: skip
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
