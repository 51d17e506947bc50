"""Count calls, virtual time and processor time for a backlog of invoices with one payment each.

PYTHONPATH=src:tests:benchmarks python benchmarks/backlog.py [--invoices 1000] [--clients 100] [--known]

`--clients` is over how many clients the invoices are spread, `--known` makes their contacts known beforehand. Time is
virtual: what the limits force, and nothing else. The floor is sixty calls a minute, the first sixty at once.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from setting.database import cpu_seconds_below, fresh_database, server_pid

if TYPE_CHECKING:
    from joined import Joined
    from keito_books.syncing.models import Attempt

TOO_MANY_REQUESTS = 429
REPLAYS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    invoices: int
    clients: int
    known: bool


@dataclass(frozen=True, slots=True)
class Measured:
    attempts: list[Attempt]
    virtual_seconds: float
    waits: int
    client_cpu: float
    database_cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--invoices", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--known", action="store_true")
    asked = Asked(**vars(parser.parse_args()))
    with fresh_database():
        from setting.joining import joined_to_a_sandbox  # noqa: PLC0415

        with joined_to_a_sandbox() as joined:
            prepare(joined, asked)
            measured = measure(joined)
            tell(joined, asked, measured)


def prepare(joined: Joined, asked: Asked) -> None:
    """Fill the outbox, and read the contacts ahead as the page with the preview does."""
    from keito_books.syncing import directory, governor  # noqa: PLC0415
    from keito_books.syncing.models import Job  # noqa: PLC0415
    from setting.invoices import ask_in_bulk, invoices_with_payments  # noqa: PLC0415
    from setting.running import run_dry  # noqa: PLC0415

    invoices = invoices_with_payments(joined, asked.invoices, clients=asked.clients)
    ask_in_bulk(joined, invoices, now=joined.clock())
    if asked.known:
        rest = Job.objects.filter(kind="invoice")
        rest.update(state=Job.State.HELD)
        run_dry(governor.lane_of(joined.connection).pk, joined.clock)
        rest.update(state=Job.State.WAITING, next_at=joined.clock())
    directory.read_ahead(joined.connection.pk, clock=joined.clock)
    joined.clock.advance(minutes=2)


def measure(joined: Joined) -> Measured:
    from keito_books.syncing import governor  # noqa: PLC0415
    from keito_books.syncing.models import Attempt  # noqa: PLC0415
    from setting.running import run_dry  # noqa: PLC0415

    before = Attempt.objects.count()
    server = server_pid()
    began, client, database = joined.clock(), time.process_time(), cpu_seconds_below(server)
    waits = run_dry(governor.lane_of(joined.connection).pk, joined.clock)
    return Measured(
        client_cpu=time.process_time() - client,
        database_cpu=cpu_seconds_below(server) - database,
        virtual_seconds=(joined.clock() - began).total_seconds(),
        waits=waits,
        attempts=list(Attempt.objects.order_by("pk")[before:]),
    )


def tell(joined: Joined, asked: Asked, measured: Measured) -> None:
    calls = Counter(f"{each.method} {each.path.split('?')[0]}" for each in measured.attempts)
    refused = sum(each.status == TOO_MANY_REQUESTS for each in measured.attempts)
    known = "known" if asked.known else "new"
    print(f"{asked.invoices} invoices with a payment each, {asked.clients} clients, contacts {known}:")
    print(f"  {sum(calls.values())} calls, {refused} of them answered 429")
    for name, number in sorted(calls.items()):
        print(f"  {number:6} {name}")
    print(f"  at the end: {ends()}")
    floor = 60 * ((sum(calls.values()) - 1) // 60)
    over = f", ratio {measured.virtual_seconds / floor:.3f}" if floor else ""
    print(f"  virtual time {measured.virtual_seconds:.0f} s in {measured.waits} waits; floor {floor} s{over}")
    cpu, database = (1000 * each / asked.invoices for each in (measured.client_cpu, measured.database_cpu))
    bare = 1000 * client_floor(joined, measured) / asked.invoices
    print(f"  processor: {cpu:.2f} ms an invoice in our process and {database:.2f} ms in the database;")
    print(f"  a bare client needs {bare:.3f} ms, so the whole path costs {(cpu + database) / bare:.0f} times that")


def client_floor(joined: Joined, measured: Measured) -> float:
    """Return what a bare client needs for all calls, from the newest ones: older keys are forgotten there."""
    from keito_books.syncing.models import Dispatch  # noqa: PLC0415
    from setting.floor import client_seconds  # noqa: PLC0415

    joined.clock.advance(seconds=61)
    sent = [each.dispatch_id for each in measured.attempts if each.dispatch_id]
    newest = sent[-REPLAYS_AT_ONCE:]
    return client_seconds(joined, Dispatch.objects.filter(pk__in=newest)) * len(sent) / len(newest)


def ends() -> str:
    from keito_books.syncing.models import Job  # noqa: PLC0415

    states = Counter(Job.objects.values_list("kind", "state"))
    return ", ".join(f"{number} {kind} {state}" for (kind, state), number in sorted(states.items()))


if __name__ == "__main__":
    main()
