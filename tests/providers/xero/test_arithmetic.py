"""Xero's arithmetic, by figures that its documentation and people who measured it give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keito_books.accounting.documents import TaxComponent
from keito_books.providers.xero.arithmetic import Line, decimals, effective_rate, sums_of


def line(quantity: str, price: str, rate: str = "0", discount_rate: str = "", discount_amount: str = "") -> Line:
    return Line(
        "Work",
        Decimal(quantity),
        Decimal(price),
        Decimal(rate),
        discount_rate=Decimal(discount_rate) if discount_rate else None,
        discount_amount=Decimal(discount_amount) if discount_amount else None,
    )


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (line("3", "33.33"), "99.99"),
        (line("1.5", "3.33"), "5.00"),  # 4.995
        (line("0.25", "0.0201"), "0.01"),  # 0.005025
        (line("2", "10.00", discount_rate="12.5"), "17.50"),
        (line("1", "10.01", discount_rate="10"), "9.01"),  # 9.009
        (line("1", "0.05", discount_rate="10"), "0.05"),  # 0.045
        (line("4", "25.00", discount_amount="0.01"), "99.99"),
        (line("-1", "10.005"), "-10.01"),
        (line("1000", "0.0001"), "0.10"),
    ],
)
def test_a_line_is_rounded_once_after_its_discount(written: Line, amount: str) -> None:
    assert written.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("written", "tax"),
    [
        (line("1", "24.15", "15"), "3.62"),  # 3.6225
        (line("1", "10.825", "20"), "2.17"),  # 10.83 x 20 % = 2.166
        (line("1", "43.30", "5"), "2.17"),  # 2.165
        (line("-1", "43.30", "5"), "-2.17"),
        (line("1", "100", "0"), "0.00"),
        (line("1", "99.99", "8.875"), "8.87"),  # 8.8741125
    ],
)
def test_tax_is_rounded_half_up_on_each_line(written: Line, tax: str) -> None:
    assert written.tax == Decimal(tax)


def test_tax_of_three_lines_is_the_sum_of_three_rounded_taxes() -> None:
    three = [line("1", "0.33", "20")] * 3

    sums = sums_of(three)

    assert (sums.subtotal, sums.tax, sums.total) == (Decimal("0.99"), Decimal("0.21"), Decimal("1.20"))


def test_an_amount_of_tax_that_we_set_replaces_what_xero_computes() -> None:
    written = Line("Work", Decimal(1), Decimal("0.33"), Decimal(20), tax_amount=Decimal("0.06"))

    assert written.tax == Decimal("0.06")


@pytest.mark.parametrize(
    ("parts", "rate"),
    [
        ([], "0"),
        ([("5", False)], "5"),
        ([("5", False), ("7", False)], "12"),
        ([("8", False), ("5", True)], "13.4"),  # 8 + 5 % of 108
        ([("5", False), ("9.975", True)], "15.47375"),
    ],
)
def test_a_compound_part_is_charged_on_the_tax_of_the_others(parts: list[tuple[str, bool]], rate: str) -> None:
    components = [TaxComponent("Part", Decimal(each), is_compound) for each, is_compound in parts]

    assert effective_rate(components) == Decimal(rate)


@pytest.mark.parametrize(("value", "count"), [("1.2500", 2), ("100", 0), ("1E+2", 0), ("0.333333", 6), ("0.0", 0)])
def test_decimals_are_counted_without_closing_zeros(value: str, count: int) -> None:
    assert decimals(Decimal(value)) == count
