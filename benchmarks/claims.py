"""Measure what it costs to claim a batch when many jobs wait: one hundred thousand against one thousand.

PYTHONPATH=src:tests:benchmarks python benchmarks/claims.py [many]
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING

from setting.database import fresh_database

if TYPE_CHECKING:
    from uuid import UUID

    from joined import Joined

FEW = 1_000
ROUNDS = 40
AIM = 1.5


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with fresh_database():
        from setting.joining import joined_to_a_sandbox  # noqa: PLC0415

        with joined_to_a_sandbox() as joined:
            few_seconds = _claim_with(joined, FEW)
            many_seconds = _claim_with(joined, many)
    ratio = many_seconds / few_seconds
    print(f"claim of a batch of 50: {1000 * few_seconds:.2f} ms with {FEW:,} jobs waiting,")
    print(f"  {1000 * many_seconds:.2f} ms with {many:,}; ratio {ratio:.2f} (at most {AIM})")
    sys.exit(0 if ratio <= AIM else 1)


def _claim_with(joined: Joined, number: int) -> float:
    """Return the median time of a claim in seconds, after bringing the backlog to that number."""
    from django.db import connection  # noqa: PLC0415

    from keito_books.syncing import claims, governor  # noqa: PLC0415
    from keito_books.syncing.models import BULK, Job  # noqa: PLC0415
    from setting.invoices import ask_in_bulk, invoices_with_payments  # noqa: PLC0415

    there = Job.objects.filter(kind="invoice").count()
    invoices = invoices_with_payments(joined, number - there, clients=1, lines=1, payments=False)
    ask_in_bulk(joined, invoices, now=joined.clock())
    Job.objects.filter(kind="contact").delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    lane = governor.lane_of(joined.connection)
    busy: set[UUID] = set()
    times = []
    for _ in range(ROUNDS):  # the median leaves the first, cold ones out
        started = time.perf_counter()
        found = claims.next_load(lane, urgency=BULK, busy=busy, batch_size=50, now=joined.clock())
        times.append(time.perf_counter() - started)
        assert len(found) == 50  # noqa: PLR2004, S101  a benchmark of something else otherwise
    return statistics.median(times)


if __name__ == "__main__":
    main()
