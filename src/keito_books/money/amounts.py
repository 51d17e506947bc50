"""Hold amounts of money exactly, and round them in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

# ISO 4217: every currency has two decimals except these.
_NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905  a list of codes reads better as one line
)
_THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))

# Wide enough that products of 13-digit amounts and 6-digit rates stay exact until they are rounded.
_EXACT = Context(prec=50)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest unit of a currency: 0.01 for GBP, 1 for JPY, 0.001 for KWD."""
    if currency in _NO_DECIMALS:
        return Decimal(1)
    if currency in _THREE_DECIMALS:
        return Decimal("0.001")
    return Decimal("0.01")


def round_half_up(value: Decimal, unit: Decimal) -> Decimal:
    """Round to a multiple of a decimal unit such as 0.01; halves go away from zero."""
    return value.quantize(unit, rounding=ROUND_HALF_UP, context=_EXACT)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency. Raises TypeError for anything but a Decimal: a float has already lost cents."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money needs a Decimal, not {type(self.amount).__name__}")

    def rounded(self) -> Money:
        """Round half up to the currency's smallest unit."""
        return Money(round_half_up(self.amount, minor_unit(self.currency)), self.currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


def allocate(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split a total over weights by largest remainder; the parts are multiples of the unit and sum to the total.

    The total must be a multiple of the unit, and weights must share one sign. With weights that are all zero the
    first part takes everything. Raises ValueError when there is nobody to take a part.
    """
    if not weights:
        raise ValueError("There is nothing to split the total over")
    weight_sum = sum(weights, Decimal(0))
    if weight_sum == 0:
        return [total] + [Decimal(0)] * (len(weights) - 1)
    with localcontext(_EXACT):
        exact = [total * weight / weight_sum for weight in weights]
        parts = [share.quantize(unit, rounding=ROUND_DOWN) for share in exact]
        missing = int((total - sum(parts, Decimal(0))) / unit)
        by_remainder = sorted(range(len(parts)), key=lambda i: (-abs(exact[i] - parts[i]), i))
        step = unit if missing > 0 else -unit
        for index in by_remainder[: abs(missing)]:
            parts[index] += step
    return parts


def apportion(exact: Sequence[Decimal], total: Decimal, unit: Decimal) -> list[Decimal]:
    """Round exact parts to multiples of the unit so that they sum to the total, by largest remainder.

    The total must be a multiple of the unit. Parts may have either sign. A total that is further away than rounding
    explains is still met, by going round more than once. Raises ValueError when there is nobody to take a part.
    """
    if not exact:
        raise ValueError("There is nothing to split the total over")
    with localcontext(_EXACT):
        parts = [part.quantize(unit, rounding=ROUND_FLOOR) for part in exact]
        missing = int((total - sum(parts, Decimal(0))) / unit)
        by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        if missing < 0:
            by_remainder.reverse()
        rounds, rest = divmod(abs(missing), len(parts))
        step = unit if missing > 0 else -unit
        for place, index in enumerate(by_remainder):
            parts[index] += step * (rounds + (1 if place < rest else 0))
    return parts
