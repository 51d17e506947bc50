"""The four tax situations of a line, each with its actual percentages. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from keito_books.accounting.documents import RemoteTaxRate


@dataclass(frozen=True, slots=True, order=False)
class Situation:
    """Percentages of Tax 1 and Tax 2 on a line; None where the line does not carry that tax."""

    tax1: Decimal | None
    tax2: Decimal | None

    @classmethod
    def of(cls, tax1: Decimal | None, tax2: Decimal | None) -> Situation:
        """Return the situation with equal percentages written equally (20, 20.0 and 20.0000 are one situation)."""
        return cls(_plain(tax1), _plain(tax2))

    @property
    def rate(self) -> Decimal:
        """Return what the line is taxed in all, in percent; Tax 2 is never charged on Tax 1."""
        return (self.tax1 or Decimal(0)) + (self.tax2 or Decimal(0))

    @property
    def key(self) -> str:
        """Return a form field's name for it: "20/-", "-/-", "20/2.5"."""
        return f"{_word(self.tax1)}/{_word(self.tax2)}"

    @classmethod
    def from_key(cls, key: str) -> Situation:
        """Read a key back. Raises ValueError or decimal.InvalidOperation for anything else."""
        first, second = key.split("/")
        return cls.of(*(None if part == "-" else Decimal(part) for part in (first, second)))


def can_match(situation: Situation, rate: RemoteTaxRate) -> bool:
    """Say whether a rate of theirs gives the same tax: active, allowed on income, and the same rate in percent."""
    return rate.is_active and rate.applies_to_revenue and rate.effective_rate == situation.rate


def proposal(situation: Situation, rates: Iterable[RemoteTaxRate], *, account_tax_type: str = "") -> str | None:
    """Return the one tax type to propose, or None when no rate or no clear one matches.

    Of several matching rates the one that their revenue account uses by itself is clear; nothing else is.
    """
    matching = [rate.tax_type for rate in rates if can_match(situation, rate)]
    if len(matching) == 1:
        return matching[0]
    if account_tax_type in matching:
        return account_tax_type
    return None


def _plain(percent: Decimal | None) -> Decimal | None:
    if percent is None:
        return None
    return Decimal(0) if percent == 0 else percent.normalize() + Decimal(0)


def _word(percent: Decimal | None) -> str:
    return "-" if percent is None else f"{percent:f}"
