"""Measure how long a click on Copy to Xero takes until Success, with a real worker: idle, and while bulk waits.

PYTHONPATH=src:tests:benchmarks python benchmarks/clicks.py [--clicks 40] [--bulk 0] [--workers 1]

The sandbox's own time is subtracted. With `--bulk 10000` so many invoices wait in bulk meanwhile; the calls of the
minute are forgotten before each click, so that our own queueing is measured and not Xero's limits.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from setting.database import fresh_database

if TYPE_CHECKING:
    from joined import Joined
    from keito_books.invoicing.models import Invoice

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.004
BETWEEN_CLICKS_SECONDS = 0.7  # a person's
WARM_UP = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clicks", type=int, default=40)
    parser.add_argument("--bulk", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    with fresh_database():
        from setting.joining import joined_to_a_sandbox  # noqa: PLC0415

        with joined_to_a_sandbox() as joined:
            joined.sandbox.door("POST", "/clock", {"freeze": False})
            times = clicks(joined, asked.clicks, bulk=asked.bulk, workers=asked.workers)
    ordered = sorted(times[WARM_UP:])
    median, last_five = statistics.median(ordered), ordered[int(len(ordered) * 0.95) - 1]
    print(f"click to Success, {len(ordered)} clicks, {asked.bulk} waiting in bulk, {asked.workers} worker(s):")
    print(f"  median {1000 * median:.0f} ms, p95 {1000 * last_five:.0f} ms, slowest {1000 * ordered[-1]:.0f} ms")


def clicks(joined: Joined, number: int, *, bulk: int, workers: int) -> list[float]:
    from setting.invoices import ask_in_bulk, invoices_with_payments  # noqa: PLC0415

    now = datetime.now(UTC)
    made = invoices_with_payments(joined, number + WARM_UP, clients=1, payments=False)
    if bulk:
        ask_in_bulk(joined, invoices_with_payments(joined, bulk, clients=100), now=now)
    with running_workers(workers):
        copy(joined, made[0])
        return [click(joined, invoice) for invoice in made[1:]]


def click(joined: Joined, invoice: Invoice) -> float:
    """Return seconds from the click to Success without the sandbox's own."""
    joined.sandbox.limits(minute_used=0)
    time.sleep(BETWEEN_CLICKS_SECONDS)
    began = time.perf_counter()
    copy(joined, invoice)
    taken = time.perf_counter() - began
    return taken - sandbox_seconds(invoice)


def copy(joined: Joined, invoice: Invoice) -> None:
    from keito_books.syncing import actions  # noqa: PLC0415
    from keito_books.syncing.models import Job, Lane  # noqa: PLC0415

    Lane.objects.update(calls=[], minute_left=None)
    job = actions.copy_invoice(invoice, by=joined.by, now=datetime.now(UTC))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Job.objects.filter(pk=job.pk).exclude(state=Job.State.DONE).exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{invoice.number}: {Job.objects.filter(pk=job.pk).values()[0]}")
        time.sleep(POLL_SECONDS)


def sandbox_seconds(invoice: Invoice) -> float:
    """Return how long the call took from the first byte out to the last one in, as its receipt says."""
    from keito_books.syncing.models import Attempt  # noqa: PLC0415

    return sum(Attempt.objects.filter(dispatch__rides__job__invoice=invoice).values_list("seconds", flat=True))


@contextmanager
def running_workers(number: int) -> Iterator[None]:
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    database = connection.settings_dict
    url = (
        f"postgresql://{database['USER']}@{database['HOST'].replace('/', '%2F')}:{database['PORT']}/{database['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "XERO_SANDBOX_URL": settings.XERO_SANDBOX_URL,
        "XERO_CLIENT_ID": settings.XERO_CLIENT_ID,
        "XERO_CLIENT_SECRET": settings.XERO_CLIENT_SECRET,
    }
    command = [sys.executable, "-m", "keito_books.cli", "worker"]
    running = [subprocess.Popen(command, env=environment) for _ in range(number)]  # noqa: S603  our own program
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(PATIENCE_SECONDS)


if __name__ == "__main__":
    main()
