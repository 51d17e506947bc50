"""A choice that no longer holds, since something changed in Xero, is named with what became of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from keito_books.mapping.books import Books, books_of
from keito_books.mapping.resolve import Choices, CurrencyRule, TrackingRule
from keito_books.mapping.situations import Situation
from keito_books.mapping.troubles import troubles_of
from mapping.conftest import Chooser

CHOICES = Choices(
    revenue_account_id="id-200",
    payment_account_id="id-090",
    taxes={Situation.of(Decimal(20), None): "OUTPUT2"},
    project_accounts={"p": "id-260"},
    tracking=(TrackingRule("region", "fixed", "north"),),
    currencies={"EUR": CurrencyRule("id-090")},
)


@pytest.fixture
def books(chooser: Chooser) -> Books:
    found = books_of(chooser.connection)
    assert found is not None
    return found


def test_what_holds_is_not_named(books: Books) -> None:
    assert troubles_of(CHOICES, books) == []
    assert troubles_of(Choices(), books) == []


@pytest.mark.fault("F64")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"effective_rate": Decimal("17.5")}, "used for lines taxed 20 %, is 17.5 % in Xero now"),
        ({"is_active": False}, "is no longer in Xero"),
        ({"applies_to_revenue": False}, "is not for sales in Xero now"),
    ],
)
def test_a_rate_that_changed_is_named_with_what_it_is_now(books: Books, change: dict[str, object], words: str) -> None:
    rates = tuple(
        replace(each, **change) if each.tax_type == "OUTPUT2" else each  # type: ignore[arg-type]  # fields of a rate
        for each in books.content.tax_rates
    )

    [trouble] = troubles_of(CHOICES, Books(replace(books.content, tax_rates=rates)))

    assert trouble.section == "taxes"
    assert words in trouble.sentence


@pytest.mark.fault("F62", "F65")
def test_everything_that_vanished_is_named_in_its_section(books: Books) -> None:
    empty = Books(replace(books.content, accounts=(), tax_rates=(), tracking=()))

    sections = [each.section for each in troubles_of(CHOICES, empty)]

    assert sections == ["accounts", "overrides", "accounts", "currencies", "taxes", "tracking"]


def test_an_account_that_was_archived_is_named(books: Books) -> None:
    archived = tuple(replace(each, is_active=each.id != "id-200") for each in books.content.accounts)

    [trouble] = troubles_of(CHOICES, Books(replace(books.content, accounts=archived)))

    assert trouble.sentence == "Sales (200) can’t take revenue in Xero any more."
