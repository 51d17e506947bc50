"""The clients of the demo: many scripts, a very long name, an emoji, and ordinary companies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from keito_books.invoicing.drafts import ClientDetails, ContactDetails


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client, who reads its invoices, and what is done for it."""

    key: str
    details: ClientDetails
    contact: ContactDetails
    projects: tuple[tuple[str, str], ...] = ()  # code and name
    is_archived: bool = False


def _uk(name: str, street: str, city: str, postal_code: str, tax_number: str = "") -> ClientDetails:
    return ClientDetails(
        name=name,
        street=street,
        city=city,
        postal_code=postal_code,
        country="United Kingdom",
        tax_number=tax_number,
        currency="GBP",
    )


def who(first_name: str, last_name: str, email: str, title: str = "") -> ContactDetails:
    return ContactDetails(first_name=first_name, last_name=last_name, email=email, title=title)


LONG_NAME = (
    "The Worshipful Society of Independent Mapmakers, Bookbinders and Letterpress Printers of the "
    "Western Isles and of Orkney"
)

FERNHILL_CLIENTS = (
    DemoClient(
        "harbour",
        _uk("Harbour & Sons", "2 Quayside", "Bristol", "BS1 4SB", "GB 410 2258 93"),
        who("Ruth", "Harbour", "ruth@harbour.example", "Finance Director"),
        (("HARB-WEB", "Website"), ("HARB-SEO", "Search & content")),
    ),
    DemoClient(
        "oakfield",
        _uk("Oakfield Primary School", "Elm Road", "Bath", "BA2 3QQ"),
        who("Jon", "Whitaker", "office@oakfield.example"),
        (("OAK-SITE", "Parents' portal"),),
    ),
    DemoClient(
        "brightwater",
        _uk("Brightwater Energy plc", "100 Bishopsgate", "London", "EC2N 4AG", "GB 887 1204 55"),
        who("Helen", "Okafor", "accounts.payable@brightwater.example", "Accounts Payable"),
        (("BWE-APP", "Customer app"), ("BWE-CRM", "CRM migration")),
    ),
    DemoClient(
        "lantern",
        ClientDetails(
            name="Lantern Hospice",
            street="8 Chapel Row",
            city="Exeter",
            postal_code="EX4 3PL",
            country="United Kingdom",
            currency="GBP",
            tax_percent=Decimal(5),
            discount_percent=Decimal(10),
        ),
        who("Margaret", "Lowe", "margaret@lantern.example", "Trustee"),
        (("LANT-GIVE", "Donation pages"),),
    ),
    DemoClient(
        "obrien",
        _uk('O\'Brien "Fast & Fair" Plumbing', "77 Station Road", "Cardiff", "CF10 1EP"),
        who("Sean", "O'Brien", "sean@obrien.example"),
    ),
    DemoClient(
        "kestrel",
        ClientDetails(
            name="Kestrel Aviation Ltd",
            street="Hangar 4, Filton Airfield",
            city="Bristol",
            postal_code="BS34 7QS",
            country="United Kingdom",
            currency="GBP",
            payment_term="net_60",
        ),
        who("Dev", "Malhotra", "ap@kestrel.example"),
        (("KES-OPS", "Operations dashboard"),),
    ),
    DemoClient(
        "pixel",
        _uk("Pixel 🚀 Rocket Labs", "Unit 5, The Sheds", "Brighton", "BN1 4GH"),
        who("Zoë", "Lang", "zoe@pixelrocket.example", "Founder"),
        (("PRL-MVP", "First release 🚀"),),
    ),
    DemoClient(
        "society",
        _uk(LONG_NAME, "1 Harbour Street", "Kirkwall", "KW15 1LE"),
        who("Isla", "Rendall", "isla@society.example"),
    ),
    DemoClient(
        "greenline",
        ClientDetails(
            name="Greenline Recycling",
            street="Waste Park, Dock Road",
            city="Avonmouth",
            postal_code="BS11 9DF",
            country="United Kingdom",
            currency="GBP",
            tax2_percent=Decimal(2),
        ),
        who("Carl", "Jensen", "carl@greenline.example"),
        (("GRN-FLEET", "Fleet planner"),),
    ),
    DemoClient(
        "mercer",
        _uk("Mercer, Mercer & Hale LLP", "21 Lincoln's Inn", "London", "WC2A 3TH"),
        who("Edith", "Hale", "billing@mmh.example"),
    ),
    DemoClient(
        "tidal",
        _uk("Tidal Coffee Roasters", "9 Harbourside", "Falmouth", "TR11 3QP"),
        who("Ben", "Trewin", "ben@tidal.example"),
        (("TID-SHOP", "Online shop"),),
    ),
    DemoClient(
        "northgate",
        _uk("Northgate Housing Association", "Civic Quarter", "Leeds", "LS1 3AA"),
        who("Farah", "Siddiqui", "invoices@northgate.example"),
        (("NHA-TEN", "Tenant services"),),
    ),
    DemoClient(
        "stitch",
        _uk("Stitch in Time (Repairs)", "3 Market Place", "Wells", "BA5 2RB"),
        who("Nora", "Pike", "nora@stitch.example"),
        is_archived=True,
    ),
    DemoClient(
        "museum",
        _uk("Museum of Quiet Machines", "The Old Foundry", "Sheffield", "S3 8AA"),
        who("Ivo", "Grant", "ivo@quietmachines.example"),
        (("MQM-GUIDE", "Audio guide"),),
    ),
    DemoClient(
        "crown",
        _uk("Crown Estates Infrastructure Programme", "1 Parliament View", "London", "SE1 7JU"),
        who("Victoria", "Ashdown", "programme.office@crown.example", "Programme Office"),
        (("CEIP-01", "National programme"),),
    ),
)

CEDAR_CLIENTS = (
    DemoClient(
        "fell",
        _uk("Fellside Joinery", "Beast Banks", "Kendal", "LA9 4JW"),
        who("Alan", "Dixon", "alan@fellside.example"),
    ),
    DemoClient(
        "tarn",
        _uk("Tarn Hows Tea Room", "Hawkshead", "Ambleside", "LA22 0PP"),
        who("Jean", "Postle", "jean@tarn.example"),
    ),
    DemoClient(
        "border",
        _uk("Border Wool Co-operative", "Mill Street", "Carlisle", "CA1 1NS"),
        who("Rory", "Armstrong", "rory@borderwool.example"),
    ),
    DemoClient(
        "lake",
        _uk("Lakeland Boat Hire", "The Pier", "Windermere", "LA23 3HQ"),
        who("Kim", "Stott", "kim@lakeboats.example"),
    ),
)
