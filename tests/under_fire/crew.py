"""Real workers on the tests' own database, beside a sandbox of several organisations."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from builders import a_client, a_membership, a_workspace, an_invoice
from keito_books.cli.service import Service
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice
from keito_books.syncing import actions, clock
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Job, Lane
from keito_books.workspaces.models import Membership
from processes import soon
from under_fire.offices import join
from under_fire.organisations import Seat
from xero_sandbox.testing import RunningSandbox


@dataclass
class Desk:
    """A workspace that is joined to an organisation of its own."""

    by: Membership
    connection: Connection
    client: Client

    def copy(self) -> Invoice:
        invoice = an_invoice(self.by, client=self.client)
        actions.copy_invoice(invoice, by=self.by, now=clock.now())
        return invoice

    @property
    def lane(self) -> Lane:
        return Lane.objects.get(pk=lane_of(self.connection).pk)

    def is_done(self, *invoices: Invoice) -> bool:
        return Job.objects.filter(invoice__in=invoices, state=Job.State.DONE).count() == len(invoices)


@dataclass
class Crew:
    """Workers as processes, on the database that this test sees."""

    sandbox: RunningSandbox
    seats: list[Seat]
    environment: dict[str, str]
    folder: Path
    workers: list[Service] = field(default_factory=list)

    def hire(self) -> Service:
        number = len(self.workers) + 1
        command = [sys.executable, "-m", "keito_books.cli", "worker"]
        worker = Service(f"worker {number}", command, self.environment, self.folder / "logs" / f"worker-{number}.log")
        self.workers.append(worker)
        worker.start(now=time.monotonic())
        return worker

    def desk(self, number: int = 0) -> Desk:
        by = a_membership(a_workspace())
        return Desk(by, join(self.sandbox, self.seats[number], by), a_client(by, f"Client {number}"))

    def slow_down(self, route: str, *, seconds: float) -> None:
        self.sandbox.fault(route, "answer slowly", seconds=seconds, times=None)

    def wait_for_call(self, method: str, path: str) -> None:
        """Return when such a call is under way."""
        assert soon(lambda: any(_is_under_way(each, method, path) for each in self.sandbox.requests()))

    def dismiss(self) -> None:
        for worker in self.workers:
            if worker.exit_code is None and worker.pid is not None:
                os.kill(worker.pid, signal.SIGKILL)
                worker.see_stopped(patience_seconds=10)


def _is_under_way(exchange: dict[str, object], method: str, path: str) -> bool:
    return exchange["method"] == method and path in str(exchange["path"]) and exchange["status"] is None
