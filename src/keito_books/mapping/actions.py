"""Change what was chosen for a connection. Administrators on the Business plan only."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keito_books.accounting.documents import RemoteBooks
from keito_books.accounting.port import Receipt
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.connections.tokens import call_with_access
from keito_books.invoicing.models import ItemCategory, Project
from keito_books.mapping.books import Books, books_of, to_json
from keito_books.mapping.errors import BooksNotRead, ChoiceRefused
from keito_books.mapping.models import (
    AccountOverride,
    BooksCopy,
    CurrencyChoice,
    Preferences,
    TaxMapping,
    TrackingMapping,
)
from keito_books.mapping.resolve import CurrencyRule, TrackingRule, label, takes
from keito_books.mapping.situations import Situation, can_match
from keito_books.workspaces import audit
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

log = logging.getLogger(__name__)
# Twelve digits before the point, as many as are kept.
_RATE_MAX = 10**12


def refresh_books(connection: Connection, *, now: datetime) -> Books:
    """Read the organisation's books and keep a copy. Raises errors of `accounting.errors`; the old copy then stays."""
    documents = provider_for(connection.provider).documents
    content = call_with_access(
        connection,
        now=now,
        record=_read_only,
        call=lambda access: documents.read_books(access, now=now),
    )
    return keep_books(connection, content, now=now)


def keep_books(connection: Connection, content: RemoteBooks, *, now: datetime) -> Books:
    """Keep lists that were just read, and the names that the organisation has now."""
    BooksCopy.objects.update_or_create(
        connection=connection, defaults={"content": to_json(content), "read_at": now, "tried_at": now}
    )
    organisation = content.organisation
    Connection.objects.filter(pk=connection.pk).update(
        organisation_name=organisation.name, short_code=organisation.short_code
    )
    return Books(content)


def save_accounts(
    connection: Connection,
    *,
    revenue_account_id: str,
    payment_account_id: str,
    invoices_as: str,
    by: Membership,
    now: datetime,
) -> Preferences:
    """Keep the default accounts and how invoices are created. Raises ChoiceRefused or BooksNotRead."""
    books = _may_choose(connection, by)
    problems: dict[str, str] = {}
    revenue = books.account(revenue_account_id)
    if revenue is None or not revenue.is_active or not revenue.takes_revenue:
        problems["revenue_account"] = "Choose an account that may take revenue. Nothing was saved."
    payment = books.account(payment_account_id)
    if payment_account_id and (payment is None or not payment.is_active or not payment.takes_payments):
        problems["payment_account"] = "Choose a bank account, or an account with payments enabled in Xero."
    if invoices_as not in Preferences.InvoicesAs.values:
        problems["invoices_as"] = "Choose Awaiting payment or Draft."
    if problems:
        raise ChoiceRefused(problems)
    with transaction.atomic():
        preferences, _ = Preferences.objects.update_or_create(
            connection=connection,
            defaults={
                "revenue_account_id": revenue_account_id,
                "payment_account_id": payment_account_id,
                "invoices_as": invoices_as,
                "saved_at": now,
                "saved_by": by.person,
            },
        )
        details = {"revenue_account": label(revenue) if revenue else "", "invoices_as": invoices_as}
        details["payment_account"] = label(payment) if payment else ""
        _audit("mapping.accounts_saved", connection, details, by=by, now=now)
    return preferences


def save_currencies(
    connection: Connection, rules: Mapping[str, CurrencyRule], *, by: Membership, now: datetime
) -> None:
    """Keep a payment account and a rate per foreign currency; an empty rule forgets it. Raises ChoiceRefused."""
    books = _may_choose(connection, by)
    problems = {
        currency: problem for currency, rule in rules.items() if (problem := _currency_problem(currency, rule, books))
    }
    if problems:
        raise ChoiceRefused(problems)
    with transaction.atomic():
        for currency, rule in rules.items():
            at: dict[str, Any] = {"connection": connection, "currency": currency}
            if rule == CurrencyRule():
                CurrencyChoice.objects.filter(**at).delete()
                continue
            values = {"payment_account_id": rule.payment_account_id, "rate": rule.rate}
            CurrencyChoice.objects.update_or_create(**at, defaults=values)
        details = {
            each: f"{rule.payment_account_id or 'default'}, {rule.rate or 'Xero'}" for each, rule in rules.items()
        }
        _audit("mapping.currencies_saved", connection, details, by=by, now=now)


def _currency_problem(currency: str, rule: CurrencyRule, books: Books) -> str:
    if rule.rate is not None and not 0 < rule.rate < _RATE_MAX:
        return "Write a rate above 0, or leave it empty for Xero's own."
    if not rule.payment_account_id:
        return ""
    account = books.account(rule.payment_account_id)
    if account is None or not account.is_active or not account.takes_payments:
        return "Choose a bank account, or an account with payments enabled in Xero."
    if not takes(account, currency, books, is_chosen_for_it=True):
        return f"{label(account)} is kept in {account.currency}, so it takes no payments in {currency}."
    return ""


def save_behaviour(connection: Connection, *, copies_when_sent: bool, by: Membership, now: datetime) -> Preferences:
    """Keep whether invoices are copied by themselves when they are sent; off until somebody says otherwise."""
    _require_chooser(connection, by)
    with transaction.atomic():
        preferences, _ = Preferences.objects.update_or_create(
            connection=connection, defaults={"copies_when_sent": copies_when_sent}
        )
        details = {"copies_when_sent": "on" if copies_when_sent else "off"}
        _audit("mapping.behaviour_saved", connection, details, by=by, now=now)
    return preferences


