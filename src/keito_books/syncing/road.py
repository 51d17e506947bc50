"""What the jobs of one connection need on their way: choices, lists, a live token, a permit for each request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.conf import settings

from keito_books.accounting.documents import Kind
from keito_books.accounting.errors import ProviderError, Refused, TryAgainLater
from keito_books.accounting.port import Access, DocumentsOut, Receipt
from keito_books.connections.errors import NotConnected
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.connections.tokens import call_with_access
from keito_books.mapping.actions import keep_books
from keito_books.mapping.books import Books, books_or_none_read
from keito_books.mapping.freshness import claim_renewal, distrust
from keito_books.mapping.queries import choices_of
from keito_books.mapping.resolve import Choices
from keito_books.syncing import evidence, governor, protocol
from keito_books.syncing.errands import ERRANDS, Errand
from keito_books.syncing.known import Known
from keito_books.syncing.models import Dispatch, Job
from keito_books.workspaces.models import Plan

log = logging.getLogger(__name__)
T = TypeVar("T")
WHILE_PAUSED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when to rest, and whether the whole organisation does or the one document alone."""

    until: datetime
    is_for_all: bool


class Road:
    """One connection, driven on by the holder of its lane's lease. Made anew for each load, so nothing in it is old.

    `spread` gives a number from 0 to 1 for jitter; `urgency` is that of the jobs that ride.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        lane_id: UUID,
        fence: int,
        urgency: int,
        clock: Callable[[], datetime],
        spread: Callable[[], float],
    ) -> None:
        self.connection = connection
        self.lane_id = lane_id
        self.fence = fence
        self.urgency = urgency
        self.clock = clock
        self._spread = spread

    def closed_because(self, job: Job) -> str | None:
        """Return why a job may not be sent now although it waits; asked again each time it runs."""
        if self.connection.state == Connection.State.EXPIRED:
            return "expired"
        if self.connection.state == Connection.State.DISCONNECTED or job.epoch != self.connection.epoch:
            return "disconnected"
        if job.workspace.plan != Plan.BUSINESS:
            return "plan"
        return None

    @cached_property
    def documents(self) -> DocumentsOut:
        return provider_for(self.connection.provider).documents

    @cached_property
    def choices(self) -> Choices:
        return choices_of(self.connection)

    @cached_property
    def books(self) -> Books:
        return books_or_none_read(self.connection)

    def renew_lists(self) -> None:
        """Read the organisation's lists anew when they are old, so that what is sent is judged by today's.

        Raises TryAgainLater; a refusal (a permission that is missing) leaves the old lists, which may still serve.
        """
        now = self.clock()
        if not claim_renewal(self.connection, now=now):
            return
        try:
            content = self.call("lists", lambda access: self.documents.read_books(access, now=now))
        except Refused as refused:
            log.warning("the lists of connection %s can't be read: %s", self.connection.pk, refused)
            return
        except (ProviderError, NotConnected):
            distrust(self.connection)
            raise
        self.books = keep_books(self.connection, content, now=now)

    def errands(self, jobs: Sequence[Job]) -> list[Errand]:
        """Return the errand of each job; they share what is known of their documents."""
        known = Known(self.connection, jobs)
        return [self._errand(job, known) for job in jobs]

    def _errand(self, job: Job, known: Known) -> Errand:
        purpose = "check" if job.dispatch_id is None else "look up"
        return ERRANDS[Kind(job.kind)](
            job,
            self.connection,
            documents=self.documents,
            choices=self.choices,
            books=self.books,
            known=known,
            read=lambda reading: self.call(purpose, reading, job=job, dispatch=job.dispatch),
            url=lambda document: f"{settings.PUBLIC_URL}/i/{document.pk}/",
        )

    def call(
        self, purpose: str, calling: Callable[[Access], T], *, job: Job | None = None, dispatch: Dispatch | None = None
    ) -> T:
        """Call with a live token; each request asks for its permit at the last moment and leaves its evidence."""
        slots: list[str] = []

        def permit() -> None:
            asking = governor.Asking(self.fence, self.connection.pk, self.connection.epoch, self.urgency)
            slots.append(governor.permit(self.lane_id, asking, limits=self.documents, now=self.clock()))

        def record(receipt: Receipt) -> None:
            governor.note(self.lane_id, receipt, slot=slots[-1], limits=self.documents, now=self.clock())
            evidence.keep(receipt, connection=self.connection, purpose=purpose, job=job, dispatch=dispatch)

        return call_with_access(self.connection, now=self.clock(), record=record, permit=permit, call=calling)

    def rest_after(self, later: TryAgainLater, *, attempts: int) -> Rest:
        """Return when to go on after a call that certainly did nothing; trouble of the whole organisation holds it."""
        now = self.clock()
        until = now + protocol.pause(attempts, asked_for=later.retry_after, spread=self._spread())
        if isinstance(later, governor.NotPermitted):
            return Rest(until, is_for_all=True)
        held_until = governor.trouble(self.lane_id, later, spread=self._spread(), now=now)
        return Rest(max(until, held_until or until), is_for_all=held_until is not None)
