"""What people do: users of Keito Books through its actions, and bookkeepers in Xero."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from keito_books.accounting.errors import ProviderError
from keito_books.connections.actions import choose_organisation, disconnect
from keito_books.connections.errors import ConnectionProblem
from keito_books.connections.outcomes import ChooseOrganisation
from keito_books.connections.queries import live_connection
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Invoice, Payment
from keito_books.mapping import actions as mapping
from keito_books.mapping.errors import BooksNotRead, ChoiceRefused
from keito_books.mapping.queries import preferences_of
from keito_books.syncing import actions, runs
from keito_books.syncing.errors import SyncProblem
from keito_books.syncing.models import Job, Run
from keito_books.workspaces.errors import NotAllowed
from simulation.hub import Hub
from simulation.plan import Deed
from simulation.stage import SESSION, START, Home, Stage, connect

# What a page would show to the person; anything else is an error of ours.
TOLD = (BooksError, SyncProblem, ConnectionProblem, ChoiceRefused, BooksNotRead, ProviderError, NotAllowed)


class User:
    """A member of one workspace, doing one deed after the other."""

    def __init__(self, hub: Hub, stage: Stage, home: Home, deeds: Iterable[Deed]) -> None:
        self.hub = hub
        self.stage = stage
        self.home = home
        self.left = list(deeds)
        self.answered: list[tuple[str, object]] = []

    def act(self) -> None:
        """Do what is left; a deed in whose middle the process died is not done again by itself."""
        while self.left:
            deed = self.left[0]
            begin = self.hub.started(deed.at)
            if begin > self.hub.now:
                self.hub.actor.wait_until(begin)
            self.left.pop(0)
            self._do(deed)

    def _do(self, deed: Deed) -> None:
        name = self.hub.actor.name
        self.hub.trace.note(self.hub.now, name, deed.what)
        self.hub.trace.count(f"deed {deed.what}")
        try:
            told = _DEEDS[deed.what](self, deed.pick)
        except TOLD as problem:
            told = f"refused: {type(problem).__name__}: {problem}"
        self.hub.trace.note(self.hub.now, name, f"{deed.what}: {told}")

    def copy(self, pick: float) -> str:
        invoice = self._invoice(pick)
        job = actions.copy_invoice(invoice, by=self.home.by, now=self.hub.now)
        self.answered.append(("invoice", job.pk))
        return invoice.number

    def copy_twice(self, pick: float) -> str:
        invoice = self._invoice(pick)
        jobs = {actions.copy_invoice(invoice, by=self.home.by, now=self.hub.now).pk for _ in range(2)}
        assert len(jobs) == 1, "I27: two equal requests made two jobs"
        return invoice.number

    def copy_many(self, pick: float) -> str:
        """Copy several invoices as one run."""
        some = self.home.invoices[: 2 + int(pick * 5)]
        run = runs.start_run(some, by=self.home.by, now=self.hub.now)
        return f"{run.invoices} invoices"

    def steer_run(self, pick: float) -> str:
        """Pause, resume, cancel or retry the newest run."""
        run = Run.objects.filter(workspace=self.home.by.workspace).order_by("-requested_at", "-pk").first()
        if run is None:
            return "no run"
        steer = (runs.pause_run, runs.resume_run, runs.resume_run, runs.cancel_run, runs.retry_failed)[int(pick * 5)]
        steer(run, by=self.home.by, now=self.hub.now)
        return steer.__name__

    def pay(self, pick: float) -> str:
        """Pay a part, in odd cents."""
        invoice = self._copied(pick)
        part = (invoice.due_amount * Decimal("0.37")).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return self._pay(invoice, part)

    def pay_the_rest(self, pick: float) -> str:
        invoice = self._copied(pick)
        return self._pay(invoice, invoice.due_amount)

    def delete_a_payment(self, pick: float) -> str:
        payments = list(Payment.objects.filter(workspace=self.home.by.workspace, deleted_at=None).order_by("marker"))
        if not payments:
            return "none"
        payment = payments[int(pick * len(payments))]
        invoicing.delete_payment(payment, by=self.home.by, now=self.hub.now)
        return payment.marker

    def retry(self, pick: float) -> str:
        failed = list(
            Job.objects.filter(workspace=self.home.by.workspace, state__in=["failed", "stopped"]).order_by("id")
        )
        failed = [job for job in failed if job.invoice_id or job.payment_id]
        if not failed:
            return "nothing failed"
        job = failed[int(pick * len(failed))]
        if job.invoice is not None:
            actions.copy_invoice(job.invoice, by=self.home.by, now=self.hub.now)
        elif job.payment is not None:
            actions.copy_payment(job.payment, by=self.home.by, now=self.hub.now)
        return f"{job.kind} again"

    def change_settings(self, pick: float) -> str:
        connection = live_connection(self.home.by.workspace)
        if connection is None:
            return "not connected"
        before = preferences_of(connection)
        mapping.save_accounts(
            connection,
            revenue_account_id=self.home.other_account_id,
            payment_account_id=before.payment_account_id,
            invoices_as=before.invoices_as,
            by=self.home.by,
            now=self.hub.now,
        )
        return "another revenue account"

    def revert(self, pick: float) -> str:
        invoice = self._invoice(pick)
        invoicing.revert_to_draft(invoice, by=self.home.by, now=self.hub.now)
        return invoice.number

    def disconnect(self, pick: float) -> str:
        connection = live_connection(self.home.by.workspace)
        if connection is None:
            return "not connected"
        return disconnect(connection=connection, by=self.home.by, now=self.hub.now).sentence.split(".")[0]

    def reconnect(self, pick: float) -> str:
        outcome = connect(self.stage.xero, self.home.by, self.home.organisation_id, now=self.hub.now)
        if isinstance(outcome, ChooseOrganisation):
            outcome = choose_organisation(
                attempt=outcome.attempt,
                organisation_id=self.home.organisation_id,
                by=self.home.by,
                session_key=SESSION,
                now=self.hub.now,
            )
        return type(outcome).__name__

    def _pay(self, invoice: Invoice, amount: Decimal) -> str:
        payment = invoicing.record_payment(
            invoice, amount=amount, paid_on=START.date(), by=self.home.by, now=self.hub.now
        )
        return f"{amount} of {invoice.number} as {payment.marker}"

    def _invoice(self, pick: float) -> Invoice:
        every = self.home.invoices
        return Invoice.objects.get(pk=every[int(pick * len(every))])

    def _copied(self, pick: float) -> Invoice:
        """Return an invoice that somebody copied, if there is one."""
        jobs = Job.objects.filter(workspace=self.home.by.workspace, kind="invoice")
        copied = list(Invoice.objects.filter(pk__in=jobs.values("invoice"), state="open").order_by("number"))
        return copied[int(pick * len(copied))] if copied else self._invoice(pick)


_DEEDS: dict[str, Callable[[User, float], str]] = {
    "copy": User.copy,
    "copy twice": User.copy_twice,
    "copy many": User.copy_many,
    "steer a run": User.steer_run,
    "pay": User.pay,
    "pay the rest": User.pay_the_rest,
    "delete a payment": User.delete_a_payment,
    "retry": User.retry,
    "change settings": User.change_settings,
    "revert": User.revert,
    "disconnect": User.disconnect,
    "reconnect": User.reconnect,
}


class Bookkeeper:
    """Somebody who works in Xero, behind the app's back."""

    def __init__(self, hub: Hub, stage: Stage, homes: list[Home]) -> None:
        self.hub = hub
        self.stage = stage
        self.homes = homes
        self.touched: dict[str, datetime] = {}  # numbers and names of what was changed by hand, and when
        self.has_disconnected: set[str] = set()
        self.has_merged = False

    def edit(self, deed: Deed, home: Home) -> None:
        organisation = home.organisation_id
        number = home.numbers[int(deed.pick * len(home.numbers))]
        names = [f"Blue Fern Ltd {home.letter}", f"Ôtâ & Sons {home.letter}"]
        name = names[int(deed.pick * 2)]
        known_details: dict[str, dict[str, object]] = {
            "void invoice": {"invoice": number},
            "delete payment": {"invoice": number},
            "pay invoice": {"invoice": number},
            "edit invoice": {"invoice": number, "quantity": "7"},
            "rename contact": {"contact": name, "name": f"{name} renamed"},
            "archive contact": {"contact": name},
            "restore contact": {"contact": name},
            "merge contacts": {"contact": names[0], "into": names[1]},
            "archive account": {"account": "200"},
            "restore account": {"account": "200"},
            "set lock date": {"date": START.date().isoformat()},
            "lift lock date": {"date": None},
        }
        details = known_details.get(deed.what, {})
        what = "set lock date" if deed.what == "lift lock date" else deed.what
        done = self.stage.xero.do(organisation, what, **details)
        if done:
            self.touched |= {str(value): self.hub.now for value in details.values()}
            if deed.what == "disconnect app":
                self.has_disconnected.add(organisation)
            self.has_merged |= deed.what == "merge contacts"
        self.hub.trace.note(self.hub.now, "bookkeeper", f"{deed.what} {details}: {'done' if done else 'not possible'}")
        self.hub.trace.count(f"edit {deed.what}" if done else f"edit {deed.what} (not possible)")

    def leave(self) -> None:
        """Lift what would hold everybody up for good."""
        for home in self.homes:
            self.stage.xero.do(home.organisation_id, "come online")
