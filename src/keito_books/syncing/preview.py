"""Say what would become of many invoices if they were copied now, from what is known here: no call is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice, State
from keito_books.syncing.explanations import Explanation
from keito_books.syncing.models import Job
from keito_books.syncing.preflight import Finding, Report, report
from keito_books.syncing.preflight.reading import jobs_of
from keito_books.syncing.preflight.rules import RULES, Rule
from keito_books.syncing.queue import OPEN_STATES

# One run of this many takes about ten minutes at Xero's limits; the rest can follow in another one.
INVOICES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Item:
    """One invoice of the preview; what it takes to name it, and no more, since there may be thousands."""

    id: UUID
    number: str
    client_id: UUID
    client_name: str
    issued_on: date
    amount: Decimal
    currency: str
    failed_before: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One finding, and the invoices that have it."""

    finding: Finding
    items: tuple[Item, ...]

    @property
    def explanation(self) -> Explanation:
        return self.finding.explanation


@dataclass
class Preview:
    """The invoices by what would become of them. Drafts and closed ones are `apart`, since they are never copied;
    `left_out` counts those beyond the most that one run takes."""

    ready: list[Item] = field(default_factory=list)
    apart: list[Item] = field(default_factory=list)
    done: list[Item] = field(default_factory=list)
    moving: list[Item] = field(default_factory=list)
    blocked: list[Item] = field(default_factory=list)
    left_out: int = 0
    report: Report = field(default_factory=lambda: Report({}, None, None))

    @property
    def count(self) -> int:
        return len(self.ready) + len(self.apart) + len(self.done) + len(self.moving) + len(self.blocked)

    @cached_property
    def causes(self) -> list[Cause]:
        """Return what holds invoices back, the one that holds most of them first."""
        return _grouped(self.blocked, self.report, holding_back=True)

    @cached_property
    def remarks(self) -> list[Cause]:
        """Return what is good to know about those that are ready, what concerns most of them first."""
        return _grouped(self.ready, self.report, holding_back=False)

    @cached_property
    def sums(self) -> list[tuple[str, Decimal]]:
        """Return what the ready ones come to, by currency."""
        sums: dict[str, Decimal] = {}
        for item in self.ready:
            sums[item.currency] = sums.get(item.currency, Decimal(0)) + item.amount
        return sorted(sums.items())

    @property
    def failed_before(self) -> int:
        return sum(item.failed_before for item in self.ready)


def preview(
    invoices: QuerySet[Invoice], connection: Connection, *, now: datetime, rules: Sequence[Rule] = RULES
) -> Preview:
    """Sort invoices, in the order given, by what preflight finds; the number of queries is constant."""
    ids = list(invoices.values_list("pk", flat=True)[:INVOICES_MAX])
    by_id = Invoice.objects.select_related("client").in_bulk(ids)
    ordered = [by_id[key] for key in ids if key in by_id]
    found = Preview()
    if len(ids) == INVOICES_MAX:
        found.left_out = invoices.count() - INVOICES_MAX
    jobs = jobs_of(connection, Kind.INVOICE, ids)
    open_ones = [invoice for invoice in ordered if _group(invoice, jobs.get(invoice.pk), found) is None]
    found.report = report(open_ones, connection, now=now, rules=rules)
    for invoice in open_ones:
        job = jobs.get(invoice.pk)
        item = item_of(invoice, failed_before=job is not None and job.state == Job.State.FAILED)
        holds_back = any(finding.holds_back for finding in found.report.findings[invoice.pk])
        (found.blocked if holds_back else found.ready).append(item)
    return found


def item_of(invoice: Invoice, *, failed_before: bool = False) -> Item:
    return Item(
        invoice.pk,
        invoice.number,
        invoice.client_id,
        invoice.client.name,
        invoice.issue_date,
        invoice.amount,
        invoice.currency,
        failed_before,
    )


def _group(invoice: Invoice, job: Job | None, found: Preview) -> list[Item] | None:
    """Put an invoice with which there is nothing to do where it belongs, and return that; None for the others."""
    if job is not None and job.state == Job.State.DONE:
        group = found.done
    elif job is not None and _is_moving(job):
        group = found.moving
    elif invoice.state in (State.DRAFT, State.CLOSED):
        group = found.apart
    else:
        return None
    group.append(item_of(invoice))
    return group


def _is_moving(job: Job) -> bool:
    return job.state in (*OPEN_STATES, Job.State.HELD) or (job.state == Job.State.STOPPED and job.may_have_arrived)


def _grouped(items: Iterable[Item], report: Report, *, holding_back: bool) -> list[Cause]:
    grouped: dict[Finding, list[Item]] = {}
    for item in items:
        for finding in report.findings.get(item.id, ()):
            if finding.holds_back is holding_back:
                kin = finding if holding_back else finding.in_general
                grouped.setdefault(kin, []).append(item)
    causes = [Cause(finding, tuple(found)) for finding, found in grouped.items()]
    return sorted(causes, key=lambda cause: -len(cause.items))
