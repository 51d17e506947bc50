"""An item of the price list on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_sandbox.records.item import Item, ItemDetails
from xero_sandbox.rules.amounts import round_to
from xero_sandbox.wire.dates import dotnet

Json = dict[str, Any]


def item_json(one: Item, price_step: Decimal) -> Json:
    shown: Json = {"ItemID": one.item_id, "Code": one.code}
    texts = (
        ("Name", one.name),
        ("Description", one.description),
        ("PurchaseDescription", one.purchase_description),
    )
    shown |= {member: text for member, text in texts if text}
    return shown | {
        "UpdatedDateUTC": dotnet(one.updated),
        "PurchaseDetails": _details(one.purchase, price_step),
        "SalesDetails": _details(one.sales, price_step),
        "IsTrackedAsInventory": False,
        "IsSold": one.is_sold,
        "IsPurchased": one.is_purchased,
    }


def _details(one: ItemDetails, price_step: Decimal) -> Json:
    shown: Json = {}
    if one.unit_price is not None:
        shown["UnitPrice"] = round_to(one.unit_price, price_step)
    if one.account_code:
        shown["AccountCode"] = one.account_code
    if one.tax_type:
        shown["TaxType"] = one.tax_type
    return shown
