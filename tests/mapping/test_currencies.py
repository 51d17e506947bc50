"""Each foreign currency may have its own payment account and a rate of ours; what does not fit is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import RefusalCode
from keito_books.mapping import actions
from keito_books.mapping.books import books_of, to_json
from keito_books.mapping.errors import ChangedMeanwhile, ChoiceRefused
from keito_books.mapping.models import BooksCopy, CurrencyChoice
from keito_books.mapping.queries import choices_of
from keito_books.mapping.resolve import CurrencyRule, exchange_rate, payment_account
from keito_books.mapping.versions import unless_changed, version
from mapping.conftest import NOW, Chooser


@pytest.fixture
def kept_in_three(chooser: Chooser) -> Chooser:
    """Bank accounts in pounds, euros and dollars; the default is the one in pounds."""
    books = books_of(chooser.connection)
    assert books is not None
    bank = next(each for each in books.content.accounts if each.name == "Bank")
    accounts = [replace(bank, id=f"id-{each}", name=f"Bank {each}", currency=each) for each in ("GBP", "EUR", "USD")]
    organisation = replace(books.content.organisation, base_currency="GBP")
    content = replace(books.content, organisation=organisation, accounts=(*books.content.accounts, *accounts))
    BooksCopy.objects.update(content=to_json(content))
    actions.save_accounts(
        chooser.connection,
        revenue_account_id="id-200",
        payment_account_id="id-GBP",
        invoices_as="awaiting_payment",
        by=chooser.by,
        now=NOW,
    )
    return chooser


def keep(chooser: Chooser, currency: str, account: str = "", rate: str = "") -> None:
    rule = CurrencyRule(account, Decimal(rate) if rate else None)
    actions.save_currencies(chooser.connection, {currency: rule}, by=chooser.by, now=NOW)


def account_for(chooser: Chooser, currency: str) -> str:
    books = books_of(chooser.connection)
    assert books is not None
    return payment_account(choices_of(chooser.connection), books, currency=currency).id


def test_each_currency_goes_to_its_own_account(kept_in_three: Chooser) -> None:
    keep(kept_in_three, "EUR", "id-EUR")
    keep(kept_in_three, "JPY", "id-GBP")

    assert account_for(kept_in_three, "GBP") == "id-GBP"
    assert account_for(kept_in_three, "EUR") == "id-EUR"
    assert account_for(kept_in_three, "JPY") == "id-GBP"


@pytest.mark.fault("F63")
def test_without_a_choice_a_payment_in_another_currency_is_refused_with_both(kept_in_three: Chooser) -> None:
    with pytest.raises(Refused) as refused:
        account_for(kept_in_three, "EUR")

    assert refused.value.refusal.code is RefusalCode.PAYMENT_CURRENCY
    assert (refused.value.refusal.details["their_currency"], refused.value.refusal.details["currency"]) == (
        "GBP",
        "EUR",
    )


@pytest.mark.parametrize(
    ("account", "rate", "words"),
    [
        ("id-USD", "", "kept in USD, so it takes no payments in EUR"),
        ("id-200", "", "Choose a bank account"),
        ("gone", "", "Choose a bank account"),
        ("", "0", "above 0"),
        ("", "-1.2", "above 0"),
        ("", "1e30", "above 0"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    kept_in_three: Chooser, account: str, rate: str, words: str
) -> None:
    with pytest.raises(ChoiceRefused) as refused:
        keep(kept_in_three, "EUR", account, rate)

    assert words in refused.value.problems["EUR"]
    assert not CurrencyChoice.objects.exists()


def test_a_rate_is_sent_for_foreign_currencies_alone_and_forgotten_when_emptied(kept_in_three: Chooser) -> None:
    books = books_of(kept_in_three.connection)
    assert books is not None
    keep(kept_in_three, "EUR", rate="1.1725")

    choices = choices_of(kept_in_three.connection)
    assert exchange_rate(choices, books, currency="EUR") == Decimal("1.1725")
    assert exchange_rate(choices, books, currency="USD") is None
    assert exchange_rate(choices, books, currency="GBP") is None
    keep(kept_in_three, "EUR")
    assert not CurrencyChoice.objects.exists()


def test_a_stale_page_overwrites_nothing(kept_in_three: Chooser) -> None:
    seen = version(kept_in_three.connection, "currencies")
    keep(kept_in_three, "EUR", "id-EUR")

    with pytest.raises(ChangedMeanwhile), unless_changed(kept_in_three.connection, "currencies", seen=seen):
        keep(kept_in_three, "EUR", "id-GBP")

    assert CurrencyChoice.objects.get().payment_account_id == "id-EUR"


@pytest.mark.parametrize("section", ["accounts", "currencies", "taxes", "tracking", "overrides", "behaviour"])
def test_a_page_that_is_up_to_date_may_save_again_and_again(chooser: Chooser, section: str) -> None:
    for _ in range(2):
        with unless_changed(chooser.connection, section, seen=version(chooser.connection, section)):
            pass
