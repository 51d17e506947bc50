"""Tracking categories and their options: create, rename, archive, delete (xero-api reference 10)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import require_at_most, write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.replies import Outcome, single_refusal, success
from xero_sandbox.problems import not_found
from xero_sandbox.records.settings import TrackingCategory, TrackingOption
from xero_sandbox.rules.settings import category_problems, option_problems
from xero_sandbox.rules.usage import option_is_used
from xero_sandbox.shapes.settings import option_json, tracking_json
from xero_sandbox.wire.fields import Fields, read_guid

PLURAL, OPTIONS = "TrackingCategories", "Options"
NO_FLAG = None


def put_category(call: Call) -> Reply:
    require_at_most(call, PLURAL, 1)
    return write_batch(call, PLURAL, NO_FLAG, lambda call_, asked: _save(call_, asked, None))


def post_category(call: Call) -> Reply:
    require_at_most(call, PLURAL, 1)
    target = _found(call)
    return write_batch(call, PLURAL, NO_FLAG, lambda call_, asked: _save(call_, asked, target))


def delete_category(call: Call) -> Reply:
    """What documents name can only be archived (assumed)."""
    category = _found(call)
    if option_is_used(call.books, frozenset(one.option_id for one in category.options)):
        return single_refusal(messages.TRACKING_IN_USE)
    call.books.set_tracking([one for one in call.organisation.tracking if one.category_id != category.category_id])
    return success(call, PLURAL, [tracking_json(replace(category, status="DELETED", options=[]), archived=True)])


def put_options(call: Call) -> Reply:
    category_id = _found(call).category_id
    return write_batch(call, OPTIONS, NO_FLAG, lambda call_, asked: _save_option(call_, asked, category_id, None))


def post_option(call: Call) -> Reply:
    require_at_most(call, OPTIONS, 1)
    category = _found(call)
    option = _found_option(call, category)
    return write_batch(
        call, OPTIONS, NO_FLAG, lambda call_, asked: _save_option(call_, asked, category.category_id, option)
    )


def delete_option(call: Call) -> Reply:
    category = _found(call)
    option = _found_option(call, category)
    if option_is_used(call.books, frozenset({option.option_id})):
        return single_refusal(messages.TRACKING_IN_USE)
    kept = [one for one in category.options if one.option_id != option.option_id]
    _put_back(call, replace(category, options=kept))
    return success(call, OPTIONS, [option_json(replace(option, status="DELETED"))])


def _save(call: Call, asked: Fields, target: TrackingCategory | None) -> Outcome:
    category = replace(target) if target else TrackingCategory(str(uuid4()), "")
    category.name = asked.stripped("Name") or category.name
    category.status = asked.stripped("Status") or category.status
    problems = category_problems(call.books, category)
    if problems:
        return Outcome(dict(asked.values), problems)
    _put_back(call, category)
    return Outcome(tracking_json(category, archived=True))


def _save_option(call: Call, asked: Fields, category_id: str, target: TrackingOption | None) -> Outcome:
    category = next(one for one in call.organisation.tracking if one.category_id == category_id)
    option = replace(target) if target else TrackingOption(str(uuid4()), "")
    option.name = asked.stripped("Name") or option.name
    option.status = asked.stripped("Status") or option.status
    problems = option_problems(category, option)
    if problems:
        return Outcome(dict(asked.values), problems)
    kept = [option if one.option_id == option.option_id else one for one in category.options]
    _put_back(call, replace(category, options=kept if target else [*kept, option]))
    return Outcome(option_json(option))


def _put_back(call: Call, category: TrackingCategory) -> None:
    """Save a category in its place, or at the end."""
    before = call.organisation.tracking
    after = [category if one.category_id == category.category_id else one for one in before]
    known = any(one.category_id == category.category_id for one in before)
    call.books.set_tracking(after if known else [*after, category])


def _found(call: Call) -> TrackingCategory:
    wanted = read_guid(call.parts["id"])
    for one in call.organisation.tracking:
        if one.category_id == wanted:
            return one
    raise not_found()


def _found_option(call: Call, category: TrackingCategory) -> TrackingOption:
    wanted = read_guid(call.parts["option_id"])
    for one in category.options:
        if one.option_id == wanted:
            return one
    raise not_found()
