"""Add up an invoice: the one place where its figures come from.

Prices exclude tax. Each line is rounded to the currency; the discount comes off the sum of the lines; each tax is
rounded once on its taxable lines after discount, and the second tax is not charged on the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from keito_books.money import minor_unit, round_half_up

# Twelve digits with six decimals, times the same, fit exactly.
_DIGITS = 60
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """What a line adds to an invoice."""

    quantity: Decimal
    unit_price: Decimal
    taxed: bool = False
    taxed2: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """All figures of an invoice, rounded to its currency. `amount` is what the client pays."""

    line_amounts: tuple[Decimal, ...]
    subtotal: Decimal
    discount_amount: Decimal
    tax_amount: Decimal
    tax2_amount: Decimal
    amount: Decimal


def line_amount(quantity: Decimal, unit_price: Decimal, currency: str) -> Decimal:
    """Return quantity times unit price, rounded half up to the currency's smallest unit."""
    with localcontext(prec=_DIGITS):
        return round_half_up(quantity * unit_price, minor_unit(currency))


def add_up(
    items: Sequence[Item],
    *,
    currency: str,
    discount_percent: Decimal = Decimal(0),
    tax_percent: Decimal | None = None,
    tax2_percent: Decimal | None = None,
) -> Totals:
    """Return the figures of an invoice; a tax of None is not charged."""
    unit = minor_unit(currency)
    amounts = tuple(line_amount(item.quantity, item.unit_price, currency) for item in items)
    taxed = [amount for item, amount in zip(items, amounts, strict=True) if item.taxed]
    taxed2 = [amount for item, amount in zip(items, amounts, strict=True) if item.taxed2]
    with localcontext(prec=_DIGITS):
        kept = 1 - discount_percent / _HUNDRED
        subtotal = _sum(amounts, unit)
        discount = round_half_up(subtotal * discount_percent / _HUNDRED, unit)
        tax = round_half_up(_sum(taxed, unit) * kept * (tax_percent or 0) / _HUNDRED, unit)
        tax2 = round_half_up(_sum(taxed2, unit) * kept * (tax2_percent or 0) / _HUNDRED, unit)
        return Totals(amounts, subtotal, discount, tax, tax2, subtotal - discount + tax + tax2)


def _sum(amounts: Sequence[Decimal], unit: Decimal) -> Decimal:
    return sum(amounts, unit * 0)
