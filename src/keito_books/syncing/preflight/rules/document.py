"""What the very code that sends an invoice would refuse: choices, currency, figures, lengths, size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.conf import settings

from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.mapping.resolve import Resolved
from keito_books.syncing.explanations import NoticeCode
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding
from keito_books.syncing.translate import document_line, invoice_document, refuse_currency, refuse_negative

# Their ids have this length, so that the size of a request is as it will be.
_SOME_CONTACT = str(UUID(int=0))


def lines_are_mapped(facts: Facts) -> Iterator[Finding]:
    """Tell every cause of every line once: account, tax situation, tracking option."""
    if not facts.shared.has_books:
        return
    if not facts.lines:
        yield Finding.of_refusal(Refusal(RefusalCode.NO_LINES))
    problems = [problem for answer in facts.line_answers for problem in answer.problems]
    yield from dict.fromkeys(Finding.of_refusal(problem) for problem in problems)


def can_be_written(facts: Facts) -> Iterator[Finding]:
    """Tell what stands in the way of the document, else what is adjusted in it for Xero."""
    if not facts.shared.has_books:
        return
    refused = [
        *_refusals_of(lambda: refuse_negative(facts.invoice)),
        *_refusals_of(lambda: refuse_currency(facts.invoice, facts.shared.books)),
    ]
    yield from (Finding.of_refusal(each) for each in refused)
    resolved = [answer.resolved for answer in facts.line_answers if answer.resolved is not None]
    if refused or not facts.lines or len(resolved) < len(facts.lines):
        return
    try:
        told = _repairs(facts, resolved)
    except Refused as refusing:
        yield Finding.of_refusal(refusing.refusal)
    else:
        yield from (Finding.of_notice(NoticeCode.ADJUSTED, details={"told": each}) for each in told)


def _repairs(facts: Facts, resolved: Sequence[Resolved]) -> list[str]:
    shared = facts.shared
    document = invoice_document(
        facts.invoice,
        contact_id=facts.client.link.remote_id if facts.client.link else _SOME_CONTACT,
        choices=shared.choices,
        books=shared.books,
        url=f"{settings.PUBLIC_URL}/i/{facts.invoice.pk}/",
        lines=[document_line(row, found) for row, found in zip(facts.lines, resolved, strict=True)],
    )
    return [told for _, told in shared.documents.prepare_invoices([document]).repairs]


def _refusals_of(step: Callable[[], None]) -> Iterator[Refusal]:
    try:
        step()
    except Refused as refused:
        yield refused.refusal
