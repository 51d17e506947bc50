"""Say entries of the audit trail in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from keito_books.invoicing import trail
from keito_books.web.integrations import hooks
from keito_books.workspaces import words
from keito_books.workspaces.models import AuditEntry

_ICONS = {
    "invoice.drafted": "file-pen",
    "invoice.changed": "pencil",
    "invoice.deleted": "trash-2",
    "invoice.sent": "send",
    "invoice.sent_again": "send",
    "invoice.reminded": "bell",
    "invoice.closed": "circle-slash",
    "invoice.reverted": "undo-2",
    "invoice.renumbered": "hash",
    "payment.recorded": "coins",
    "payment.deleted": "trash-2",
}
_KINDS = {"client": "users", "project": "folder", "settings": "settings", "person": "user", "workspace": "building-2"}


_GONE = ("invoice.deleted", "client.deleted")
# kinds of things that have a page of their own, and the page's name
_PAGES = {"invoice": "invoice", "client": "client", "run": "xero_run", "search": "xero_search"}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry: who (or Keito Books by itself), what they did, with an icon and the page of the thing, if any."""

    entry: AuditEntry
    who: str
    what: str
    icon: str
    page: str


def steps_of(entries: Iterable[AuditEntry]) -> list[Step]:
    return [_step(entry) for entry in entries]


def _step(entry: AuditEntry) -> Step:
    what = trail.describe(entry) or words.describe(entry) or hooks.describe(entry) or _plainly(entry)
    icon = _ICONS.get(entry.action) or hooks.icon_of(entry) or _KINDS.get(entry.object_kind, "circle-dot")
    page = "" if entry.action in _GONE else _PAGES.get(entry.object_kind, "")
    return Step(entry, str(entry.person) if entry.person else "Keito Books", what, icon, page)


def _plainly(entry: AuditEntry) -> str:
    return entry.action.replace(".", " ").replace("_", " ")
