"""Measure preflight: one invoice, 1,000 selected and the preview of 10,000; count queries and calls to Xero.

PYTHONPATH=src:tests:benchmarks python benchmarks/preflight.py [--contacts 1000] [--repeat 3]

Five lines an invoice, one payment each, clients that are not linked yet and a copy of the organisation's contacts.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from setting.database import fresh_database

if TYPE_CHECKING:
    from joined import Joined

ONE_MAX_SECONDS, THOUSAND_MAX_SECONDS = 0.030, 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    with fresh_database():
        from setting.joining import joined_to_a_sandbox  # noqa: PLC0415

        with joined_to_a_sandbox() as joined:
            measure(joined, contacts=asked.contacts, repeat=asked.repeat)


def measure(joined: Joined, *, contacts: int, repeat: int) -> None:
    from keito_books.invoicing.models import Invoice  # noqa: PLC0415
    from keito_books.syncing.preflight import check  # noqa: PLC0415
    from keito_books.syncing.preview import preview  # noqa: PLC0415
    from setting.invoices import invoices_with_payments  # noqa: PLC0415

    invoices_with_payments(joined, 10_000, clients=1000)
    copy_contacts(joined, contacts)
    calls = len(joined.sandbox.requests())
    everything = Invoice.objects.order_by("number")

    def checked(number: int) -> Callable[[], object]:
        return lambda: check(list(everything[:number]), joined.connection, now=joined.clock(), by=joined.by)

    one = timed(checked(1), max(repeat, 20))
    thousand = timed(checked(1000), repeat)
    ten_thousand = timed(lambda: preview(everything, joined.connection, now=joined.clock()), repeat)
    print(f"one invoice:        {one} (at most {ONE_MAX_SECONDS} s)")
    print(f"1,000 invoices:     {thousand} (at most {THOUSAND_MAX_SECONDS} s)")
    print(f"preview of 10,000:  {ten_thousand}")
    print(f"calls to Xero:      {len(joined.sandbox.requests()) - calls}")
    # Judged by the best time, since other programs on the machine only ever make it longer.
    if one.best > ONE_MAX_SECONDS or thousand.best > THOUSAND_MAX_SECONDS or one.queries != thousand.queries:
        raise SystemExit("too slow, or the number of queries grows")


@dataclass(frozen=True, slots=True)
class Timed:
    """Wall-clock seconds of several runs, seconds of our own processor time, and the queries of one run."""

    best: float
    median: float
    processor: float
    queries: int

    def __str__(self) -> str:
        times = f"best {self.best:.3f} s, median {self.median:.3f} s, {self.processor:.3f} s of processor"
        return f"{times}, {self.queries} queries"


def timed(act: Callable[[], object], repeat: int) -> Timed:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        act()
    times, worked = [], time.process_time()
    for _ in range(repeat):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    processor = (time.process_time() - worked) / repeat
    return Timed(min(times), statistics.median(times), processor, len(captured))


def copy_contacts(joined: Joined, number: int) -> None:
    """Keep a copy of so many contacts, none of which is one of the clients."""
    import msgspec  # noqa: PLC0415

    from keito_books.accounting.documents import RemoteContact  # noqa: PLC0415
    from keito_books.syncing.models import ContactsCopy  # noqa: PLC0415

    contacts = [
        RemoteContact(id=f"{place:036}", name=f"Somebody {place}", email=f"{place}@example.org")
        for place in range(number)
    ]
    content = msgspec.json.encode(contacts).decode()
    ContactsCopy.objects.create(connection=joined.connection, content=content, read_at=joined.clock())


if __name__ == "__main__":
    main()
