"""What the workspaces of the demo sold: a price list, and one row for each invoice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Offer:
    """Something on the price list."""

    category: str
    description: str
    quantity: Decimal
    unit_price: Decimal


class Ending(StrEnum):
    """How far an invoice got."""

    DRAFT = "draft"
    OPEN = "open"
    PARTLY_PAID = "partly paid"
    PAID = "paid"
    PAID_IN_PARTS = "paid in parts"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice: issued so many days ago, to whom, for which offers, and how it ended."""

    days_ago: int
    client: str
    offers: str  # keys of the price list
    ending: Ending
    discount: str = "0"
    purchase_order: str = ""
    has_eco_levy: bool = False
    subject: str = ""


def _offer(category: str, description: str, quantity: str, unit_price: str) -> Offer:
    return Offer(category, description, Decimal(quantity), Decimal(unit_price))


PRICE_LIST = {
    "discovery": _offer("Service", "Discovery workshop, one day, two facilitators", "1", "1450"),
    "design": _offer("Service", "Interface design", "18.5", "92.50"),
    "build": _offer("Service", "Front-end development", "42.25", "88"),
    "backend": _offer("Service", "Back-end development", "31.75", "96"),
    "review": _offer("Service", "Accessibility review with report", "1", "780"),
    "copy": _offer("Service", "Copywriting, 12 pages", "12", "64.99"),
    "support": _offer("Service", "Support retainer, monthly", "1", "650"),
    "thirds": _offer("Service", "Consulting, 20 minutes at a time", "7.333333", "115"),
    "photo": _offer("Service", "Product photography\n– 24 pictures\n– cut out and retouched", "24", "17.35"),
    "hosting": _offer("Product", "Managed hosting, quarter", "3", "49.95"),
    "fonts": _offer("Product", "Typeface licence, desktop and web", "1", "289"),
    "print": _offer("Product", "Printed style guide, A5, 500 copies", "500", "1.1275"),
    "emails": _offer("Product", "E-mails sent through the platform", "18420", "0.0035"),
    "travel": _offer("Expense", "Rail travel Bristol – London, return", "2", "84.30"),
    "courier": _offer("Expense", "Courier", "1", "12.60"),
    "programme": _offer("Service", "Programme delivery, phases 1 to 3, as per framework agreement", "1", "10288065.75"),
    "goodwill": _offer("Service", "Goodwill for the late start", "1", "-150"),
}  # fmt: skip

_D, _O, _PP = Ending.DRAFT, Ending.OPEN, Ending.PARTLY_PAID
_P, _PIP, _C = Ending.PAID, Ending.PAID_IN_PARTS, Ending.CLOSED

FERNHILL_BILLS = (
    Bill(266, "harbour", "discovery travel", _P),
    Bill(261, "oakfield", "design", _P),
    Bill(255, "brightwater", "discovery design build", _PIP, purchase_order="BW-PO-11820"),
    Bill(249, "tidal", "photo fonts", _P),
    Bill(244, "muller", "design copy", _P),
    Bill(240, "summit", "discovery", _P),
    Bill(236, "northgate", "review travel", _P, purchase_order="4500071193"),
    Bill(231, "mercer", "thirds", _P),
    Bill(227, "lantern", "design build", _P, discount="10"),
    Bill(223, "sakura", "design", _P),
    Bill(219, "harbour", "build hosting", _P),
    Bill(214, "hellas", "copy", _C),
    Bill(208, "cafe", "photo", _P),
    Bill(203, "brightwater", "build backend", _P, purchase_order="BW-PO-11956"),
    Bill(199, "obrien", "support", _P),
    Bill(194, "museum", "discovery review", _P),
    Bill(188, "greenline", "build emails", _P, has_eco_levy=True),
    Bill(183, "kestrel", "backend travel", _PIP),
    Bill(177, "nino", "design fonts", _P),
    Bill(171, "stitch", "support", _C),
    Bill(166, "longyun", "copy", _P),
    Bill(160, "bayou", "backend", _P),
    Bill(155, "oakfield", "support hosting", _P),
    Bill(149, "tidal", "print courier", _P, has_eco_levy=True),
    Bill(144, "zorya", "design", _P),
    Bill(138, "northgate", "build", _PIP, purchase_order="4500073302"),
    Bill(133, "harbour", "support", _P),
    Bill(127, "noor", "design copy", _P),
    Bill(122, "smorgas", "thirds", _P),
    Bill(116, "pixel", "discovery build backend", _P, discount="15", subject="First release 🚀"),
    Bill(111, "lantern", "support", _P, discount="10"),
    Bill(105, "mercer", "thirds travel", _P),
    Bill(99, "society", "print fonts", _O),
    Bill(94, "hanbit", "design", _P),
    Bill(88, "brightwater", "support emails", _P, purchase_order="BW-PO-12077"),
    Bill(83, "kestrel", "build", _PP),
    Bill(77, "ganga", "photo", _O),
    Bill(72, "museum", "build goodwill", _P),
    Bill(66, "shalom", "design", _PP),
    Bill(61, "greenline", "backend print", _O, has_eco_levy=True),
    Bill(57, "zolty", "copy", _O),
    Bill(52, "obrien", "support courier", _C),
    Bill(48, "sawasdee", "photo copy", _PP),
    Bill(43, "oakfield", "design hosting", _O),
    Bill(38, "crown", "programme", _O, purchase_order="CEIP/FW/2026/001"),
    Bill(34, "summit", "backend review", _PP),
    Bill(29, "harbour", "build travel", _O, purchase_order="HS-2291"),
    Bill(27, "muller", "print fonts", _O),
    Bill(24, "tidal", "support", _P),
    Bill(22, "lantern", "review", _O, discount="10"),
    Bill(20, "brightwater", "build backend emails", _PP, discount="2.5", purchase_order="BW-PO-12190"),
    Bill(17, "noor", "print", _O),
    Bill(15, "pixel", "support", _O),
    Bill(13, "sakura", "copy review", _O),
    Bill(11, "northgate", "build hosting", _O, purchase_order="4500075518"),
    Bill(9, "mercer", "thirds", _O),
    Bill(7, "cafe", "photo courier", _O),
    Bill(6, "harbour", "support hosting", _P),
    Bill(5, "museum", "review travel", _O, discount="5"),
    Bill(4, "obrien", "support", _O),
    Bill(3, "oakfield", "build", _D),
    Bill(2, "brightwater", "discovery travel", _D, purchase_order="BW-PO-12233"),
    Bill(2, "tidal", "photo", _D),
    Bill(1, "society", "copy print", _D),
    Bill(1, "hellas", "design", _D),
    Bill(0, "pixel", "backend", _D, discount="15"),
)  # fmt: skip

CEDAR_BILLS = (
    Bill(96, "fell", "design hosting", _P),
    Bill(71, "tarn", "photo", _P),
    Bill(44, "border", "copy", _PP),
    Bill(26, "lake", "support", _O),
    Bill(8, "fell", "support", _O),
    Bill(1, "tarn", "print", _D),
)  # fmt: skip
