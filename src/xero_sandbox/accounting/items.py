"""Items: read, create, update by id or code, delete (xero-api reference 10)."""

from __future__ import annotations

from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import require_at_most, write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, answer_list, chosen
from xero_sandbox.accounting.replies import Outcome, success
from xero_sandbox.problems import not_found
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.records.item import Item
from xero_sandbox.rules.items import changed_item, code_problems
from xero_sandbox.shapes.items import item_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import NO_GUID, Fields, looks_like_guid

FLAG = None  # items carry no such member [OAS]
ITEMS_MAX = 500  # in one call (reference 4)
ITEMS: Table[Item] = Table(
    "Items",
    {
        "itemid": Field(Kind.TEXT, lambda one: one.item_id),
        "code": Field(Kind.TEXT, lambda one: one.code),
        "name": Field(Kind.TEXT, lambda one: one.name),
        "description": Field(Kind.TEXT, lambda one: one.description),
        "issold": Field(Kind.FLAG, lambda one: one.is_sold),
        "ispurchased": Field(Kind.FLAG, lambda one: one.is_purchased),
        "salesdetails.unitprice": Field(Kind.NUMBER, lambda one: one.sales.unit_price),
        "purchasedetails.unitprice": Field(Kind.NUMBER, lambda one: one.purchase.unit_price),
        "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
    },
    id_of=lambda one: one.item_id,
    updated_of=lambda one: one.updated,
)


def list_items(call: Call) -> Reply:
    page = chosen(call, ITEMS, lambda _: call.organisation.items.values(), lambda _one: True)
    return answer_list(call, "Items", [item_json(one, call.price_step) for one in page.records], None)


def show_item(call: Call) -> Reply:
    return success(call, "Items", [item_json(_found(call), call.price_step)])


def put_items(call: Call) -> Reply:
    require_at_most(call, "Items", ITEMS_MAX)
    return write_batch(call, "Items", FLAG, _create)


def post_items(call: Call) -> Reply:
    require_at_most(call, "Items", ITEMS_MAX)
    return write_batch(call, "Items", FLAG, _create_or_update)


def post_item(call: Call) -> Reply:
    target = _found(call)
    return write_batch(call, "Items", FLAG, lambda call_, asked: _save(call_, asked, target))


def delete_item(call: Call) -> Reply:
    """An item may go even when lines name it: they keep its code (assumed)."""
    call.books.remove_item(_found(call))
    return Reply(204, content_type=None)


def _create(call: Call, asked: Fields) -> Outcome:
    if asked.guid("ItemID"):
        return _refused(asked, [messages.ITEM_ID_ON_CREATE], None)
    return _save(call, asked, None)


def _create_or_update(call: Call, asked: Fields) -> Outcome:
    """Match by id, else by code (reference 10)."""
    item_id = asked.guid("ItemID")
    target = call.organisation.items.get(item_id) if item_id else call.books.item_coded(asked.stripped("Code") or "")
    if item_id and target is None:
        return _refused(asked, [messages.not_found_by_id("Item")], None)
    return _save(call, asked, target)


def _save(call: Call, asked: Fields, target: Item | None) -> Outcome:
    item, problems = changed_item(call.books, target, asked, str(uuid4()), call.now)
    problems += code_problems(call.books, item)
    if problems:
        return _refused(asked, problems, target)
    change = "Edited" if target else "Created"
    item.history.append(HistoryEntry(call.now, change, f"Item {item.code}", call.person_name))
    call.books.save_item(item)
    return Outcome(item_json(item, call.price_step))


def _refused(asked: Fields, problems: list[str], target: Item | None) -> Outcome:
    return Outcome({**dict(asked.values), "ItemID": target.item_id if target else NO_GUID}, problems)


def _found(call: Call) -> Item:
    """Return the item whose id or code is in the path."""
    asked = call.parts["id"]
    item = call.organisation.items.get(asked.lower()) if looks_like_guid(asked) else call.books.item_coded(asked)
    if item is None:
        raise not_found()
    return item
