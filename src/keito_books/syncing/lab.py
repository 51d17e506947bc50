"""Try a mapping before it is saved: which invoices it would change, and what a sample line comes to on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from keito_books.accounting.documents import DocumentLine, InvoiceDocument, InvoiceTotals, Kind, TaxChoice
from keito_books.accounting.errors import Refused
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.invoicing.models import InvoiceLine, State
from keito_books.invoicing.totals import Item, add_up
from keito_books.mapping.books import Books
from keito_books.mapping.resolve import Choices, LineFacts, chosen_for
from keito_books.mapping.situations import Situation
from keito_books.syncing.explanations import Explanation, explain
from keito_books.syncing.models import Link

NAMED = 20


@dataclass(frozen=True, slots=True)
class Numbered:
    """An invoice by its name."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The invoices whose lines would be booked differently: those that wait, and those there under the old choice."""

    waiting: tuple[Numbered, ...]
    synced: tuple[Numbered, ...]

    @property
    def waiting_named(self) -> tuple[Numbered, ...]:
        return self.waiting[:NAMED]

    @property
    def synced_named(self) -> tuple[Numbered, ...]:
        return self.synced[:NAMED]


def effect_of(connection: Connection, before: Choices, after: Choices) -> Effect:
    """Return which finalized invoices one set of choices books otherwise than the other; two queries, no call."""

    @cache
    def is_changed(facts: LineFacts) -> bool:
        return chosen_for(facts, before) != chosen_for(facts, after)

    changed = dict.fromkeys(invoice for invoice, facts in _lines(connection) if is_changed(facts))
    links = Link.objects.filter(connection=connection, kind=Kind.INVOICE, invoice__in=[each.id for each in changed])
    there = set(links.values_list("invoice", flat=True))
    return Effect(
        waiting=tuple(each for each in changed if each.id not in there),
        synced=tuple(each for each in changed if each.id in there),
    )


def _lines(connection: Connection) -> Iterable[tuple[Numbered, LineFacts]]:
    lines = InvoiceLine.objects.filter(
        workspace_id=connection.workspace_id, invoice__state__in=[State.OPEN, State.PAID]
    ).select_related("invoice")
    for line in lines.order_by("-invoice__issue_date", "-invoice__number", "position").iterator(chunk_size=2000):
        invoice = line.invoice
        situation = Situation.of(
            invoice.tax_percent if line.taxed else None, invoice.tax2_percent if line.taxed2 else None
        )
        facts = LineFacts(
            situation,
            str(invoice.client_id),
            project_id=str(line.project_id or ""),
            category_id=str(line.category_id or ""),
        )
        yield Numbered(invoice.pk, invoice.number), facts


@dataclass(frozen=True, slots=True)
class Sample:
    """A line that nobody sold, to see what both sides make of it."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    situation: Situation
    tax_type: str
    currency: str


@dataclass(frozen=True, slots=True)
class Tried:
    """Our figures and theirs, and what would be done so that both are equal; or why that can't be."""

    ours: InvoiceTotals
    theirs: InvoiceTotals
    repairs: tuple[str, ...] = ()
    problem: Explanation | None = None

    @property
    def is_equal(self) -> bool:
        return (self.ours.subtotal, self.ours.tax, self.ours.total) == (
            self.theirs.subtotal,
            self.theirs.tax,
            self.theirs.total,
        )


def tried(sample: Sample, connection: Connection, books: Books) -> Tried:
    """Compute a sample line on both sides, by the very code that sends invoices. Pure apart from finding that code."""
    documents = provider_for(connection.provider).documents
    document = _document(sample, books)
    theirs = documents.predict_totals(document)
    try:
        write = documents.prepare_invoices([document])
    except Refused as refused:
        return Tried(document.totals, theirs, problem=explain(refused.refusal))
    return Tried(document.totals, theirs, repairs=tuple(words for _, words in write.repairs))


def _document(sample: Sample, books: Books) -> InvoiceDocument:
    situation = sample.situation
    is_taxed, is_taxed2 = situation.tax1 is not None, situation.tax2 is not None
    totals = add_up(
        [Item(sample.quantity, sample.unit_price, taxed=is_taxed, taxed2=is_taxed2)],
        currency=sample.currency,
        discount_percent=sample.discount_percent,
        tax_percent=situation.tax1,
        tax2_percent=situation.tax2,
    )
    rate = books.rate(sample.tax_type)
    account = next(iter(books.revenue_accounts), None)
    line = DocumentLine(
        description="Sample",
        quantity=sample.quantity,
        unit_price=sample.unit_price,
        amount=totals.line_amounts[0],
        account_id=account.id if account else "",
        account_code=account.code if account else "",
        tax=TaxChoice(sample.tax_type, rate.components if rate else ()),
    )
    day = date(2026, 1, 1)  # no date has a part in it
    rounding = books.rounding_account
    return InvoiceDocument(
        number="SAMPLE",
        contact_id="",
        issued_on=day,
        due_on=day,
        currency=sample.currency,
        reference="",
        url="",
        as_draft=True,
        discount_percent=sample.discount_percent,
        lines=(line,),
        totals=InvoiceTotals(
            subtotal=totals.subtotal - totals.discount_amount,
            discount=totals.discount_amount,
            tax=totals.tax_amount + totals.tax2_amount,
            total=totals.amount,
        ),
        rounding_account_id=rounding.id if rounding else "",
    )
