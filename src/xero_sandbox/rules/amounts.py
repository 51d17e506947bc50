"""Rounding, lines, tax and totals (xero-api reference 6.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from xero_sandbox.records.invoice import LineItem
from xero_sandbox.records.settings import TaxComponent

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
QUANTITY_STEP = Decimal("0.0001")


def round_to(amount: Decimal, step: Decimal = CENT, *, halves_up: bool = False) -> Decimal:
    """Round half away from zero (6.5.3 [COMM-66891]).

    For negative amounts that is assumed (open question 5): `halves_up` rounds their halves towards zero.
    """
    rounded = amount.quantize(step, ROUND_HALF_DOWN if halves_up and amount < 0 else ROUND_HALF_UP)
    return rounded or abs(rounded)  # no "-0.00" on the wire


def effective_rate(components: Sequence[TaxComponent]) -> Decimal:
    """Return the percentage of all components; a compound one is charged on the others' tax too (6.5.7)."""
    if len(components) == 1:
        return components[0].rate  # nearly always; a compound one alone is charged on nothing else
    plain, compound = Decimal(0), Decimal(1)
    for one in components:
        if one.is_compound:
            compound *= 1 + one.rate / HUNDRED
        else:
            plain += one.rate
    return (HUNDRED + plain) * compound - HUNDRED


def line_amount(
    quantity: Decimal,
    unit_amount: Decimal,
    discount_rate: Decimal | None,
    discount_amount: Decimal | None,
    *,
    halves_up: bool = False,
) -> Decimal:
    """Return quantity x price less discount, rounded once (6.5.2 [INV])."""
    gross = quantity * unit_amount
    if discount_rate is not None:
        return round_to(gross * (1 - discount_rate / HUNDRED), halves_up=halves_up)
    return round_to(gross - (discount_amount or 0), halves_up=halves_up)


def line_tax(amount: Decimal, rate: Decimal, line_amount_types: str, *, halves_up: bool = False) -> Decimal:
    """Return the tax of one line (6.5.3 and 6.5.4 [ROUND])."""
    if line_amount_types == "NoTax":
        return ZERO
    if line_amount_types == "Inclusive":
        return round_to(amount * rate / (HUNDRED + rate), halves_up=halves_up)
    return round_to(amount * rate / HUNDRED, halves_up=halves_up)


@dataclass(frozen=True, slots=True)
class Totals:
    sub_total: Decimal
    total_tax: Decimal
    total: Decimal
    discount: Decimal


def totals(lines: list[LineItem], line_amount_types: str, rounding: Decimal = ZERO) -> Totals:
    """Add up rounded lines (6.5.3): tax per line first, then the sums."""
    amounts = sum((one.line_amount for one in lines), ZERO)
    tax = sum((one.tax_amount for one in lines), ZERO)
    sub_total = amounts - tax if line_amount_types == "Inclusive" else amounts
    return Totals(sub_total, tax, sub_total + tax + rounding, sum((_discount(one) for one in lines), ZERO))


def _discount(line: LineItem) -> Decimal:
    if line.discount_rate is None and line.discount_amount is None:
        return ZERO
    return round_to((line.quantity or 0) * (line.unit_amount or Decimal(0))) - line.line_amount
