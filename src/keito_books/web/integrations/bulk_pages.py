"""Put together what the pages of a bulk copy show: the preview, and the progress of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.connections.queries import live_connection
from keito_books.invoicing.models import Invoice
from keito_books.mapping.queries import preferences_of
from keito_books.syncing.backfill import Findings, Seen, findings_of
from keito_books.syncing.explanations import WAITS, WAITS_WITH_A_TIME, Explanation, Place
from keito_books.syncing.models import Run, Search
from keito_books.syncing.preflight import Finding, Severity
from keito_books.syncing.preview import Cause, Item, Preview, item_of, preview
from keito_books.syncing.progress import FailedBecause, Progress
from keito_books.web.integrations.places import address_of
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, may

# Beyond this a list helps nobody; the counts say the rest.
ROWS_MAX = 100
ROWS_PER_CAUSE = 20
REMARKS_MAX = 20
# How often the page asks, in seconds.
_WHILE_MOVING, _WHILE_RESTING = 2, 15
# Settings cure all invoices of a cause at once; the others lead to one document each.
_CURES_ALL = (Place.ACCOUNTS, Place.TAXES, Place.TRACKING, Place.CONNECTION)
_STATES_THERE = {
    "draft": "Draft",
    "submitted": "Awaiting approval",
    "approved": "Awaiting payment",
    "paid": "Paid",
    "voided": "Voided, keeps its number",
    "deleted": "Deleted, keeps its number",
}


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
    severity: Severity | None = None


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
        return cls(member, back, connection, preview(invoices, connection, now=timezone.now()))

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
        return [self._shown(cause.finding, cause.items) for cause in self.found.causes]

    @property
    def remarks(self) -> Sequence[Cause]:
        """Return what is good to know about the ready ones."""
        return self.found.remarks[:REMARKS_MAX]

    @property
    def taken(self) -> Sequence[Seen]:
        """Return the invoices whose number something else holds there; only a search knows any."""
        return ()

    @property
    def ours(self) -> Sequence[Seen]:
        return ()

    @property
    def sends_payments(self) -> bool:
        return self.connection is not None and bool(preferences_of(self.connection).payment_account_id)

    @property
    def leads_to_connection(self) -> bool:
        return bool(self.problem) and may(self.member, Ability.MANAGE_INTEGRATIONS)

    def _shown(self, finding: Finding, items: Sequence[Item]) -> CauseShown:
        explanation = finding.explanation
        for_all = self._address(explanation, items[0]) if explanation.place in _CURES_ALL else ""
        rows = [CauseRow(item, "" if for_all else self._address(explanation, item)) for item in items[:ROWS_PER_CAUSE]]
        more = max(0, len(items) - ROWS_PER_CAUSE)
        return CauseShown(explanation, len(items), for_all, rows, more, finding.severity)

    def _address(self, explanation: Explanation, item: Item) -> str:
        return address_of(
            explanation.place, slug=self.member.workspace.slug, invoice_id=item.id, client_id=item.client_id
        )


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One invoice whose number is taken, and where to look at what has it."""

    seen: Seen
    address: str

    @property
    def words(self) -> str:
        """Return its state there, in the words of its own pages."""
        return _STATES_THERE.get(self.seen.sighting.status, "another state")


class SearchPage(PreviewPage):
    """A search for older invoices: how far it is, then what it found."""

    def __init__(self, search: Search, member: Membership) -> None:
        is_through = search.finished_at is not None and not search.problem
        self.search = search
        self.findings = findings_of(search, now=timezone.now()) if is_through else Findings(Preview(), [], [])
        super().__init__(member, "", search.connection, self.findings.preview, problem=self._why_not())

    @property
    def may_start(self) -> bool:
        return bool(self.found.ready) and not self.problem and may(self.member, Ability.COPY_INVOICES)

    @property
    def taken(self) -> Sequence[Seen]:
        return self.findings.taken

    @property
    def ours(self) -> Sequence[Seen]:
        return self.findings.ours

    @property
    def taken_rows(self) -> list[TakenRow]:
        documents = provider_for(self.search.connection.provider).documents
        short_code = self.search.connection.short_code
        return [
            TakenRow(seen, documents.invoice_address(short_code=short_code, remote_id=seen.sighting.remote_id))
            for seen in self.taken[:ROWS_MAX]
        ]

    @property
    def taken_more(self) -> int:
        return max(0, len(self.taken) - ROWS_MAX)

    @cached_property
    def sighted(self) -> int:
        return self.search.sightings.count()

    @property
    def because(self) -> str:
        """Return what the search waits for, in words; empty while it goes on."""
        because = self.search.waiting_because
        return WAITS.get(because, "") if because not in ("", "lease") else ""

    @property
    def until(self) -> datetime | None:
        return self.search.next_at if self.search.waiting_because in WAITS_WITH_A_TIME else None

    def _why_not(self) -> str:
        """Return why what was found can't be copied now."""
        live = live_connection(self.search.workspace)
        if live is None or live.pk != self.search.connection_id or live.epoch != self.search.epoch:
            return "This search was made before Xero was disconnected. Search again to copy what it shows."
        if not live.is_active:
            return WAITS["expired"]
        return ""


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
