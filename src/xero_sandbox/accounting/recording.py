"""What writes of documents share: who writes, when, under which rules."""

from __future__ import annotations

from xero_sandbox.accounting.call import Call
from xero_sandbox.posting import Posting
from xero_sandbox.rules.invoices import Writing
from xero_sandbox.rules.permissions import BEFORE_LOCK, may


def posting_of(call: Call) -> Posting:
    return Posting(call.books, call.now, call.person_name, call.access.client_id, _touches(call))


def writing_of(call: Call) -> Writing:
    return Writing(call.books, call.now, call.today, call.price_step, is_adviser(call), call.world.readings)


def _touches(call: Call) -> bool:
    return call.world.readings.payments_touch_their_document


def is_adviser(call: Call) -> bool:
    """Whether the person may post before the period lock date."""
    return may(call.role, BEFORE_LOCK)


def change_word(before: str | None, after: str) -> str:
    """Return what a history calls the step from one status to another; None stands for a new document."""
    if before is None:
        return "Created"
    if before == after:
        return "Edited"
    return {"AUTHORISED": "Approved", "VOIDED": "Voided", "DELETED": "Deleted"}.get(after, "Edited")