def save_taxes(connection: Connection, taxes: Mapping[Situation, str], *, by: Membership, now: datetime) -> None:
    """Keep one tax type per situation; an empty one forgets the mapping. Refuses pairs that can't match (P25)."""
    books = _may_choose(connection, by)
    problems = {
        situation.key: _mismatch(situation, tax_type, books)
        for situation, tax_type in taxes.items()
        if tax_type and _mismatch(situation, tax_type, books)
    }
    if problems:
        raise ChoiceRefused(problems)
    with transaction.atomic():
        for situation, tax_type in taxes.items():
            at: dict[str, Any] = {"connection": connection, "tax1": situation.tax1, "tax2": situation.tax2}
            if tax_type:
                TaxMapping.objects.update_or_create(**at, defaults={"tax_type": tax_type})
            else:
                TaxMapping.objects.filter(**at).delete()
        details = {situation.key: tax_type for situation, tax_type in taxes.items()}
        _audit("mapping.taxes_saved", connection, details, by=by, now=now)


def save_tracking(
    connection: Connection, rules: Mapping[str, TrackingRule | None], *, by: Membership, now: datetime
) -> None:
    """Keep where each tracking category's option comes from; None turns a category off. Raises ChoiceRefused."""
    books = _may_choose(connection, by)
    problems: dict[str, str] = {}
    for category_id, rule in rules.items():
        if rule is None:
            continue
        wanted = [rule.fixed_option_id] if rule.source == TrackingMapping.Source.FIXED else list(rule.options.values())
        if rule.source not in TrackingMapping.Source.values or not all(wanted):
            problems[category_id] = "Choose an option for every line, or another source."
        elif any((option := books.option(category_id, each)) is None or not option.is_active for each in wanted):
            problems[category_id] = "One of these options is no longer in Xero. Refresh the lists and choose again."
    if problems:
        raise ChoiceRefused(problems)
    with transaction.atomic():
        for category_id, rule in rules.items():
            at: dict[str, Any] = {"connection": connection, "category_id": category_id}
            if rule is None:
                TrackingMapping.objects.filter(**at).delete()
                continue
            values = {"source": rule.source, "fixed_option_id": rule.fixed_option_id, "options": dict(rule.options)}
            TrackingMapping.objects.update_or_create(**at, defaults=values)
        details = {category_id: rule.source if rule else "off" for category_id, rule in rules.items()}
        _audit("mapping.tracking_saved", connection, details, by=by, now=now)


def save_overrides(
    connection: Connection,
    *,
    projects: Mapping[Project, str],
    categories: Mapping[ItemCategory, str],
    by: Membership,
    now: datetime,
) -> None:
    """Keep other revenue accounts for projects and item categories; an empty one means the default again."""
    books = _may_choose(connection, by)
    require_same_workspace(by, *projects, *categories)
    chosen: list[tuple[Project | ItemCategory, str]] = [*projects.items(), *categories.items()]
    usable = {account.id for account in books.revenue_accounts}
    problems = {
        str(thing.pk): "Choose an account that may take revenue."
        for thing, account_id in chosen
        if account_id and account_id not in usable
    }
    if problems:
        raise ChoiceRefused(problems)
    with transaction.atomic():
        for thing, account_id in chosen:
            at: dict[str, Any] = {
                "connection": connection,
                "project" if isinstance(thing, Project) else "category": thing,
            }
            if account_id:
                AccountOverride.objects.update_or_create(**at, defaults={"account_id": account_id})
            else:
                AccountOverride.objects.filter(**at).delete()
        details = {str(thing): account_id for thing, account_id in chosen}
        _audit("mapping.overrides_saved", connection, details, by=by, now=now)


def _read_only(receipt: Receipt) -> None:
    """Reading the lists changes nothing, so it leaves no evidence beyond the time of the copy."""
    log.debug("%s %s: %s", receipt.method, receipt.path, receipt.status)


def _may_choose(connection: Connection, by: Membership) -> Books:
    _require_chooser(connection, by)
    books = books_of(connection)
    if books is None:
        raise BooksNotRead
    return books


def _require_chooser(connection: Connection, by: Membership) -> None:
    require(by, Ability.MANAGE_INTEGRATIONS)
    require_same_workspace(by, connection)


def _mismatch(situation: Situation, tax_type: str, books: Books) -> str:
    """Return why a pair can't match, or an empty string when it can."""
    rate = books.rate(tax_type)
    if rate is None or not rate.is_active:
        return "This tax rate is no longer in Xero. Refresh the lists and choose another one."
    if not rate.applies_to_revenue:
        return f"{rate.name} can't be used on revenue accounts in Xero. Choose a rate for sales."
    if not can_match(situation, rate):
        return (
            f"Keito charges {situation.rate:f} % here and {rate.name} is {rate.effective_rate.normalize():f} % in "
            f"Xero, so totals would differ. Choose a rate of {situation.rate:f} %, or add one in Xero and refresh."
        )
    return ""


def _audit(action: str, connection: Connection, details: Mapping[str, str], *, by: Membership, now: datetime) -> None:
    subject = audit.Subject("connection", connection.pk, str(connection))
    audit.record(
        action, workspace=connection.workspace, at=now, person=by.person, subject=subject, details=dict(details)
    )
