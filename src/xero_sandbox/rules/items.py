"""What an item of the price list may say (xero-api reference 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.records.item import Item, ItemDetails
from xero_sandbox.rules.amounts import round_to
from xero_sandbox.rules.lines import PRICE_STEP
from xero_sandbox.wire.fields import Fields

# Member, attribute, longest text (reference 10 [OAS]).
TEXTS = (
    ("Code", "code", 30),
    ("Name", "name", 50),
    ("Description", "description", 4_000),
    ("PurchaseDescription", "purchase_description", 4_000),
)


def changed_item(
    books: Books, target: Item | None, asked: Fields, item_id: str, now: datetime
) -> tuple[Item, list[str]]:
    """Return the item as the request wants it, and what forbids that. Omitted members stay as they are."""
    item = replace(target, updated=now, history=list(target.history)) if target else Item(item_id, "", now)
    problems: list[str] = []
    for member, attribute, limit in TEXTS:
        text = asked.text(member)
        if text is None:
            continue
        if len(text) > limit:
            problems.append(messages.too_long(member, limit))
        setattr(item, attribute, text.strip() if member == "Code" else text)
    if not item.code:
        problems.append(messages.ITEM_CODE_MISSING)
    if asked.flag("IsTrackedAsInventory"):
        problems.append(messages.ITEM_NOT_TRACKED)
    item.is_sold = _kept(asked.flag("IsSold"), item.is_sold)
    item.is_purchased = _kept(asked.flag("IsPurchased"), item.is_purchased)
    item.sales, complaints = _details(books, asked.child("SalesDetails"), item.sales, wanted=item.is_sold)
    item.purchase, more = _details(books, asked.child("PurchaseDetails"), item.purchase, wanted=item.is_purchased)
    return item, problems + complaints + more


def code_problems(books: Books, item: Item) -> list[str]:
    """Codes are unique (message 31)."""
    holder = books.item_coded(item.code)
    return [messages.item_code_taken(item.code)] if holder and holder.item_id != item.item_id else []


def _kept(given: bool | None, before: bool) -> bool:  # noqa: FBT001  # two values of one member
    return before if given is None else given


def _details(books: Books, asked: Fields | None, before: ItemDetails, *, wanted: bool) -> tuple[ItemDetails, list[str]]:
    """Setting IsSold or IsPurchased false empties that side (reference 10)."""
    if not wanted:
        return ItemDetails(), []
    if asked is None:
        return before, []
    details = replace(before)
    problems: list[str] = []
    price = asked.decimal("UnitPrice")
    if price is not None:
        details.unit_price = round_to(price, PRICE_STEP)
    code = asked.stripped("AccountCode")
    if code:
        account = books.account_coded(code)
        if account is None or account.status != "ACTIVE":
            problems.append(messages.account_invalid(code))
        details.account_code = code
    tax_type = asked.stripped("TaxType")
    if tax_type:
        details.tax_type = tax_type.upper()
        rate = books.organisation.tax_rates.get(details.tax_type)
        if rate is None or rate.status != "ACTIVE":
            problems.append(messages.tax_type_unknown(details.tax_type))
    return details, problems
