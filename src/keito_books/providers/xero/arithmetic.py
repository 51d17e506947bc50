"""Predict Xero's arithmetic: what it will make of the lines that we send.

Its rules, and where we learned them, are in docs/providers/xero.md#arithmetic. Everything is rounded half up to two
decimals, whatever the currency: the line, then the tax of each line, then only sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from keito_books.accounting.documents import TaxComponent
from keito_books.money import round_half_up

CENT = Decimal("0.01")
# Xero keeps six decimals of an exchange rate, and may show more.
RATE_UNIT = Decimal("0.000001")
_HUNDRED = Decimal(100)
_ZERO = Decimal("0.00")


class LineAmounts(StrEnum):
    """What the amounts of lines are said to contain, in Xero's words."""

    EXCLUSIVE = "Exclusive"
    INCLUSIVE = "Inclusive"
    NO_TAX = "NoTax"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it goes out. `rate` is its tax in percent; a `tax_amount` replaces what Xero would compute."""

    description: str
    quantity: Decimal
    unit_amount: Decimal
    rate: Decimal
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_amount: Decimal | None = None

    @property
    def amount(self) -> Decimal:
        """What Xero will show as the line's amount, after discount."""
        gross = self.quantity * self.unit_amount
        if self.discount_rate is not None:
            return round_half_up(gross * (1 - self.discount_rate / _HUNDRED), CENT)
        return round_half_up(gross - (self.discount_amount or 0), CENT)

    @property
    def exact_tax(self) -> Decimal:
        return self.amount * self.rate / _HUNDRED

    @property
    def tax(self) -> Decimal:
        """What Xero will show as the line's tax, where amounts exclude it."""
        return self.tax_in(LineAmounts.EXCLUSIVE)

    def tax_in(self, mode: LineAmounts) -> Decimal:
        """Return what Xero will show as the line's tax; without tax it ignores an amount of ours too."""
        if mode is LineAmounts.NO_TAX:
            return _ZERO
        if self.tax_amount is not None:
            return self.tax_amount
        if mode is LineAmounts.INCLUSIVE:
            return round_half_up(self.amount * self.rate / (_HUNDRED + self.rate), CENT)
        return round_half_up(self.exact_tax, CENT)


@dataclass(frozen=True, slots=True)
class Sums:
    """What Xero will show below the lines."""

    subtotal: Decimal
    tax: Decimal
    rounding: Decimal = _ZERO  # their RoundingAmount, which is in the total alone

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax + self.rounding


def sums_of(lines: Iterable[Line], mode: LineAmounts = LineAmounts.EXCLUSIVE, *, rounding: Decimal = _ZERO) -> Sums:
    every = tuple(lines)
    amounts = sum((line.amount for line in every), _ZERO)
    tax = sum((line.tax_in(mode) for line in every), _ZERO)
    return Sums(amounts - tax if mode is LineAmounts.INCLUSIVE else amounts, tax, rounding)


def effective_rate(components: Iterable[TaxComponent]) -> Decimal:
    """Return the percentage of all parts together; a compound part is charged on the tax of the others too."""
    plain, compound = Decimal(0), Decimal(1)
    for component in components:
        if component.is_compound:
            compound *= 1 + component.rate / _HUNDRED
        else:
            plain += component.rate
    return (_HUNDRED + plain) * compound - _HUNDRED


def decimals(value: Decimal) -> int:
    """Return how many decimals a value really has: 2 for 1.2500."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
