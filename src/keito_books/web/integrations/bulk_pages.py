"""Put together what the pages of a bulk copy show: the preview, and the progress of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice
from keito_books.mapping.queries import preferences_of
from keito_books.syncing.explanations import Explanation, Place
from keito_books.syncing.models import Run
from keito_books.syncing.preview import Item, Preview, item_of, preview
from keito_books.syncing.progress import FailedBecause, Progress
from keito_books.web.integrations.places import address_of
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, may

# Beyond this a list helps nobody; the counts say the rest.
ROWS_MAX = 100
ROWS_PER_CAUSE = 20
# How often the page asks, in seconds.
_WHILE_MOVING, _WHILE_RESTING = 2, 15
# Settings cure all invoices of a cause at once; the others lead to one document each.
_CURES_ALL = (Place.ACCOUNTS, Place.TAXES, Place.TRACKING, Place.CONNECTION)


@dataclass(frozen=True, slots=True)
class Rows:
    """The first of some invoices, and how many more there are."""

    items: Sequence[Item]
    more: int

    @classmethod
    def of(cls, items: Sequence[Item], most: int = ROWS_MAX) -> Rows:
        return cls(items[:most], max(0, len(items) - most))


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One invoice that is held back, and where its own cause is mended."""

    item: Item
    address: str


@dataclass(frozen=True, slots=True)
class CauseShown:
    """One cause: its words, where it is mended for all at once (else ""), and the first of its invoices."""

    explanation: Explanation
    count: int
    address: str
    rows: Sequence[CauseRow]
    more: int


@dataclass
class PreviewPage:
    """`problem` is why nothing can be copied at all now; `back` the end of the list's address."""

    member: Membership
    back: str
    connection: Connection | None = None
    found: Preview = field(default_factory=Preview)
    problem: str = ""

    @classmethod
    def of(cls, invoices: QuerySet[Invoice], connection: Connection, *, member: Membership, back: str) -> PreviewPage:
        return cls(member, back, connection, preview(invoices, connection))

    @property
    def ids(self) -> str:
        """Return the ids of the ready ones: exactly what was shown is what is copied."""
        return ",".join(str(item.id) for item in self.found.ready)

    @property
    def ready(self) -> Rows:
        return Rows.of(self.found.ready)

    @property
    def done(self) -> Rows:
        return Rows.of(self.found.done)

    @property
    def moving(self) -> Rows:
        return Rows.of(self.found.moving)

    @property
    def apart(self) -> Rows:
        return Rows.of(self.found.apart)

    @property
    def causes(self) -> list[CauseShown]:
        return [self._shown(cause.explanation, cause.items) for cause in self.found.causes]

    @property
    def sends_payments(self) -> bool:
        return self.connection is not None and bool(preferences_of(self.connection).payment_account_id)

    @property
    def leads_to_connection(self) -> bool:
        return bool(self.problem) and may(self.member, Ability.MANAGE_INTEGRATIONS)

    def _shown(self, explanation: Explanation, items: Sequence[Item]) -> CauseShown:
        for_all = self._address(explanation, items[0]) if explanation.place in _CURES_ALL else ""
        rows = [CauseRow(item, "" if for_all else self._address(explanation, item)) for item in items[:ROWS_PER_CAUSE]]
        return CauseShown(explanation, len(items), for_all, rows, max(0, len(items) - ROWS_PER_CAUSE))

    def _address(self, explanation: Explanation, item: Item) -> str:
        return address_of(
            explanation.place, slug=self.member.workspace.slug, invoice_id=item.id, client_id=item.client_id
        )


@dataclass
class RunPage:
    """How a run stands, for one person."""

    progress: Progress
    member: Membership
    now: datetime
    problem: str = ""

    @property
    def may_act(self) -> bool:
        return may(self.member, Ability.COPY_INVOICES)

    @property
    def may_resume(self) -> bool:
        return self.may_act and self.progress.is_paused

    @property
    def may_pause(self) -> bool:
        return (
            self.may_act and not self.progress.is_over and not self.progress.is_paused and self.run.cancelled_at is None
        )

    @property
    def may_cancel(self) -> bool:
        return self.may_act and not self.progress.is_over and self.run.cancelled_at is None

    @property
    def may_retry(self) -> bool:
        return self.may_act and self.progress.failed > 0 and not self.progress.is_paused

    @property
    def run(self) -> Run:
        return self.progress.run

    @property
    def asks_again(self) -> bool:
        """Say whether the page goes on asking: until everything has come to its end."""
        return not self.progress.is_over

    @property
    def seconds(self) -> int:
        return _WHILE_MOVING if self.progress.is_moving else _WHILE_RESTING

    @cached_property
    def seen(self) -> str:
        """Return a short word for what is shown, so that an unchanged page need not be sent again."""
        shown = self.progress
        # What is written out rounded is compared rounded: the estimate moves by seconds all the time.
        calm = replace(
            shown,
            per_minute=round(shown.per_minute) if shown.per_minute else None,
            ends_at=shown.ends_at.replace(second=0, microsecond=0) if shown.ends_at else None,
        )
        parts = (calm, self.run.paused_at, self.run.cancelled_at, self.problem)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def causes(self) -> list[CauseShown]:
        return [_failed(each, self.member.workspace.slug) for each in self.progress.causes]


def _failed(cause: FailedBecause, slug: str) -> CauseShown:
    def address(invoice: Invoice) -> str:
        return address_of(cause.explanation.place, slug=slug, invoice_id=invoice.pk, client_id=invoice.client_id)

    for_all = address(cause.invoices[0]) if cause.explanation.place in _CURES_ALL else ""
    rows = [CauseRow(item_of(invoice), "" if for_all else address(invoice)) for invoice in cause.invoices]
    return CauseShown(cause.explanation, cause.count, for_all, rows, max(0, cause.count - len(rows)))
