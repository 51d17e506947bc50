"""Rounding, tax and totals by worked figures, and what must hold for any figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_sandbox.records.invoice import LineItem
from xero_sandbox.records.settings import TaxComponent
from xero_sandbox.rules.amounts import effective_rate, line_amount, line_tax, round_to, totals

CENTS = st.decimals(-10_000, 10_000, places=2, allow_nan=False)
RATES = st.decimals(0, 60, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("2.165", "2.17"), ("2.164", "2.16"), ("0.005", "0.01"), ("-2.165", "-2.17"), ("-0.004", "0.00"), ("7", "7.00")],
)
def test_half_cents_round_away_from_zero(amount: str, rounded: str) -> None:
    assert str(round_to(Decimal(amount))) == rounded


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "discount", "amount"),
    [
        ("3", "33.33", None, None, "99.99"),
        ("3", "33.3333", None, None, "100.00"),
        ("1.5", "0.01", None, None, "0.02"),
        ("1", "99.95", "12.5", None, "87.46"),
        ("2", "10", None, "0.5", "19.50"),
        ("1", "10", "100", None, "0.00"),
    ],
)
def test_a_line_is_quantity_times_price_less_its_discount(
    quantity: str, price: str, rate: str | None, discount: str | None, amount: str
) -> None:
    worked = line_amount(
        Decimal(quantity),
        Decimal(price),
        Decimal(rate) if rate else None,
        Decimal(discount) if discount else None,
    )

    assert str(worked) == amount


@pytest.mark.parametrize(
    ("amount", "rate", "kind", "tax"),
    [
        ("100.00", "20", "Exclusive", "20.00"),
        ("120.00", "20", "Inclusive", "20.00"),
        ("541.25", "15", "Inclusive", "70.60"),
        ("0.13", "5", "Exclusive", "0.01"),
        ("100.00", "20", "NoTax", "0.00"),
        ("-100.00", "17.5", "Exclusive", "-17.50"),
    ],
)
def test_tax_is_worked_out_on_the_line(amount: str, rate: str, kind: str, tax: str) -> None:
    assert str(line_tax(Decimal(amount), Decimal(rate), kind)) == tax


def test_a_compound_component_is_charged_on_the_others() -> None:
    parts = [TaxComponent("GST", Decimal(5)), TaxComponent("PST", Decimal("9.975"), is_compound=True)]

    # 105 x 1.09975 = 115.47375
    assert effective_rate(parts) == Decimal("15.47375")


@given(st.lists(CENTS, max_size=12), RATES)
def test_totals_are_the_sums_of_rounded_lines_and_inclusive_totals_are_the_amounts(
    amounts: list[Decimal], rate: Decimal
) -> None:
    for kind in ("Exclusive", "Inclusive", "NoTax"):
        lines = [LineItem("id", line_amount=one, tax_amount=line_tax(one, rate, kind)) for one in amounts]

        sums = totals(lines, kind)

        assert sums.total == sums.sub_total + sums.total_tax
        assert sums.total == round_to(sums.total)
        if kind != "Exclusive":
            assert sums.total == sum(amounts, Decimal("0.00"))


@given(CENTS, RATES)
def test_tax_never_strays_more_than_half_a_cent(amount: Decimal, rate: Decimal) -> None:
    assert abs(line_tax(amount, rate, "Exclusive") - amount * rate / 100) <= Decimal("0.005")
