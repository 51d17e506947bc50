"""What is linked or under way for the documents of one load: one query a question, however many documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.db.models import Q

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.syncing.models import Job, Link, LockAnswer
from keito_books.syncing.queue import OPEN_STATES

Row = TypeVar("Row", Link, Job)
_FIELD: Mapping[str, str] = {Kind.CONTACT: "client_id", Kind.INVOICE: "invoice_id", Kind.PAYMENT: "payment_id"}


class Known:
    """Read when it is first asked, and not again: a load is short, and its lane is in one worker's hands."""

    def __init__(self, connection: Connection, jobs: Sequence[Job]) -> None:
        self._connection = connection
        self._clients: set[UUID] = set()
        self._invoices: set[UUID] = set()
        self._payments: set[UUID] = set()
        for job in jobs:
            self._note(job)

    def link(self, kind: Kind, document_id: UUID) -> Link | None:
        return self._links[kind].get(document_id)

    def job(self, kind: Kind, document_id: UUID) -> Job | None:
        return self._jobs[kind].get(document_id)

    @cached_property
    def _links(self) -> dict[str, dict[UUID, Link]]:
        found = Link.objects.filter(self._about, connection=self._connection)
        return _by_document(found)

    @cached_property
    def _jobs(self) -> dict[str, dict[UUID, Job]]:
        found = Job.objects.filter(self._about, connection=self._connection, kind__in=_FIELD)
        return _by_document(found)

    @cached_property
    def being_taken_back(self) -> set[UUID]:
        """Return the invoices of which a payment is still to be deleted there."""
        deletions = Job.objects.filter(connection=self._connection, kind=Kind.PAYMENT_DELETION, state__in=OPEN_STATES)
        of_these = deletions.filter(payment__invoice__in=self._invoices)
        return set(of_these.values_list("payment__invoice_id", flat=True))

    def lock_answer(self, document_id: UUID, *, dated: date) -> LockAnswer | None:
        """Return what was decided for an invoice or a payment with this date, which is locked over there."""
        answer = self._lock_answers.get(document_id)
        return answer if answer is not None and answer.about == dated else None

    @cached_property
    def _lock_answers(self) -> dict[UUID | None, LockAnswer]:
        about = Q(invoice__in=self._invoices) | Q(payment__in=self._payments)
        found = LockAnswer.objects.filter(about, connection=self._connection).select_related("decided_by")
        return {each.invoice_id or each.payment_id: each for each in found}

    @property
    def _about(self) -> Q:
        return Q(client__in=self._clients) | Q(invoice__in=self._invoices) | Q(payment__in=self._payments)

    def _note(self, job: Job) -> None:
        """Remember a job's document and those it depends on."""
        if job.client_id is not None:
            self._clients.add(job.client_id)
        if job.invoice is not None:
            self._invoices.add(job.invoice.pk)
            self._clients.add(job.invoice.client_id)
        if job.payment is not None:
            self._payments.add(job.payment.pk)
            self._invoices.add(job.payment.invoice_id)


def _by_document(rows: Iterable[Row]) -> dict[str, dict[UUID, Row]]:
    found: dict[str, dict[UUID, Row]] = {kind: {} for kind in _FIELD}
    for row in rows:
        found[row.kind][getattr(row, _FIELD[row.kind])] = row
    return found
