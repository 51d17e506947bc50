"""The one catalogue of what is said to people: refusals, findings before sending, and waits."""

from __future__ import annotations

from collections.abc import Mapping

from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.explanations.causes import CAUSES
from keito_books.syncing.explanations.entries import Explanation, Place, before_sending, filled
from keito_books.syncing.explanations.notices import NOTICES, NoticeCode
from keito_books.syncing.explanations.refusals import REFUSALS
from keito_books.syncing.explanations.waits import WAITS, WAITS_WITH_A_TIME

__all__ = [
    "CAUSES",
    "WAITS",
    "WAITS_WITH_A_TIME",
    "Explanation",
    "NoticeCode",
    "Place",
    "before_sending",
    "explain",
    "notice",
    "refusal_from_json",
    "refusal_to_json",
]

_CODES = {code.value: code for code in RefusalCode}


def explain(refusal: Refusal) -> Explanation:
    """Return the words for a refusal, with its details filled in."""
    return filled(REFUSALS[refusal.code], refusal.details)


def notice(code: NoticeCode, details: Mapping[str, str] | None = None) -> Explanation:
    """Return the words for what is known before sending, with its details filled in."""
    return filled(NOTICES[code], details or {})


def refusal_to_json(refusal: Refusal) -> dict[str, object]:
    return {"code": refusal.code.value, "messages": list(refusal.messages), "details": dict(refusal.details)}


def refusal_from_json(kept: Mapping[str, object]) -> Refusal:
    """Read a kept refusal back; a code of a newer version reads as UNKNOWN."""
    known = _CODES.get(str(kept.get("code", "")), RefusalCode.UNKNOWN)
    messages, details = kept.get("messages"), kept.get("details")
    return Refusal(
        known,
        tuple(str(each) for each in messages) if isinstance(messages, list) else (),
        {str(name): str(value) for name, value in details.items()} if isinstance(details, dict) else {},
    )
