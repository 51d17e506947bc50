"""Turn amounts, dates and times into what people read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from keito_books.money import minor_unit, round_half_up

_MINUS = "\u2212"


def amount_text(amount: Decimal, currency: str) -> str:
    """Return 12,345,678.90 with the decimals of the currency and a real minus."""
    return _grouped(round_half_up(amount, minor_unit(currency)))


def price_text(price: Decimal, currency: str) -> str:
    """Return a unit price: at least the decimals of the currency, and more where the price has more."""
    trimmed = _without_trailing_zeros(price)
    usual = round_half_up(trimmed, minor_unit(currency))
    return _grouped(usual if usual == trimmed else trimmed)


def number_text(number: Decimal) -> str:
    """Return a quantity or a percentage without needless zeros."""
    return _grouped(_without_trailing_zeros(number))


def count_text(number: int) -> str:
    return f"{number:,}"


def typed_number(number: Decimal | None) -> str:
    """Return a number as a person would type it into a field: no grouping, no needless zeros."""
    return "" if number is None else f"{_without_trailing_zeros(number):f}"


def typed_price(price: Decimal, currency: str) -> str:
    """Return a price for a field: like a typed number, with at least the decimals of the currency."""
    return price_text(price, currency).replace(",", "").replace(_MINUS, "-")


def typed_amount(amount: Decimal, currency: str) -> str:
    return f"{round_half_up(amount, minor_unit(currency)):f}"


def day_text(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def moment_text(moment: datetime) -> str:
    """Return the day and the minute; the caller has put the time into the reader's zone."""
    return f"{day_text(moment)}, {moment:%H:%M}"


def exact_text(moment: datetime) -> str:
    return f"{moment_text(moment)}:{moment:%S %Z}"


class Addressee(Protocol):
    street: str
    city: str
    region: str
    postal_code: str
    country: str


def address_text(to: Addressee) -> str:
    """Return the postal address, one line for each part that is known."""
    town = " ".join(part for part in (to.city, to.postal_code) if part)
    return "\n".join(part for part in (to.street, town, to.region, to.country) if part)


def _grouped(number: Decimal) -> str:
    return f"{number:,f}".replace("-", _MINUS)


def _without_trailing_zeros(number: Decimal) -> Decimal:
    whole = number == number.to_integral_value()
    return number.quantize(Decimal(1)) if whole else number.normalize()
