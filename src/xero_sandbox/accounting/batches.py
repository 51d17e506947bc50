"""Work through the elements of a write, each by itself (xero-api reference 6.4)."""

from __future__ import annotations

from collections.abc import Callable

from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.replies import Outcome, batch_reply
from xero_sandbox.wire.errors import BadPost
from xero_sandbox.wire.fields import Fields

WriteOne = Callable[[Call, Fields], Outcome]


def write_batch(call: Call, plural: str, flag: str | None, write_one: WriteOne) -> Reply:
    """Return the reply to a write of one or many elements.

    Whether a mixed batch saves its good elements while errors are summarised is not documented: see Readings.
    """
    elements = call.elements(plural)[: call.elements_max]
    all_or_nothing = call.query.flag("summarizeErrors", default=True) and not call.world.readings.mixed_batch_saves_good
    with call.books.change() as change:
        outcomes = [write_one(call, one) for one in elements]
        if all_or_nothing and any(one.errors for one in outcomes):
            change.undo()
    return batch_reply(call, plural, outcomes, flag)


def require_at_most(call: Call, plural: str, most: int) -> None:
    """Refuse a call with more elements than the resource takes (xero-api reference 4; the words are assumed)."""
    if len(call.elements(plural)) > most:
        raise BadPost(f"At most {most} of {plural} in one call")
