"""What the rules look at: values only, so that a rule is a function of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from keito_books.accounting.documents import ContactDocument, RemoteContact
from keito_books.accounting.port import DocumentsOut
from keito_books.accounting.refusals import Refusal
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice
from keito_books.mapping.books import Books
from keito_books.mapping.resolve import Choices, LineFacts, Resolved, line_problems, resolve_line
from keito_books.syncing.models import Job, Link, LockAnswer, Sighting
from keito_books.syncing.preflight.findings import Finding
from keito_books.syncing.translate import line_facts


class LineRow(NamedTuple):
    """The columns of an invoice line that go over there."""

    invoice_id: UUID
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    taxed: bool
    taxed2: bool
    project_id: UUID | None
    category_id: UUID | None


class PaymentRow(NamedTuple):
    """What matters of a payment that was not taken back."""

    invoice_id: UUID
    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """Their side of a line, or everything that stands in the way of it."""

    problems: tuple[Refusal, ...]
    resolved: Resolved | None


@dataclass
class Shared:
    """What is the same for every invoice of one check. `not_allowed` is why this person may not copy, or empty.

    What many lines have in common is worked out once and remembered here.
    """

    connection: Connection
    documents: DocumentsOut
    choices: Choices
    books: Books
    has_books: bool
    today: date
    not_allowed: str = ""
    contacts_read_at: datetime | None = None
    plan_cap_met_on: date | None = None
    of_clients: dict[UUID, tuple[Finding, ...]] = field(default_factory=dict)
    _lines: dict[tuple[object, ...], LineAnswer] = field(default_factory=dict)

    def answer_of(self, line: LineRow, invoice: Invoice) -> LineAnswer:
        """Return what the choices make of a line; many lines ask the same."""
        key = (
            line.taxed and invoice.tax_percent,
            line.taxed2 and invoice.tax2_percent,
            invoice.client_id,
            line.project_id,
            line.category_id,
        )
        found = self._lines.get(key)
        if found is None:
            found = self._lines[key] = self._answer(line_facts(line, invoice))
        return found

    def _answer(self, facts: LineFacts) -> LineAnswer:
        problems = line_problems(facts, self.choices, self.books)
        return LineAnswer(problems, None if problems else resolve_line(facts, self.choices, self.books))


@dataclass(frozen=True)
class ClientFacts:
    """What is known of a client's contact: its link, else what the copy of the contacts holds for it.

    `matches` is None where there is no copy; `refusal` is why the contact failed last, while the client is unchanged.
    `answer` is what a person said about it; `held` names another client of ours for each match that is its contact.
    """

    document: ContactDocument
    link: Link | None
    linked: RemoteContact | None = None
    matches: tuple[RemoteContact, ...] | None = None
    refusal: Refusal | None = None
    answer: str = ""
    held: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """Everything that the rules know of one invoice."""

    shared: Shared
    invoice: Invoice
    lines: tuple[LineRow, ...]
    client: ClientFacts
    payments: tuple[PaymentRow, ...]
    link: Link | None = None
    job: Job | None = None
    lock_answer: LockAnswer | None = None
    sightings: tuple[Sighting, ...] = ()
    is_in_use_elsewhere: bool = False

    @cached_property
    def line_answers(self) -> tuple[LineAnswer, ...]:
        return tuple(self.shared.answer_of(line, self.invoice) for line in self.lines)
