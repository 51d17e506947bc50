"""The lines of a document on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_sandbox.books import Books
from xero_sandbox.records.invoice import LineItem
from xero_sandbox.rules.amounts import round_to

Json = dict[str, Any]


def line_json(line: LineItem, books: Books, price_step: Decimal) -> Json:
    shown: Json = {}
    if line.item_code:
        shown["ItemCode"] = line.item_code
        item = books.item_coded(line.item_code)
        if item:
            shown["Item"] = {"ItemID": item.item_id, "Name": item.name, "Code": item.code}
    shown["Description"] = line.description
    if line.unit_amount is not None:
        shown["UnitAmount"] = round_to(line.unit_amount, price_step)
    shown["TaxType"] = line.tax_type
    shown["TaxAmount"] = line.tax_amount
    shown["LineAmount"] = line.line_amount
    if line.account_id:
        shown["AccountCode"] = line.account_code
        shown["AccountID"] = line.account_id
    shown["Tracking"] = [
        {
            "Name": one.category,
            "Option": one.option,
            "TrackingCategoryID": one.category_id,
        }
        for one in line.tracking
    ]
    if line.quantity is not None:
        shown["Quantity"] = line.quantity
    if line.discount_rate is not None:
        shown["DiscountRate"] = line.discount_rate
    if line.discount_amount is not None:
        shown["DiscountAmount"] = line.discount_amount
    shown["LineItemID"] = line.line_id
    shown["ValidationErrors"] = []
    return shown
