"""People at work: each has a workspace, and copies, pays and takes back until told to stop, whatever else breaks."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import Error as DatabaseTrouble
from django.db import connection as database

from builders import a_client, a_letter, a_line, an_invoice_draft
from keito_books.invoicing import actions as books
from keito_books.invoicing.models import Client, Invoice, Payment, State
from keito_books.syncing import actions, clock, runs
from keito_books.workspaces.models import Membership

T = TypeVar("T")
AGAIN_SECONDS = 0.3
log = logging.getLogger(__name__)


@dataclass
class Answered:
    """What a person was told: these must be there, and those not."""

    copied: set[UUID] = field(default_factory=set)
    paid: set[UUID] = field(default_factory=set)
    unpaid: set[UUID] = field(default_factory=set)
    operations: Counter[str] = field(default_factory=Counter)


class Hand:
    """One person. Repeats what the database gave no answer to, as somebody would who sees an error page."""

    def __init__(self, by: Membership, number: int, *, seed: int, pause_seconds: float) -> None:
        self.by = by
        self.answered = Answered()
        self.problem: BaseException | None = None
        self._prefix = f"W{number + 1}"
        self._random = random.Random(f"{seed} person {number}")  # noqa: S311  # chance for a test
        self._pause_seconds = pause_seconds
        self._clients: list[Client] = []
        self._written = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=self._prefix)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def join(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        choices = [(self._copy, 8), (self._copy_many, 1), (self._pay, 8), (self._take_back, 3), (self._press_again, 1)]
        does, weights = zip(*choices, strict=True)
        try:
            while not self._stop.wait(self._random.expovariate(1 / self._pause_seconds)):
                self._random.choices(does, weights)[0]()
        except BaseException as problem:  # noqa: BLE001  # told by the main thread
            self.problem = problem
        finally:
            database.close()

    def _copy(self) -> None:
        invoice = self._write()
        self._insist(lambda: actions.copy_invoice(invoice, by=self.by, now=clock.now()))
        self._note("copy", self.answered.copied, invoice.pk)

    def _copy_many(self) -> None:
        wanted = [self._write().pk for _ in range(self._random.randint(5, 25))]
        self._insist(lambda: self._start_run(wanted))
        self._note("copy in bulk", self.answered.copied, *wanted)

    def _start_run(self, wanted: list[UUID]) -> None:
        try:
            runs.start_run(wanted, by=self.by, now=clock.now())
        except runs.NothingToCopy:
            log.info("the run was there already")  # its answer was lost with the database

    def _pay(self) -> None:
        invoice = self._an_open_invoice()
        if invoice is None:
            return
        amount = (invoice.due_amount * self._random.choice([1, 1, Decimal("0.5"), Decimal("0.3")])).quantize(
            Decimal("0.01")
        )
        submission, paid_on = uuid4(), clock.now().date()
        payment = self._insist(
            lambda: books.record_payment(
                invoice, amount=amount, paid_on=paid_on, by=self.by, now=clock.now(), submission_id=submission
            )
        )
        self._note("record payment", self.answered.paid, payment.pk)

    def _take_back(self) -> None:
        known = sorted(self.answered.paid)
        if not known:
            return
        chosen = self._random.choice(known[-40:])
        payment = self._insist(lambda: Payment.objects.select_related("invoice").get(pk=chosen))
        self._insist(lambda: books.delete_payment(payment, by=self.by, now=clock.now()))
        self.answered.paid.discard(chosen)
        self._note("delete payment", self.answered.unpaid, chosen)

    def _press_again(self) -> None:
        if self.answered.copied:
            chosen = self._random.choice(sorted(self.answered.copied))
            invoice = self._insist(lambda: Invoice.objects.get(pk=chosen))
            self._insist(lambda: actions.copy_invoice(invoice, by=self.by, now=clock.now()))
            self._note("press again", self.answered.copied, chosen)

    def _write(self) -> Invoice:
        """Write and send an invoice under a number of its own."""
        self._written += 1
        client = self._client()
        lines = [a_line(unit_price=str(self._random.randint(100, 99_999) / Decimal(100)))]
        lines += [a_line("Print", quantity="3", unit_price="19.95", taxed=True)] * self._random.randint(0, 2)
        typed = an_invoice_draft(client, lines=lines, number=f"{self._prefix}-{self._written:05d}", tax_percent="20")
        submission = uuid4()
        draft = self._insist(lambda: books.create_draft(typed, by=self.by, now=clock.now(), submission_id=submission))
        return self._insist(lambda: self._send(draft))

    def _send(self, draft: Invoice) -> Invoice:
        invoice = Invoice.objects.get(pk=draft.pk)
        return (
            invoice
            if invoice.state != State.DRAFT
            else books.send_invoice(invoice, a_letter(), by=self.by, now=clock.now())
        )

    def _client(self) -> Client:
        if not self._clients or self._random.random() < 1 / (4 + len(self._clients)):
            name = f"{self._prefix} Client {len(self._clients) + 1:03d}"
            self._clients.append(self._insist(lambda: self._known(name) or a_client(self.by, name)))
        return self._random.choice(self._clients)

    def _known(self, name: str) -> Client | None:
        return Client.objects.filter(workspace=self.by.workspace, name=name).first()

    def _an_open_invoice(self) -> Invoice | None:
        known = sorted(self.answered.copied)
        if not known:
            return None
        chosen = self._random.choice(known)
        invoice = self._insist(lambda: Invoice.objects.get(pk=chosen))
        return invoice if invoice.state == State.OPEN else None

    def _note(self, kind: str, where: set[UUID], *documents: UUID) -> None:
        where.update(documents)
        self.answered.operations[kind] += len(documents)

    def _insist(self, action: Callable[[], T]) -> T:
        """Do it until the database says that it is done."""
        while True:
            try:
                return action()
            except DatabaseTrouble as trouble:
                log.info("%s asks again: %s", self._prefix, type(trouble).__name__)
                database.close()
                time.sleep(AGAIN_SECONDS)
