"""Money, rounding and splitting."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keito_books.money import Money, allocate, apportion, minor_unit, round_half_up

CENT = Decimal("0.01")
cents = st.integers(min_value=-(10**12), max_value=10**12).map(lambda number: Decimal(number) / 100)


@pytest.mark.parametrize("amount", [0.1, 1, "1.00"])
def test_money_takes_nothing_but_decimals(amount: object) -> None:
    with pytest.raises(TypeError, match="needs a Decimal"):
        Money(amount, "GBP")  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("2.165", "2.17"), ("2.1649", "2.16"), ("-2.165", "-2.17"), ("0.005", "0.01"), ("1.005", "1.01"), ("7", "7.00")],
)
def test_halves_go_away_from_zero(value: str, rounded: str) -> None:
    assert round_half_up(Decimal(value), CENT) == Decimal(rounded)


def test_large_products_stay_exact_until_they_are_rounded() -> None:
    price, quantity = Decimal("9999999999.9999"), Decimal("999.999999")

    assert round_half_up(price * quantity, CENT) == Decimal("9999999989999.90")


@pytest.mark.parametrize(
    ("currency", "unit"), [("GBP", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("EUR", "0.01"), ("ISK", "1")]
)
def test_a_currency_has_its_own_smallest_unit(currency: str, unit: str) -> None:
    assert minor_unit(currency) == Decimal(unit)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"), [("10.005", "GBP", "10.01"), ("10.5", "JPY", "11"), ("1.0005", "KWD", "1.001")]
)
def test_money_rounds_to_its_currency(amount: str, currency: str, rounded: str) -> None:
    assert Money(Decimal(amount), currency).rounded() == Money(Decimal(rounded), currency)


def test_money_of_one_currency_adds_and_subtracts() -> None:
    ten, three = Money(Decimal("10.00"), "GBP"), Money(Decimal("3.50"), "GBP")

    assert (ten + three, ten - three) == (Money(Decimal("13.50"), "GBP"), Money(Decimal("6.50"), "GBP"))
    assert str(ten) == "10.00 GBP"


def test_money_of_two_currencies_does_not_add_up() -> None:
    with pytest.raises(ValueError, match="GBP and EUR"):
        Money(Decimal(1), "GBP") + Money(Decimal(1), "EUR")


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("10.00", ["1", "1", "1"], ["3.34", "3.33", "3.33"]),
        ("0.05", ["1", "1", "1"], ["0.02", "0.02", "0.01"]),
        ("1.00", ["60", "30", "10"], ["0.60", "0.30", "0.10"]),
        ("-10.00", ["1", "1", "1"], ["-3.34", "-3.33", "-3.33"]),
        ("5.00", ["0", "0"], ["5.00", "0"]),
        ("0.00", ["2", "1"], ["0.00", "0.00"]),
    ],
)
def test_a_total_is_split_by_largest_remainder(total: str, weights: list[str], parts: list[str]) -> None:
    split = allocate(Decimal(total), [Decimal(each) for each in weights], CENT)

    assert split == [Decimal(each) for each in parts]


def test_a_total_in_yen_is_split_into_whole_yen() -> None:
    assert allocate(Decimal(100), [Decimal(1)] * 3, Decimal(1)) == [Decimal(34), Decimal(33), Decimal(33)]


@settings(deadline=None)
@given(total=cents, weights=st.lists(st.integers(0, 10**9).map(Decimal), min_size=1, max_size=50))
def test_the_parts_sum_to_the_total_and_each_is_within_a_cent(total: Decimal, weights: list[Decimal]) -> None:
    parts = allocate(total, weights, CENT)

    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(abs(part - total * weight / whole) < CENT for part, weight in zip(parts, weights, strict=True))


def test_there_must_be_someone_to_take_a_part() -> None:
    with pytest.raises(ValueError, match="nothing to split"):
        allocate(Decimal(1), [], CENT)
    with pytest.raises(ValueError, match="nothing to split"):
        apportion([], Decimal(1), CENT)


@pytest.mark.parametrize(
    ("exact", "total", "parts"),
    [
        (["1.005", "1.005"], "2.01", ["1.01", "1.00"]),
        (["0.333", "0.333", "0.334"], "1.00", ["0.33", "0.33", "0.34"]),
        (["10.00", "-9.99"], "0.01", ["10.00", "-9.99"]),
        (["0.50", "0.50"], "1.05", ["0.53", "0.52"]),
        (["0.504", "0.501"], "0.99", ["0.50", "0.49"]),
    ],
)
def test_exact_parts_are_rounded_so_that_they_sum_to_the_total(exact: list[str], total: str, parts: list[str]) -> None:
    rounded = apportion([Decimal(each) for each in exact], Decimal(total), CENT)

    assert rounded == [Decimal(each) for each in parts]


@settings(deadline=None)
@given(exact=st.lists(st.decimals(-10_000, 10_000, places=5), min_size=1, max_size=30), away=st.integers(-3, 3))
def test_rounded_parts_sum_to_any_total(exact: list[Decimal], away: int) -> None:
    total = round_half_up(sum(exact, Decimal(0)), CENT) + away * CENT

    parts = apportion(exact, total, CENT)

    assert sum(parts) == total
    assert all(abs(part - each) < 5 * CENT for part, each in zip(parts, exact, strict=True))
