"""Keep and search a copy of the organisation's books."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from keito_books.accounting.documents import (
    RemoteAccount,
    RemoteBooks,
    RemoteOrganisation,
    RemoteTaxRate,
    RemoteTrackingCategory,
    RemoteTrackingOption,
)
from keito_books.connections.models import Connection
from keito_books.mapping.models import BooksCopy


@dataclass(frozen=True)
class Books:
    """The copy with look-ups by id; None and empty where the organisation no longer has the thing."""

    content: RemoteBooks

    @cached_property
    def _accounts(self) -> dict[str, RemoteAccount]:
        return {account.id: account for account in self.content.accounts}

    @cached_property
    def _rates(self) -> dict[str, RemoteTaxRate]:
        # A code may stand twice, live and deleted; the live one is meant.
        ordered = sorted(self.content.tax_rates, key=lambda rate: rate.is_active)
        return {rate.tax_type: rate for rate in ordered}

    def account(self, account_id: str) -> RemoteAccount | None:
        return self._accounts.get(account_id)

    def rate(self, tax_type: str) -> RemoteTaxRate | None:
        return self._rates.get(tax_type)

    def category(self, category_id: str) -> RemoteTrackingCategory | None:
        return next((each for each in self.content.tracking if each.id == category_id), None)

    def option(self, category_id: str, option_id: str) -> RemoteTrackingOption | None:
        category = self.category(category_id)
        return next((each for each in category.options if each.id == option_id), None) if category else None

    @property
    def revenue_accounts(self) -> list[RemoteAccount]:
        return [account for account in self.content.accounts if account.is_active and account.takes_revenue]

    @property
    def payment_accounts(self) -> list[RemoteAccount]:
        return [account for account in self.content.accounts if account.is_active and account.takes_payments]

    @property
    def revenue_rates(self) -> list[RemoteTaxRate]:
        return [rate for rate in self.content.tax_rates if rate.is_active and rate.applies_to_revenue]

    @property
    def active_tracking(self) -> list[RemoteTrackingCategory]:
        return [category for category in self.content.tracking if category.is_active]

    @property
    def rounding_account(self) -> RemoteAccount | None:
        return next((account for account in self.content.accounts if account.is_rounding and account.is_active), None)


def to_json(books: RemoteBooks) -> Any:
    """Return plain JSON values; Decimals and times as strings, so that nothing is lost."""
    return msgspec.to_builtins(books)


def from_json(content: Any) -> RemoteBooks:
    return msgspec.convert(content, RemoteBooks)


def books_of(connection: Connection) -> Books | None:
    """Return the copy of a connection's books, or None when they were never read."""
    copy = BooksCopy.objects.filter(connection=connection).first()
    return Books(from_json(copy.content)) if copy else None


def books_or_none_read(connection: Connection) -> Books:
    """Return the copy, or books without any account or rate while they were never read."""
    return books_of(connection) or Books(
        RemoteBooks(
            organisation=RemoteOrganisation(connection.organisation_id, connection.organisation_name),
            accounts=(),
            tax_rates=(),
            tracking=(),
            currencies=(),
            read_at=connection.connected_at,
        )
    )
