"""Name the choices that no longer hold, since something changed over there after they were made. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keito_books.accounting.documents import RemoteAccount
from keito_books.mapping.books import Books
from keito_books.mapping.resolve import Choices, label, takes
from keito_books.mapping.situations import Situation, can_match


@dataclass(frozen=True, slots=True)
class Trouble:
    """`section` is the part of the settings in which it is mended."""

    section: str
    sentence: str


def troubles_of(choices: Choices, books: Books) -> list[Trouble]:
    """Return what would stop documents from being sent, although it was fine when somebody chose it."""
    return [*_of_accounts(choices, books), *_of_taxes(choices, books), *_of_tracking(choices, books)]


def _of_accounts(choices: Choices, books: Books) -> Iterator[Trouble]:
    revenue = {
        "accounts": [choices.revenue_account_id],
        "overrides": [*choices.project_accounts.values(), *choices.category_accounts.values()],
    }
    for section, ids in revenue.items():
        for account_id in dict.fromkeys(each for each in ids if each):
            account = books.account(account_id)
            if account is None or not account.is_active or not account.takes_revenue:
                yield Trouble(section, f"{_name(account)} can’t take revenue in Xero any more.")
    if choices.payment_account_id and not _takes_payments(books.account(choices.payment_account_id)):
        yield Trouble(
            "accounts", f"{_name(books.account(choices.payment_account_id))} takes no payments in Xero any more."
        )
    for currency, rule in choices.currencies.items():
        account = books.account(rule.payment_account_id)
        if rule.payment_account_id and not (
            account and _takes_payments(account) and takes(account, currency, books, is_chosen_for_it=True)
        ):
            yield Trouble("currencies", f"{_name(account)} takes no payments in {currency} in Xero any more.")


def _of_taxes(choices: Choices, books: Books) -> Iterator[Trouble]:
    for situation, tax_type in choices.taxes.items():
        rate = books.rate(tax_type)
        if rate is None or not rate.is_active:
            name = rate.name if rate else tax_type
            yield Trouble("taxes", f"The tax rate {name}, used for {_percent(situation)}, is no longer in Xero.")
        elif not can_match(situation, rate):
            now = f"{rate.effective_rate.normalize():f} %" if rate.applies_to_revenue else "not for sales"
            yield Trouble("taxes", f"The tax rate {rate.name}, used for {_percent(situation)}, is {now} in Xero now.")


def _of_tracking(choices: Choices, books: Books) -> Iterator[Trouble]:
    for rule in choices.tracking:
        category = books.category(rule.category_id)
        if category is None or not category.is_active:
            yield Trouble("tracking", "A tracking category that is in use is no longer in Xero.")
            continue
        used = [rule.fixed_option_id] if rule.source == "fixed" else list(rule.options.values())
        options = (books.option(rule.category_id, each) for each in dict.fromkeys(used) if each)
        gone = sum(1 for option in options if option is None or not option.is_active)
        if gone:
            yield Trouble(
                "tracking", f"{gone} option{'s' if gone > 1 else ''} of {category.name} in use no longer in Xero."
            )


def _takes_payments(account: RemoteAccount | None) -> bool:
    return account is not None and account.is_active and account.takes_payments


def _name(account: RemoteAccount | None) -> str:
    return label(account) if account else "An account that is no longer in Xero"


def _percent(situation: Situation) -> str:
    return f"lines taxed {situation.rate:f} %"
