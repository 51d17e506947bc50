"""What happened to a document or contact, and notes of one's own (xero-api reference 6.6)."""

from __future__ import annotations

from typing import Any

from xero_sandbox import messages
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.holders import Noted, NotedPath
from xero_sandbox.accounting.replies import single_refusal, success, validation_refusal
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.wire.dates import dotnet, utc_string
from xero_sandbox.wire.fields import read_guid

PLURAL = "HistoryRecords"
NOTE_MAX = 2_500  # characters (reference 4)
NOTES_MAX = 50  # in one call (assumed)
AUTHOR = "System Generated"  # so notes of an app are signed [DOCKET]


def show_history(call: Call, path: NotedPath) -> Reply:
    """Newest first (assumed)."""
    noted = _found(call, path)
    if noted is None:
        return single_refusal(messages.HISTORY_UNKNOWN)
    return success(call, PLURAL, [_entry_json(one) for one in reversed(noted.history)])


def add_notes(call: Call, path: NotedPath) -> Reply:
    """Notes do not move UpdatedDateUTC (assumed)."""
    noted = _found(call, path)
    if noted is None:
        return single_refusal(messages.HISTORY_UNKNOWN)
    asked = call.elements(PLURAL)
    problems = [(one, _problems(one.text("Details") or "")) for one in asked]
    if any(said for _, said in problems) or len(asked) > NOTES_MAX:
        return validation_refusal(
            [
                {**one.values, "ValidationErrors": [{"Message": message} for message in said or [messages.NOTES_FIFTY]]}
                for one, said in problems
                if said or len(asked) > NOTES_MAX
            ]
        )
    entries = [HistoryEntry(call.now, "Note", one.text("Details") or "", AUTHOR) for one in asked]
    noted.history.extend(entries)
    return success(call, PLURAL, [_note_json(one) for one in entries])


def _found(call: Call, path: NotedPath) -> Noted | None:
    return path.find(call, read_guid(call.parts["id"]))


def _problems(details: str) -> list[str]:
    if not details.strip():
        return [messages.NOTE_EMPTY]
    return [messages.too_long("Details", NOTE_MAX)] if len(details) > NOTE_MAX else []


def _entry_json(one: HistoryEntry) -> dict[str, Any]:
    return {
        "Changes": one.changes,
        "DateUTCString": utc_string(one.at).removesuffix("Z"),
        "DateUTC": dotnet(one.at),
        "User": one.user,
        "Details": one.details,
    }


def _note_json(one: HistoryEntry) -> dict[str, Any]:
    """Return what the reply to a note shows [DOCKET]."""
    shown = _entry_json(one)
    return {member: shown[member] for member in ("DateUTCString", "DateUTC", "Details")} | {"ValidationErrors": []}
