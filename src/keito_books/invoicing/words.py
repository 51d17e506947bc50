"""Say amounts and dates in the sentences and letters that leave this room."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from keito_books.money import minor_unit, round_half_up


def money_in_words(amount: Decimal, currency: str) -> str:
    """Return an amount as in GBP 1,234.50."""
    unit = minor_unit(currency)
    return f"{currency} {round_half_up(amount, unit):,f}"


def date_in_words(day: date) -> str:
    """Return a date as in 5 November 2026."""
    return f"{day.day} {day:%B} {day.year}"
