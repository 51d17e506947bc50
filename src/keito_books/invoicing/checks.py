"""Check what was typed, and return it in the form that is kept. Each refusal is a sentence and names its field."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from keito_books.invoicing.currencies import CURRENCIES
from keito_books.invoicing.errors import InvalidValue
from keito_books.invoicing.models.terms import PaymentTerm
from keito_books.invoicing.words import date_in_words, money_in_words
from keito_books.money import minor_unit

NAME_LENGTH = 255
DESCRIPTION_LENGTH = 4000  # the least that accounting systems take for a line
NOTES_LENGTH = 10_000
LINES_MAX = 500
DAYS_MAX = 3650
MONEY_LIMIT = Decimal(10) ** 13
FACTOR_LIMIT = Decimal(10) ** 12
FACTOR_DECIMALS = 6
PERCENT_DECIMALS = 4

_EARLIEST = date(2000, 1, 1)
_LATEST = date(2099, 12, 31)


def line_of_text(value: str, what: str, *, field: str, limit: int = NAME_LENGTH, required: bool = False) -> str:
    """Check a text of one line; spaces around it are dropped."""
    return _text(value.strip(), what, field=field, limit=limit, required=required, breaks="")


def text(value: str, what: str, *, field: str, limit: int = NOTES_LENGTH, required: bool = False) -> str:
    """Check a text of several lines; browsers' line ends become plain ones."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _text(plain, what, field=field, limit=limit, required=required, breaks="\n\t")


def email(value: str, what: str, *, field: str, required: bool = False) -> str:
    address = line_of_text(value, what, field=field, limit=254, required=required)
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise InvalidValue(
                f"{what} “{address}” is not an e-mail address. Write it as name@example.com.", field=field
            ) from None
    return address


def currency(value: str, *, field: str = "currency") -> str:
    code = value.strip().upper()
    if code not in CURRENCIES:
        raise InvalidValue(
            f"“{value}” is not a currency in use. Give its three-letter code, such as GBP or EUR.", field=field
        )
    return code


def day(value: date, what: str, *, field: str) -> date:
    """Check that a date is in this century: other years are slips of the keyboard."""
    if not _EARLIEST <= value <= _LATEST:
        raise InvalidValue(
            f"{what} is in the year {value.year}. Dates from 2000 to 2099 are possible; please check the year.",
            field=field,
        )
    return value


def not_before(value: date, earlier: date, what: str, what_earlier: str, *, field: str) -> None:
    if value < earlier:
        raise InvalidValue(
            f"{what} ({date_in_words(value)}) is before {what_earlier} ({date_in_words(earlier)}). "
            "Choose the same day or a later one.",
            field=field,
        )


def percent(value: Decimal, what: str, *, field: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 100:  # noqa: PLR2004  a percentage
        raise InvalidValue(f"{what} must be between 0 and 100 per cent.", field=field)
    if _decimals(value) > PERCENT_DECIMALS:
        raise InvalidValue(f"{what} can have up to {PERCENT_DECIMALS} decimals.", field=field)
    return value


def optional_percent(value: Decimal | None, what: str, *, field: str) -> Decimal | None:
    return None if value is None else percent(value, what, field=field)


def factor(value: Decimal, what: str, *, field: str, may_be_negative: bool = False) -> Decimal:
    """Check a quantity or a unit price: up to six decimals, below a million million."""
    if not value.is_finite():
        raise InvalidValue(f"{what} must be a number.", field=field)
    if value < 0 and not may_be_negative:
        raise InvalidValue(f"{what} can't be negative.", field=field)
    if abs(value) >= FACTOR_LIMIT:
        raise InvalidValue(f"{what} must be below {FACTOR_LIMIT:,f}.", field=field)
    if _decimals(value) > FACTOR_DECIMALS:
        raise InvalidValue(f"{what} can have up to {FACTOR_DECIMALS} decimals.", field=field)
    return value


def money(value: Decimal, what: str, currency_code: str, *, field: str) -> Decimal:
    """Check an amount above zero that can be paid in the currency."""
    if not value.is_finite():
        raise InvalidValue(f"{what} must be a number.", field=field)
    if value <= 0:
        raise InvalidValue(f"{what} must be more than zero.", field=field)
    if value >= MONEY_LIMIT:
        raise InvalidValue(f"{what} must be below {money_in_words(MONEY_LIMIT, currency_code)}.", field=field)
    possible = _decimals(minor_unit(currency_code))
    if _decimals(value) > possible:
        allowed = f"has {possible} decimals" if possible else "has no decimals"
        raise InvalidValue(f"{what} has too many decimals: {currency_code} {allowed}.", field=field)
    return value


def term(value: str, days: int | None, *, field: str = "payment_term") -> tuple[str, int | None]:
    """Check a payment term; days count for Custom only and are dropped otherwise."""
    if value not in PaymentTerm.values:
        raise InvalidValue("Choose one of the payment terms in the list.", field=field)
    if value != PaymentTerm.CUSTOM:
        return value, None
    if days is None or not 0 <= days <= DAYS_MAX:
        raise InvalidValue(f"Give the days of the custom term, from 0 to {DAYS_MAX:,}.", field="payment_days")
    return value, days


def _text(value: str, what: str, *, field: str, limit: int, required: bool, breaks: str) -> str:
    if required and not value:
        raise InvalidValue(f"{what} is missing. Please fill it in.", field=field)
    for character in value:
        if character not in breaks and unicodedata.category(character) in ("Cc", "Cs"):
            raise InvalidValue(
                f"{what} contains a character that can't be printed (U+{ord(character):04X}). "
                "It often comes with copied text; please delete it or type the text again.",
                field=field,
            )
    if len(value) > limit:
        raise InvalidValue(
            f"{what} has {len(value):,} characters; at most {limit:,} are possible. Please shorten it.", field=field
        )
    return value


def _decimals(value: Decimal) -> int:
    """Return how many decimals a finite number really has: 1.50 has one. Exact, whatever the precision in force."""
    _, digits, exponent = value.as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    if not significant or not isinstance(exponent, int):
        return 0
    return max(0, -exponent - (len(digits) - len(significant)))
