"""Turn our account, tax and tracking of a line into theirs, or say what is missing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from keito_books.accounting.documents import RemoteAccount, TaxChoice, TrackingChoice
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.mapping.books import Books
from keito_books.mapping.situations import Situation, can_match


@dataclass(frozen=True, slots=True)
class TrackingRule:
    """How to find the option for one of their categories; `source` is a TrackingMapping.Source value."""

    category_id: str
    source: str
    fixed_option_id: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CurrencyRule:
    """What was chosen for one foreign currency: another payment account, a fixed rate, or neither."""

    payment_account_id: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a workspace has chosen; ids as strings."""

    revenue_account_id: str = ""
    payment_account_id: str = ""
    as_draft: bool = False
    taxes: Mapping[Situation, str] = field(default_factory=dict)
    project_accounts: Mapping[str, str] = field(default_factory=dict)
    category_accounts: Mapping[str, str] = field(default_factory=dict)
    tracking: tuple[TrackingRule, ...] = ()
    currencies: Mapping[str, CurrencyRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a line is about; ids as strings, empty where it has none."""

    situation: Situation
    client_id: str
    project_id: str = ""
    category_id: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Their side of a line."""

    account: RemoteAccount
    tax: TaxChoice
    tracking: tuple[TrackingChoice, ...]


def resolve_line(facts: LineFacts, choices: Choices, books: Books) -> Resolved:
    """Return their account, tax type and tracking options for a line.

    Raises Refused, with the cause and the thing to mend in `details`, when a choice is missing or no longer holds.
    """
    return Resolved(
        account=revenue_account(facts, choices, books),
        tax=tax_choice(facts.situation, choices, books),
        tracking=tuple(
            option for rule in choices.tracking if (option := _tracking_option(rule, facts, books)) is not None
        ),
    )


def chosen_for(facts: LineFacts, choices: Choices) -> tuple[str, ...]:
    """Return the ids that a line would get by the choices alone, whether or not they still hold over there."""
    tracking = (f"{rule.category_id}:{_option_id(rule, facts)}" for rule in choices.tracking)
    return (_account_id(facts, choices), choices.taxes.get(facts.situation, ""), *tracking)


def line_problems(facts: LineFacts, choices: Choices, books: Books) -> tuple[Refusal, ...]:
    """Return everything for which `resolve_line` would refuse a line, not the first only."""
    steps: list[Callable[[], object]] = [
        lambda: revenue_account(facts, choices, books),
        lambda: tax_choice(facts.situation, choices, books),
        *(partial(_tracking_option, rule, facts, books) for rule in choices.tracking),
    ]
    found = []
    for step in steps:
        try:
            step()
        except Refused as refused:
            found.append(refused.refusal)
    return tuple(found)


def revenue_account(facts: LineFacts, choices: Choices, books: Books) -> RemoteAccount:
    """Return the most specific account: the project's, the category's, the default (decision 7)."""
    account_id = _account_id(facts, choices)
    if not account_id:
        raise Refused(Refusal(RefusalCode.NO_REVENUE_ACCOUNT))
    account = books.account(account_id)
    if account is None:
        raise Refused(Refusal(RefusalCode.NO_REVENUE_ACCOUNT, details={"missing": "yes"}))
    if not account.is_active:
        raise Refused(Refusal(RefusalCode.ACCOUNT_ARCHIVED, details={"account": label(account)}))
    if not account.takes_revenue:
        raise Refused(Refusal(RefusalCode.ACCOUNT_NOT_VALID, details={"account": label(account)}))
    return account


def tax_choice(situation: Situation, choices: Choices, books: Books) -> TaxChoice:
    tax_type = choices.taxes.get(situation)
    if not tax_type:
        raise Refused(Refusal(RefusalCode.TAX_MAPPING_MISSING, details={"rate": f"{situation.rate:f}"}))
    rate = books.rate(tax_type)
    if rate is None or not can_match(situation, rate):
        details = {
            "rate": f"{situation.rate:f}",
            "their_name": rate.name if rate else tax_type,
            "their_rate": f"{rate.effective_rate:f}" if rate and rate.is_active else "",
        }
        raise Refused(Refusal(RefusalCode.TAX_RATE_MISMATCH, details=details))
    return TaxChoice(tax_type=rate.tax_type, components=rate.components)


def payment_account(choices: Choices, books: Books, *, currency: str) -> RemoteAccount:
    """Return the account that takes payments in a currency. Raises Refused when it can't (any more)."""
    own = choices.currencies.get(currency, CurrencyRule()).payment_account_id
    account = books.account(own or choices.payment_account_id)
    if account is None or not account.is_active or not account.takes_payments:
        name = label(account) if account else ""
        raise Refused(Refusal(RefusalCode.PAYMENT_ACCOUNT_NOT_VALID, details={"account": name}))
    if not takes(account, currency, books, is_chosen_for_it=bool(own)):
        details = {"account": label(account), "their_currency": account.currency, "currency": currency}
        raise Refused(Refusal(RefusalCode.PAYMENT_CURRENCY, details=details))
    return account


def takes(account: RemoteAccount, currency: str, books: Books, *, is_chosen_for_it: bool) -> bool:
    """Say whether payments in a currency may go to an account: one kept in it, one without a currency, or, where
    somebody chose it for this currency, one in the organisation's own, into which they convert."""
    fitting = {"", currency} | ({books.content.organisation.base_currency} if is_chosen_for_it else set())
    return account.currency in fitting


def exchange_rate(choices: Choices, books: Books, *, currency: str) -> Decimal | None:
    """Return the rate to send, None for the organisation's own currency or where their rate of the day is to hold."""
    if currency == books.content.organisation.base_currency:
        return None
    return choices.currencies.get(currency, CurrencyRule()).rate


def label(account: RemoteAccount) -> str:
    """Return an account as people know it: "Sales (200)"."""
    return f"{account.name} ({account.code})" if account.code else account.name


def _account_id(facts: LineFacts, choices: Choices) -> str:
    return (
        choices.project_accounts.get(facts.project_id)
        or choices.category_accounts.get(facts.category_id)
        or choices.revenue_account_id
    )


def _option_id(rule: TrackingRule, facts: LineFacts) -> str:
    ours = {"client": facts.client_id, "project": facts.project_id, "category": facts.category_id}
    return rule.fixed_option_id if rule.source == "fixed" else rule.options.get(ours[rule.source], "")


def _tracking_option(rule: TrackingRule, facts: LineFacts, books: Books) -> TrackingChoice | None:
    """Return the option for a line, None where the line has no mapped value. A vanished option is a refusal."""
    option_id = _option_id(rule, facts)
    if not option_id:
        return None
    category = books.category(rule.category_id)
    option = books.option(rule.category_id, option_id)
    if category is None or not category.is_active or option is None or not option.is_active:
        details = {"category": category.name if category else "", "option": option.name if option else ""}
        raise Refused(Refusal(RefusalCode.TRACKING_NOT_VALID, details=details))
    return TrackingChoice(category.id, category.name, option.id, option.name)
