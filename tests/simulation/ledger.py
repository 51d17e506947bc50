"""What is known of one schedule on both sides: the rows of jobs, and every sending, look-up, token and wait so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connections

from simulation.hub import Hub
from simulation.people import Bookkeeper, User
from simulation.stage import Home, Stage
from simulation.wire import Call, Wire

JOBS = """
    SELECT job.id, job.kind, job.state, job.attempts, job.connection_id, job.client_id, job.invoice_id, job.payment_id,
           job.finished_at, job.next_at, job.epoch, link.remote_id, invoice.number, invoice.amount, payment.marker,
           payment.amount, payment.invoice_id, job.refusal ->> 'code', connection.organisation_id, connection.state,
           connection.epoch, job.waiting_because, job.dispatch_id
    FROM syncing_job job
    JOIN connections_connection connection ON connection.id = job.connection_id
    LEFT JOIN invoicing_payment payment ON payment.id = job.payment_id
    LEFT JOIN invoicing_invoice invoice ON invoice.id = COALESCE(job.invoice_id, payment.invoice_id)
    LEFT JOIN syncing_link link ON link.connection_id = job.connection_id
        AND link.kind = CASE job.kind WHEN 'payment_deletion' THEN 'payment' ELSE job.kind END
        AND link.client_id IS NOT DISTINCT FROM job.client_id
        AND link.invoice_id IS NOT DISTINCT FROM job.invoice_id
        AND link.payment_id IS NOT DISTINCT FROM job.payment_id
    ORDER BY job.id
"""


class Violated(BaseException):
    """An invariant does not hold. Not an Exception: production may catch those, and this must reach the runner."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job, with its document's names and its link."""

    id: Any
    kind: str
    state: str
    attempts: int
    connection_id: Any
    client_id: Any
    invoice_id: Any
    payment_id: Any
    finished_at: datetime | None
    next_at: datetime
    epoch: int
    remote_id: str | None
    number: str | None
    invoice_amount: Decimal | None
    marker: str | None
    payment_amount: Decimal | None
    payment_invoice_id: Any
    refusal: str | None
    organisation: str
    connection_state: str
    connection_epoch: int
    because: str
    dispatch_id: Any

    @property
    def name(self) -> str:
        """Return what the document is called over there."""
        if self.kind == "contact":
            return f"KC-{self.client_id.hex}"
        return (self.number if self.kind == "invoice" else self.marker) or ""

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "sending")


@dataclass(slots=True)
class Sent:
    """What is known of the sendings of one document under one key."""

    key: str
    last: datetime
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wait:
    """What an organisation asked one worker for."""

    actor: str
    told_at: datetime
    until: datetime


@dataclass(slots=True)
class Ledger:
    """All that the invariants look at."""

    hub: Hub
    stage: Stage
    wire: Wire
    homes: list[Home]
    keeper: Bookkeeper
    users: list[User] = field(default_factory=list)
    jobs: dict[Any, JobRow] = field(default_factory=dict)
    by_key: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    # By organisation and marker; by organisation and resource.
    sent: dict[tuple[str, str], list[Sent]] = field(default_factory=lambda: defaultdict(list))
    look_ups: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    # By connection and epoch: the number of the commit that ended it.
    ended_at: dict[tuple[Any, int], int] = field(default_factory=dict)
    starts: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    waits: dict[str, Wait] = field(default_factory=dict)
    late_refreshes: set[datetime] = field(default_factory=set)
    grant_of_token: dict[str, Any] = field(default_factory=dict)
    grants_of: dict[Any, set[Any]] = field(default_factory=lambda: defaultdict(set))

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """Read our rows through the hub's own connection, in the middle of an actor's turn."""
        there = connections["default"]
        connections["default"] = self.hub.home
        try:
            yield
        finally:
            connections["default"] = there

    def may_have_been_changed(self, row: JobRow) -> bool:
        """Say whether somebody in Xero changed the document and no worker looked it up since.

        The reply to a sending shows the document as it was made, however often Xero repeats it.
        """
        edited = [self.keeper.touched.get(row.name), self.keeper.touched.get(row.number or "")]
        looked = self.look_ups.get((row.organisation, "Payments" if row.kind == "payment" else "Invoices"), [])
        return any(moment is not None and (not looked or moment >= looked[-1]) for moment in edited)

    def has_lost_consent(self) -> bool:
        """Say whether Xero forgot a consent of ours: withdrawn, or a late refresh retired the token that we hold."""
        identity = self.stage.xero.world.identity
        return any(each.revoked_at is not None for each in identity.consents.values()) or bool(self.late_refreshes)
