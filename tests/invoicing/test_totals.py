"""The figures of an invoice, worked by hand and by properties."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keito_books.invoicing.totals import Item, Totals, add_up, line_amount
from keito_books.money import minor_unit


def _item(quantity: str, unit_price: str, *, taxed: bool = False, taxed2: bool = False) -> Item:
    return Item(Decimal(quantity), Decimal(unit_price), taxed, taxed2)


def test_discount_comes_off_first_and_each_tax_is_charged_on_what_is_left() -> None:
    items = [_item("2", "100", taxed=True, taxed2=True), _item("1", "100", taxed=True, taxed2=True)]

    totals = add_up(
        items,
        currency="GBP",
        discount_percent=Decimal(10),
        tax_percent=Decimal(5),
        tax2_percent=Decimal(2),
    )

    assert totals == Totals(
        line_amounts=(Decimal("200.00"), Decimal("100.00")),
        subtotal=Decimal("300.00"),
        discount_amount=Decimal("30.00"),
        tax_amount=Decimal("13.50"),
        tax2_amount=Decimal("5.40"),
        amount=Decimal("288.90"),
    )


def test_a_tax_is_charged_on_its_own_lines_only() -> None:
    items = [_item("1", "100", taxed=True), _item("1", "50", taxed2=True), _item("1", "7")]

    totals = add_up(items, currency="GBP", tax_percent=Decimal(20), tax2_percent=Decimal(2))

    assert (totals.tax_amount, totals.tax2_amount, totals.amount) == (Decimal(20), Decimal(1), Decimal(178))


def test_a_tax_is_rounded_once_and_not_line_by_line() -> None:
    items = [_item("1", "0.13", taxed=True)] * 3  # 20 % of 0.13 is 0.026: three times 0.03 would be 0.09

    totals = add_up(items, currency="GBP", tax_percent=Decimal(20))

    assert totals.tax_amount == Decimal("0.08")  # 20 % of 0.39 is 0.078


def test_the_discount_of_taxed_lines_is_not_rounded_before_the_tax() -> None:
    items = [_item("1", "0.99", taxed=True), _item("1", "100")]

    totals = add_up(items, currency="GBP", discount_percent=Decimal("33.3333"), tax_percent=Decimal(50))

    assert totals.discount_amount == Decimal("33.66")  # 100.99 x 0.333333 = 33.66329...
    assert totals.tax_amount == Decimal("0.33")  # 0.99 x 0.666667 x 0.5 = 0.33000...


@pytest.mark.parametrize(
    ("currency", "quantity", "unit_price", "expected"),
    [
        ("GBP", "0.333333", "100", "33.33"),
        ("GBP", "1", "0.005", "0.01"),
        ("GBP", "1", "-0.005", "-0.01"),
        ("JPY", "1", "0.5", "1"),
        ("JPY", "3", "1234.5", "3704"),
        ("KWD", "1", "0.0005", "0.001"),
        ("KWD", "7", "1.2345", "8.642"),  # 8.6415
        ("GBP", "999999999999.999999", "0.000001", "1000000.00"),
    ],
)
def test_a_line_is_rounded_half_up_to_its_currency(
    currency: str, quantity: str, unit_price: str, expected: str
) -> None:
    assert line_amount(Decimal(quantity), Decimal(unit_price), currency) == Decimal(expected)


def test_yen_have_no_decimals_anywhere() -> None:
    totals = add_up(
        [_item("1", "999", taxed=True)], currency="JPY", discount_percent=Decimal("2.5"), tax_percent=Decimal(10)
    )

    assert totals.discount_amount == Decimal(25)  # 24.975
    assert totals.tax_amount == Decimal(97)  # 97.4025
    assert totals.amount == Decimal(1071)


def test_dinars_have_three_decimals() -> None:
    totals = add_up([_item("1", "10.555", taxed=True)], currency="KWD", tax_percent=Decimal(5))

    assert (totals.tax_amount, totals.amount) == (Decimal("0.528"), Decimal("11.083"))


def test_an_invoice_without_lines_comes_to_nothing() -> None:
    totals = add_up([], currency="GBP", discount_percent=Decimal(10), tax_percent=Decimal(20))

    assert totals.amount == 0


@pytest.mark.fault("F127")
def test_a_line_with_a_negative_price_reduces_the_subtotal() -> None:
    totals = add_up(
        [_item("1", "100", taxed=True), _item("1", "-30", taxed=True)], currency="GBP", tax_percent=Decimal(20)
    )

    assert (totals.subtotal, totals.tax_amount, totals.amount) == (Decimal(70), Decimal(14), Decimal(84))


_currencies = st.sampled_from(["GBP", "JPY", "KWD"])
_percents = st.decimals(0, 100, places=4)
_factors = st.decimals(0, 10**11, places=6)
_items = st.lists(st.builds(Item, _factors, _factors, st.booleans(), st.booleans()), max_size=8)


@given(_items, _currencies, _percents, _percents, _percents)
def test_every_figure_is_a_multiple_of_the_smallest_unit_and_they_add_up(
    items: list[Item], currency: str, discount: Decimal, tax: Decimal, tax2: Decimal
) -> None:
    totals = add_up(items, currency=currency, discount_percent=discount, tax_percent=tax, tax2_percent=tax2)

    figures = (*totals.line_amounts, totals.subtotal, totals.discount_amount, totals.tax_amount, totals.tax2_amount)
    assert all(figure.as_tuple().exponent == minor_unit(currency).as_tuple().exponent for figure in figures)
    assert totals.amount == totals.subtotal - totals.discount_amount + totals.tax_amount + totals.tax2_amount


@given(_items, _currencies, _percents, _percents)
def test_the_discount_never_exceeds_the_subtotal_nor_a_tax_its_rate(
    items: list[Item], currency: str, discount: Decimal, tax: Decimal
) -> None:
    totals = add_up(items, currency=currency, discount_percent=discount, tax_percent=tax)

    assert 0 <= totals.discount_amount <= totals.subtotal
    assert 0 <= totals.tax_amount <= totals.subtotal * tax / 100 + minor_unit(currency)


@given(st.lists(st.builds(Item, _factors, _factors, st.booleans(), st.booleans()), max_size=4), _percents, _percents)
def test_the_order_of_lines_does_not_change_the_total(items: list[Item], discount: Decimal, tax: Decimal) -> None:
    amounts = {
        add_up(order, currency="GBP", discount_percent=discount, tax_percent=tax).amount
        for order in permutations(items)
    }

    assert len(amounts) == 1
