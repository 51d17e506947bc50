"""A thing that an organisation sells or buys, as its price list has it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from xero_sandbox.records.attached import HistoryEntry


@dataclass(slots=True)
class ItemDetails:
    """One side of an item: selling or buying."""

    unit_price: Decimal | None = None
    account_code: str = ""
    tax_type: str = ""


@dataclass(slots=True)
class Item:
    item_id: str
    code: str
    updated: datetime
    name: str = ""
    description: str = ""
    purchase_description: str = ""
    is_sold: bool = True
    is_purchased: bool = True
    sales: ItemDetails = field(default_factory=ItemDetails)
    purchase: ItemDetails = field(default_factory=ItemDetails)
    history: list[HistoryEntry] = field(default_factory=list)
