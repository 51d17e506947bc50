"""Whether something of the settings is in use, and so must stay."""

from __future__ import annotations

from collections.abc import Iterator

from xero_sandbox.books import Books
from xero_sandbox.records.invoice import LineItem


def account_is_used(books: Books, account_id: str) -> bool:
    organisation = books.organisation
    return (
        any(one.account_id == account_id for one in organisation.payments.values())
        or any(one.account_id == account_id for one in organisation.bank_transactions.values())
        or any(line.account_id == account_id for line in _lines(books))
    )


def option_is_used(books: Books, option_ids: frozenset[str]) -> bool:
    return any(tracked.option_id in option_ids for line in _lines(books) for tracked in line.tracking)


def _lines(books: Books) -> Iterator[LineItem]:
    for invoice in books.organisation.invoices.values():
        yield from invoice.lines
    for transaction in books.organisation.bank_transactions.values():
        yield from transaction.lines
    for credit in books.organisation.credits.values():
        yield from credit.lines
