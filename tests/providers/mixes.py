"""Realistic mixes of invoices, made from a seed: for the comparison with the sandbox and for the benchmark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from keito_books.invoicing.totals import Item

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Case:
    """What an invoice is made of."""

    items: list[Item]
    currency: str
    discount: Decimal
    tax: Decimal | None
    tax2: Decimal | None


def consultancy(random: Random) -> Case:
    """Hours in quarters at a day's rate, one VAT, now and then a discount."""
    items = [
        Item(Decimal(random.randint(1, 160)) / 4, Decimal(random.choice([85, 95, 110, 125, 150])), taxed=True)
        for _ in range(random.randint(1, 8))
    ]
    return Case(items, "GBP", Decimal(random.choice([0, 0, 0, 5, 10])), Decimal(20), None)


def tracked_time(random: Random) -> Case:
    """Seconds turned into hours of up to six decimals, expenses to the cent, two taxes, uneven discounts."""
    items = [
        Item(
            Decimal(random.randint(60, 90_000)) / 3600,
            _money(random, 40, 180),
            taxed=True,
            taxed2=random.random() < 0.5,
        )
        for _ in range(random.randint(2, 25))
    ]
    items = [
        Item(each.quantity.quantize(Decimal("0.000001")), each.unit_price, each.taxed, each.taxed2) for each in items
    ]
    items += [
        Item(Decimal(1), _money(random, 1, 400), taxed=random.random() < 0.8) for _ in range(random.randint(0, 6))
    ]
    return Case(items, "GBP", Decimal(random.choice(["0", "0", "7.5", "12.5", "3.333"])), Decimal(5), Decimal("9.975"))


def wholesale(random: Random) -> Case:
    """Many small pieces at prices of up to four decimals, one tax, a discount on most."""
    items = [
        Item(Decimal(random.randint(1, 5000)), Decimal(random.randint(1, 90_000)) / 10_000, taxed=random.random() < 0.9)
        for _ in range(random.randint(5, 60))
    ]
    return Case(items, "GBP", Decimal(random.choice(["0", "2", "2.5", "15", "33"])), Decimal("8.875"), None)


MIXES: Mapping[str, Callable[[Random], Case]] = {
    "consultancy": consultancy,
    "tracked time": tracked_time,
    "wholesale": wholesale,
}


def cases(mix: str, count: int, *, seed: int) -> Iterator[Case]:
    random = Random(seed)  # noqa: S311  figures, not secrets
    for _ in range(count):
        yield MIXES[mix](random)


def _money(random: Random, low: int, high: int) -> Decimal:
    return Decimal(random.randint(low * 100, high * 100)) * CENT
