"""Say what would become of many invoices if they were copied now, from what is known here: no call is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from keito_books.accounting.documents import Kind
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.invoicing.models import Client, Invoice, State
from keito_books.mapping.books import books_or_none_read
from keito_books.mapping.queries import choices_of
from keito_books.syncing.explanations import Explanation, explain, refusal_from_json
from keito_books.syncing.models import Job, Link
from keito_books.syncing.queue import OPEN_STATES
from keito_books.syncing.translate import contact_document, invoice_document

# One run of this many takes about ten minutes at Xero's limits; the rest can follow in another one.
INVOICES_MAX = 10_000
_CHUNK = 500
# Their ids have this length, so that the size of a request is as it will be.
_SOME_CONTACT = str(UUID(int=0))
# What a person decides about a client; until then every invoice of that client fails for the same reason.
_NEEDS_A_DECISION = (
    RefusalCode.CONTACT_AMBIGUOUS,
    RefusalCode.CONTACT_NAME_TAKEN,
    RefusalCode.EMAIL_NOT_VALID,
)


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
    """Why some invoices can't be copied now, and which."""

    explanation: Explanation
    items: tuple[Item, ...]


@dataclass
class Preview:
    """The invoices by what would become of them. Drafts and closed ones are `apart`, since they are never copied;
    `left_out` counts those beyond the most that one run takes."""

    ready: list[Item] = field(default_factory=list)
    apart: list[Item] = field(default_factory=list)
    done: list[Item] = field(default_factory=list)
    moving: list[Item] = field(default_factory=list)
    blocked: list[tuple[Item, Explanation]] = field(default_factory=list)
    left_out: int = 0

    @property
    def count(self) -> int:
        return len(self.ready) + len(self.apart) + len(self.done) + len(self.moving) + len(self.blocked)

    @cached_property
    def causes(self) -> list[Cause]:
        """Return the causes, the one that holds most invoices back first."""
        grouped: dict[Explanation, list[Item]] = {}
        for item, explanation in self.blocked:
            grouped.setdefault(explanation, []).append(item)
        causes = [Cause(explanation, tuple(items)) for explanation, items in grouped.items()]
        return sorted(causes, key=lambda cause: -len(cause.items))

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


def preview(invoices: QuerySet[Invoice], connection: Connection) -> Preview:
    """Sort invoices, in the order given, by the very code that would send them; a few queries for each 500."""
    ids = list(invoices.values_list("pk", flat=True)[:INVOICES_MAX])
    checks = _Checks(connection)
    found = Preview()
    for start in range(0, len(ids), _CHUNK):
        checks.sort(ids[start : start + _CHUNK], found)
    if len(ids) == INVOICES_MAX:
        found.left_out = invoices.count() - INVOICES_MAX
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


class _Checks:
    """What is the same for every invoice, read once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.documents = provider_for(connection.provider).documents
        self.choices = choices_of(connection)
        self.books = books_or_none_read(connection)
        self._clients: dict[UUID, Explanation | None] = {}

    def sort(self, ids: Sequence[UUID], found: Preview) -> None:
        jobs = _jobs_of(self.connection, Kind.INVOICE, ids)
        invoices = list(_in_order(ids))
        self._check_clients({invoice.client_id: invoice.client for invoice in invoices})
        linked = set(
            Link.objects.filter(connection=self.connection, kind=Kind.INVOICE, invoice__in=ids).values_list(
                "invoice", flat=True
            )
        )
        for invoice in invoices:
            job = jobs.get(invoice.pk)
            item = item_of(invoice, failed_before=job is not None and job.state == Job.State.FAILED)
            if job is not None and job.state == Job.State.DONE:
                found.done.append(item)
            elif job is not None and _is_moving(job):
                found.moving.append(item)
            elif invoice.state in (State.DRAFT, State.CLOSED):
                found.apart.append(item)
            elif (problem := self._problem(invoice, is_linked=invoice.pk in linked)) is not None:
                found.blocked.append((item, problem))
            else:
                found.ready.append(item)

    def _problem(self, invoice: Invoice, *, is_linked: bool) -> Explanation | None:
        if is_linked:  # it is there, though not as it was sent; trying again only looks
            return None
        if (of_client := self._clients[invoice.client_id]) is not None:
            return of_client
        try:
            self._refuse_what_xero_would(invoice)
        except Refused as refused:
            return explain(refused.refusal)
        return None

    def _refuse_what_xero_would(self, invoice: Invoice) -> None:
        document = invoice_document(
            invoice,
            contact_id=_SOME_CONTACT,
            choices=self.choices,
            books=self.books,
            url=f"{settings.PUBLIC_URL}/i/{invoice.pk}/",
        )
        self.documents.prepare_invoices([document])
        # The other lock date lets advisers through, and only Xero knows who is one.
        locked_until = self.books.content.organisation.year_locked_until
        if locked_until is not None and invoice.issue_date <= locked_until:
            details = {"locked_until": locked_until.isoformat()}
            raise Refused(Refusal(RefusalCode.PERIOD_LOCKED, details=details))

    def _check_clients(self, clients: dict[UUID, Client]) -> None:
        new = {key: client for key, client in clients.items() if key not in self._clients}
        linked = Link.objects.filter(connection=self.connection, kind=Kind.CONTACT, client__in=new)
        known = set(linked.values_list("client", flat=True))
        jobs = _jobs_of(self.connection, Kind.CONTACT, new)
        for key, client in new.items():
            self._clients[key] = None if key in known else self._problem_of(client, jobs.get(key))

    def _problem_of(self, client: Client, job: Job | None) -> Explanation | None:
        if job is not None and job.state == Job.State.FAILED and job.refusal:
            refusal = refusal_from_json(job.refusal)
            is_unchanged = job.finished_at is not None and client.updated_at <= job.finished_at
            if refusal.code in _NEEDS_A_DECISION and is_unchanged:
                return explain(refusal)
        try:
            self.documents.prepare_contacts([contact_document(client)])
        except Refused as refused:
            return explain(refused.refusal)
        return None


def _in_order(ids: Sequence[UUID]) -> Iterator[Invoice]:
    found = Invoice.objects.filter(pk__in=ids).select_related("client").prefetch_related("lines", "client__contacts")
    by_id = {invoice.pk: invoice for invoice in found}
    return (by_id[key] for key in ids if key in by_id)


def _jobs_of(connection: Connection, kind: Kind, ids: Iterable[UUID]) -> dict[UUID, Job]:
    about = "client" if kind is Kind.CONTACT else "invoice"
    jobs = Job.objects.filter(connection=connection, kind=kind, **{f"{about}__in": list(ids)})
    return {getattr(job, f"{about}_id"): job for job in jobs}


def _is_moving(job: Job) -> bool:
    return job.state in (*OPEN_STATES, Job.State.HELD) or (job.state == Job.State.STOPPED and job.may_have_arrived)
