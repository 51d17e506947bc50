"""What accounts, tax rates and tracking may say (xero-api reference 10)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.records.settings import Account, TaxComponent, TaxRate, TrackingCategory, TrackingOption
from xero_sandbox.rules.accounts import CLASS_OF_TYPE
from xero_sandbox.rules.amounts import effective_rate
from xero_sandbox.wire.fields import Fields

ACCOUNT_TEXTS = (
    ("Code", "code", 10),
    ("Name", "name", 150),
    ("Description", "description", 4_000),
    ("BankAccountNumber", "bank_account_number", 40),
)
STATUSES = ("ACTIVE", "ARCHIVED")
RATE_NAME_MAX = 50
RATE_MAX = Decimal(100)
COMPONENTS_MAX = 10
TRACKING_NAME_MAX = 100
CATEGORIES_ACTIVE_MAX, CATEGORIES_MAX = 2, 4
OPTIONS_MAX = 100
ANY_CLASS = tuple(sorted(set(CLASS_OF_TYPE.values())))
_OWN_TAX_TYPE = re.compile(r"TAX\d{3,}")  # rates that users make; all others are Xero's own


def changed_account(
    books: Books, target: Account | None, asked: Fields, account_id: str, now: datetime
) -> tuple[Account, list[str]]:
    """Return the account as the request wants it, and what forbids that.

    Made without a TaxType, it has no default (assumed): lines must then say theirs.
    """
    account = replace(target, updated=now) if target else Account(account_id, "", "", "", "", now)
    problems: list[str] = []
    for member, attribute, limit in ACCOUNT_TEXTS:
        text = asked.stripped(member)
        if text is None:
            continue
        if len(text) > limit:
            problems.append(messages.too_long(member, limit))
        setattr(account, attribute, text)
    account.type = (asked.stripped("Type") or account.type).upper()
    if account.type not in CLASS_OF_TYPE:
        problems.append(messages.not_one_of("Type", account.type, ", ".join(CLASS_OF_TYPE)))
    account.tax_type = (asked.stripped("TaxType") or account.tax_type).upper()
    rate = books.organisation.tax_rates.get(account.tax_type)
    if asked.has("TaxType") and (rate is None or rate.status != "ACTIVE"):
        problems.append(messages.tax_type_unknown(account.tax_type))
    payments = asked.flag("EnablePaymentsToAccount")
    account.enable_payments = account.enable_payments if payments is None else payments
    account.status = asked.stripped("Status") or account.status
    if account.status not in STATUSES:
        problems.append(messages.not_one_of("Status", account.status, ", ".join(STATUSES)))
    return account, problems + _bank_problems(books, asked, account) + _account_problems(books, account, target)


def _bank_problems(books: Books, asked: Fields, account: Account) -> list[str]:
    if account.type != "BANK":
        return [] if account.code else [messages.ACCOUNT_CODE_MISSING]
    account.currency = (asked.stripped("CurrencyCode") or account.currency or books.organisation.base_currency).upper()
    if account.currency not in books.organisation.currencies:
        return [messages.currency_not_subscribed(account.currency)]
    return [] if account.bank_account_number else [messages.BANK_NUMBER_MISSING]


def _account_problems(books: Books, account: Account, target: Account | None) -> list[str]:
    """Names and codes are unique (message 32; codes assumed alike); system accounts stay as they are (assumed)."""
    if target is not None and target.system_account:
        return [messages.SYSTEM_ACCOUNT]
    if not account.name:
        return [messages.ACCOUNT_NAME_MISSING]
    others = [one for one in books.organisation.accounts.values() if one.account_id != account.account_id]
    problems = []
    if any(one.name.casefold() == account.name.casefold() for one in others):
        problems.append(messages.ACCOUNT_NAME_TAKEN)
    if account.code and any(one.code.casefold() == account.code.casefold() for one in others):
        problems.append(messages.ACCOUNT_CODE_TAKEN)
    return problems


def changed_tax_rate(books: Books, target: TaxRate | None, asked: Fields) -> tuple[TaxRate, list[str]]:
    """Return the rate as the request wants it, and what forbids that."""
    rates = books.organisation.tax_rates
    rate = replace(target) if target else TaxRate(next_tax_type(rates), "", [], ANY_CLASS)
    if target is not None and not _OWN_TAX_TYPE.fullmatch(target.tax_type):
        return rate, [messages.TAX_RATE_SYSTEM]
    rate.name = asked.stripped("Name") or rate.name
    rate.report_tax_type = asked.stripped("ReportTaxType") or rate.report_tax_type
    rate.status = asked.stripped("Status") or rate.status
    problems = _component_problems(rate, asked)
    if rate.status not in ("ACTIVE", "DELETED"):
        problems.append(messages.not_one_of("Status", rate.status, "ACTIVE, DELETED"))
    if not rate.name:
        problems.append(messages.TAX_RATE_NAME_MISSING)
    if len(rate.name) > RATE_NAME_MAX:
        problems.append(messages.too_long("Name", RATE_NAME_MAX))
    others = (one for one in rates.values() if one.tax_type != rate.tax_type and one.status == "ACTIVE")
    if any(one.name.casefold() == rate.name.casefold() for one in others):
        problems.append(messages.TAX_RATE_NAME_TAKEN)
    return rate, problems


def next_tax_type(rates: dict[str, TaxRate]) -> str:
    """Return TAX001, TAX002, ... (reference 10)."""
    number = 1
    while f"TAX{number:03d}" in rates:
        number += 1
    return f"TAX{number:03d}"


def _component_problems(rate: TaxRate, asked: Fields) -> list[str]:
    given = asked.children("TaxComponents")
    if given is not None:
        rate.components = [
            TaxComponent(
                one.stripped("Name") or "",
                one.decimal("Rate") or Decimal(0),
                one.flag("IsCompound") or False,
                one.flag("IsNonRecoverable") or False,
            )
            for one in given
        ]
    if not rate.components:
        return [messages.TAX_COMPONENTS_MISSING]
    fits = (
        len(rate.components) <= COMPONENTS_MAX
        and all(one.name and 0 <= one.rate <= RATE_MAX for one in rate.components)
        and effective_rate(rate.components) <= RATE_MAX
    )
    compound = sum(one.is_compound for one in rate.components)
    return [] if fits and compound <= 1 else [messages.TAX_COMPONENTS_FORM]


def category_problems(books: Books, category: TrackingCategory) -> list[str]:
    """At most 2 active categories, 4 in all; names are unique (reference 10; the words are assumed)."""
    others = [one for one in books.organisation.tracking if one.category_id != category.category_id]
    problems = _name_problems(category.name, [one.name for one in others])
    if category.status not in STATUSES:
        problems.append(messages.not_one_of("Status", category.status, ", ".join(STATUSES)))
    active = sum(one.status == "ACTIVE" for one in others)
    if len(others) >= CATEGORIES_MAX or (category.status == "ACTIVE" and active >= CATEGORIES_ACTIVE_MAX):
        problems.append(messages.TRACKING_FULL)
    return problems


def option_problems(category: TrackingCategory, option: TrackingOption) -> list[str]:
    others = [one for one in category.options if one.option_id != option.option_id]
    problems = _name_problems(option.name, [one.name for one in others])
    if option.status not in STATUSES:
        problems.append(messages.not_one_of("Status", option.status, ", ".join(STATUSES)))
    if len(others) >= OPTIONS_MAX:
        problems.append(messages.OPTIONS_FULL)
    return problems


def _name_problems(name: str, others: list[str]) -> list[str]:
    if not name:
        return [messages.TRACKING_NAME_MISSING]
    if len(name) > TRACKING_NAME_MAX:
        return [messages.too_long("Name", TRACKING_NAME_MAX)]
    return [messages.TRACKING_NAME_TAKEN] if name.casefold() in {one.casefold() for one in others} else []
