"""What an organisation's records were before their newest changes, for reads that lag behind writes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xero_sandbox.records.organisation import Organisation

KEPT = 10_000  # changes; older ones are as old as they ever were
TABLES = (
    "contacts", "groups", "invoices", "credits", "payments", "bank_transactions", "batch_payments", "items",
    "accounts", "tax_rates",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Former:
    """A record as it was until a moment; None: there was none."""

    until: datetime
    table: str
    key: str
    record: object


class Past:
    """The newest changes of one organisation, oldest first. Records are replaced, never changed, so none is copied."""

    def __init__(self, organisation: Organisation, now: Callable[[], datetime]) -> None:
        self._organisation = organisation
        self._now = now
        self._names = {id(getattr(organisation, name)): name for name in TABLES}
        self._formers: deque[Former] = deque(maxlen=KEPT)

    def note(self, table: Mapping[str, object], key: str) -> None:
        """Keep what a table holds under a key, which is about to change."""
        self._formers.append(Former(self._now(), self._names[id(table)], key, table.get(key)))

    def as_of(self, moment: datetime) -> Organisation:
        """Return the organisation with its records as they were; its settings and tracking are today's."""
        tables: dict[str, Any] = {}  # of any record
        for former in reversed(self._formers):
            if former.until <= moment:
                break
            table = tables.setdefault(former.table, dict(getattr(self._organisation, former.table)))
            if former.record is None:
                table.pop(former.key, None)
            else:
                table[former.key] = former.record
        return replace(self._organisation, **tables)
