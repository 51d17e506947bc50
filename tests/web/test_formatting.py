from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from keito_books.web import formatting


def test_an_amount_has_the_decimals_of_its_currency_and_is_grouped() -> None:
    assert formatting.amount_text(Decimal("12345678.900"), "GBP") == "12,345,678.90"
    assert formatting.amount_text(Decimal("1500.000"), "JPY") == "1,500"
    assert formatting.amount_text(Decimal("1.500"), "KWD") == "1.500"


def test_a_negative_amount_has_a_real_minus() -> None:
    assert formatting.amount_text(Decimal("-1234.5"), "GBP") == "\u22121,234.50"


def test_a_price_shows_as_many_decimals_as_it_has() -> None:
    assert formatting.price_text(Decimal("85.000000"), "GBP") == "85.00"
    assert formatting.price_text(Decimal("0.004500"), "GBP") == "0.0045"


def test_a_quantity_loses_its_needless_zeros() -> None:
    assert formatting.number_text(Decimal("12.500000")) == "12.5"
    assert formatting.number_text(Decimal("1200.000000")) == "1,200"


def test_a_typed_number_can_be_read_back() -> None:
    assert formatting.typed_number(Decimal("1200.500000")) == "1200.5"
    assert formatting.typed_number(None) == ""


def test_days_and_times_are_british() -> None:
    moment = datetime(2026, 7, 3, 13, 5, 9, tzinfo=UTC).astimezone(ZoneInfo("Europe/London"))

    assert formatting.day_text(date(2026, 11, 2)) == "2 Nov 2026"
    assert formatting.moment_text(moment) == "3 Jul 2026, 14:05"
    assert formatting.exact_text(moment) == "3 Jul 2026, 14:05:09 BST"
