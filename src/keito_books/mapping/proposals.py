"""Propose sensible choices after the first connect. Pure; nothing is saved here, a person decides."""

from __future__ import annotations

from collections.abc import Iterable

from keito_books.accounting.documents import RemoteAccount, RemoteTrackingCategory
from keito_books.mapping.books import Books
from keito_books.mapping.situations import Situation, proposal


def proposed_revenue_account(books: Books) -> RemoteAccount | None:
    """Return the one clear sales account: the only one, else the only one named Sales."""
    accounts = books.revenue_accounts
    if len(accounts) == 1:
        return accounts[0]
    named = [account for account in accounts if account.name.strip().casefold() == "sales"]
    return named[0] if len(named) == 1 else None


def proposed_payment_account(books: Books, *, currency: str) -> RemoteAccount | None:
    """Return the only account that takes payments in the workspace's currency, if there is just one."""
    suitable = [account for account in books.payment_accounts if account.currency in ("", currency)]
    return suitable[0] if len(suitable) == 1 else None


def proposed_taxes(
    situations: Iterable[Situation], books: Books, *, revenue_account: RemoteAccount | None
) -> dict[Situation, str]:
    """Return a tax type for each situation in which exactly one clear rate equals ours."""
    usual = revenue_account.tax_type if revenue_account else ""
    found = {situation: proposal(situation, books.revenue_rates, account_tax_type=usual) for situation in situations}
    return {situation: tax_type for situation, tax_type in found.items() if tax_type is not None}


def proposed_options(names: Iterable[tuple[str, str]], category: RemoteTrackingCategory) -> dict[str, str]:
    """Return our id -> their option's id where the names are equal, letter case aside. Takes (id, name) pairs."""
    options = {option.name.strip().casefold(): option.id for option in category.options if option.is_active}
    return {ours: options[name.strip().casefold()] for ours, name in names if name.strip().casefold() in options}
