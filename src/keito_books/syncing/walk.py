"""Take one job one step along its way: claim, call, record. Remote calls happen with no transaction open."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from keito_books.accounting.documents import Kind
from keito_books.accounting.errors import MustReconnect, OutcomeUnknown, Refused, TryAgainLater
from keito_books.accounting.port import Access, Declined, DocumentsOut, PreparedWrite, Receipt, Verdict
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.errors import NotConnected
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.connections.tokens import call_with_access
from keito_books.mapping.books import books_or_none_read
from keito_books.mapping.queries import choices_of
from keito_books.syncing import evidence, governor, protocol, records
from keito_books.syncing.errands import ERRANDS, Errand
from keito_books.syncing.errands.base import Found, NotYet
from keito_books.syncing.explanations import refusal_from_json
from keito_books.syncing.models import Dispatch, Job
from keito_books.syncing.protocol import Do, Sendings
from keito_books.workspaces.models import Plan

T = TypeVar("T")
log = logging.getLogger(__name__)
_WHILE_PAUSED = timedelta(minutes=5)
# Waits that hold for the whole organisation, not for one document.
_FOR_ALL = ("limit", "day limit", "maintenance")


class Walk:
    """One job, one step of its way."""

    def __init__(self, job: Job, *, lane_id: UUID, fence: int, clock: Callable[[], datetime]) -> None:
        self.job = job
        self.connection = job.connection
        self.lane_id = lane_id
        self.fence = fence
        self.clock = clock
        self.purpose = "check"

    def go(self) -> None:
        """Take the step, and leave the job in a state that says what comes next, whatever happens."""
        try:
            if (pause := self._pause()) is not None:
                records.postpone(self.job, until=self.clock() + _WHILE_PAUSED, because=pause)
                return
            self._step()
        except NotYet as not_yet:
            records.postpone(self.job, until=self.clock() + not_yet.wait, because=not_yet.because)
        except Refused as refused:
            records.fail(self.job, self.errand.decline(refused.refusal), now=self.clock())
        except TryAgainLater as later:
            self._later(later)
        except (MustReconnect, NotConnected):
            records.postpone(self.job, until=self.clock() + _WHILE_PAUSED, because="expired")
        except records.Overtaken:
            log.info("job %s was changed by somebody else meanwhile", self.job.pk)
        except Exception:  # outermost edge: one poisoned job must not hold up the lane
            log.exception("job %s could not be worked on", self.job.pk)
            self._poisoned()

    def _pause(self) -> str | None:
        """Return why nothing may be sent now although the job waits; checked again each time it runs."""
        if self.connection.state == Connection.State.EXPIRED:
            return "expired"
        if self.connection.state == Connection.State.DISCONNECTED or self.job.epoch != self.connection.epoch:
            return "disconnected"
        if self.job.workspace.plan != Plan.BUSINESS:
            return "plan"
        return None

    def _step(self) -> None:
        dispatch = self.job.dispatch
        if dispatch is None:
            return self._send_first()
        sendings = _sendings(dispatch)
        decision = protocol.step(
            Kind(self.job.kind), sendings, was_declined=dispatch.declined is not None, now=self.clock()
        )
        if decision.do is Do.SEND_AGAIN:
            records.count_sending(dispatch, now=self.clock())
            return self._send(dispatch)
        if decision.do is Do.LOOK_UP:
            return self._look_up(dispatch)
        return self._wait(dispatch)

    def _send_first(self) -> None:
        if self.job.attempts >= protocol.ATTEMPTS_MAX:
            details = {"attempts": str(self.job.attempts)}
            raise Refused(Refusal(RefusalCode.TOO_MANY_ATTEMPTS, details=details))
        found = self.errand.before_sending()
        if found is not None:
            return self._accept(found, expected={})
        prepared = self.errand.prepare()
        dispatch = records.freeze(self.job.pk, prepared.write, prepared.expected, now=self.clock())
        self.job.dispatch, self.job.state = dispatch, Job.State.SENDING
        return self._send(dispatch)

    def _send(self, dispatch: Dispatch) -> None:
        """Send frozen bytes and absorb the answer."""
        try:
            verdicts = self._call(
                "send", lambda access: self.documents.send(access, _write(dispatch), key=dispatch.key)
            )
        except TryAgainLater as later:
            return self._not_sent(dispatch, later)
        except OutcomeUnknown as unknown:
            log.warning("no answer for job %s: %s", self.job.pk, unknown)
            return self._wait(dispatch)
        except Refused as refused:
            return self._declined(dispatch, refused.refusal)
        except (MustReconnect, NotConnected) as gone:
            return self._not_sent(dispatch, TryAgainLater(str(gone), reason="expired", retry_after=_WHILE_PAUSED))
        return self._absorb(dispatch, verdicts)

    def _absorb(self, dispatch: Dispatch, verdicts: tuple[Verdict, ...]) -> None:
        """Take the verdict of our marker; one that is missing is unknown."""
        mine = [each for each in verdicts if each.marker in dispatch.markers]
        if len(mine) != 1:
            return self._wait(dispatch)
        verdict = mine[0]
        if isinstance(verdict, Declined):
            return self._declined(dispatch, verdict.refusal)
        return self._accept(Found(verdict.remote, "created"), expected=dispatch.expected, warnings=verdict.warnings)

    def _declined(self, dispatch: Dispatch, refusal: Refusal) -> None:
        if refusal.code is RefusalCode.NUMBER_TAKEN:
            # Somebody holds the number, so looking can't be too early: it is ours from a lost reply, or a stranger's.
            return self._look_up(dispatch, refusal)
        if protocol.certainly_absent(_sendings(dispatch)):
            if self.errand.recover(refusal):
                return records.unsend(self.job, dispatch, until=self.clock(), because="", now=self.clock())
            raise Refused(refusal)
        records.keep_refusal(dispatch, refusal)
        return self._wait(dispatch)

    def _look_up(self, dispatch: Dispatch, refusal: Refusal | None = None) -> None:
        self.purpose = "look up"
        found = self.errand.look_up(dispatch)
        if found is not None:
            return self._accept(found, expected=dispatch.expected)
        if refusal is not None:
            raise Refused(refusal)
        if dispatch.declined is not None:
            raise Refused(refusal_from_json(dispatch.declined))
        return records.start_anew(self.job, dispatch, now=self.clock())

    def _accept(self, found: Found, *, expected: dict[str, str], warnings: tuple[str, ...] = ()) -> None:
        """Store the ids; say Success only if what is there equals what was sent."""
        differences = self.errand.differences(found.remote, expected)
        now = self.clock()
        with transaction.atomic():
            link = self.errand.link(found, now=now)
            if warnings and link is not None:
                link.warnings = list(warnings)
                link.save(update_fields=["warnings"])
            if differences:
                details = {"difference": "; ".join(differences)}
                return records.fail(self.job, Refusal(RefusalCode.NOT_AS_SENT, details=details), now=now)
            told = {"origin": found.origin, "remote_id": found.remote.id}
            records.succeed(self.job, details=dict(told), now=now)
            return self.errand.after_success(now=now)

    def _not_sent(self, dispatch: Dispatch, later: TryAgainLater) -> None:
        """This sending certainly did nothing; an earlier one may have."""
        until = self._until(later)
        if protocol.certainly_absent(_sendings(dispatch)):
            return records.unsend(self.job, dispatch, until=until, because=later.reason, now=self.clock())
        return records.postpone(self.job, until=until, because="checking")

    def _wait(self, dispatch: Dispatch) -> None:
        """Rest until the protocol has something to do."""
        decision = protocol.step(
            Kind(self.job.kind), _sendings(dispatch), was_declined=dispatch.declined is not None, now=self.clock()
        )
        is_inside = decision.do is Do.SEND_AGAIN or (
            decision.until is not None and decision.until - _sendings(dispatch).last_at < protocol.QUARANTINE
        )
        because = "resend" if is_inside else "checking"
        records.postpone(self.job, until=decision.until or self.clock(), because=because)

    def _later(self, later: TryAgainLater) -> None:
        """A read did not work out: the job rests, and is where it was."""
        because = later.reason if self.job.dispatch is None else "checking"
        records.postpone(self.job, until=self._until(later), because=because)

    def _until(self, later: TryAgainLater) -> datetime:
        now = self.clock()
        spread = random.random()  # noqa: S311  jitter, not a secret
        until = now + protocol.pause(self.job.attempts, asked_for=later.retry_after, spread=spread)
        if later.reason in _FOR_ALL and not isinstance(later, governor.NotPermitted):
            governor.block(self.lane_id, until=until, because=later.reason)
        return until

    def _poisoned(self) -> None:
        """Count the failure of our own code; give up after the last attempt unless something may have arrived."""
        attempts = self.job.attempts + 1
        Job.objects.filter(pk=self.job.pk).update(attempts=attempts)
        if attempts >= protocol.ATTEMPTS_MAX and self.job.dispatch is None:
            details = {"attempts": str(attempts)}
            return records.fail(self.job, Refusal(RefusalCode.TOO_MANY_ATTEMPTS, details=details), now=self.clock())
        wait = protocol.pause(attempts, asked_for=None, spread=1)
        return records.postpone(self.job, until=self.clock() + wait, because=self.job.waiting_because)

    @cached_property
    def documents(self) -> DocumentsOut:
        return provider_for(self.connection.provider).documents

    @cached_property
    def errand(self) -> Errand:
        return ERRANDS[Kind(self.job.kind)](
            self.job,
            self.connection,
            documents=self.documents,
            choices=choices_of(self.connection),
            books=books_or_none_read(self.connection),
            read=lambda reading: self._call(self.purpose, reading),
            url=lambda document: f"{settings.PUBLIC_URL}/i/{document.pk}/",
        )

    def _call(self, purpose: str, calling: Callable[[Access], T]) -> T:
        """Call with a live token; each request asks for its permit at the last moment and leaves its evidence."""
        dispatch = self.job.dispatch

        def permit() -> None:
            governor.permit(
                self.lane_id,
                fence=self.fence,
                connection_id=self.connection.pk,
                epoch=self.connection.epoch,
                now=self.clock(),
            )

        def record(receipt: Receipt) -> None:
            governor.note(self.lane_id, receipt)
            evidence.keep(receipt, connection=self.connection, purpose=purpose, job=self.job, dispatch=dispatch)

        return call_with_access(self.connection, now=self.clock(), record=record, permit=permit, call=calling)


def _sendings(dispatch: Dispatch) -> Sendings:
    assert dispatch.first_sent_at is not None  # noqa: S101  set when the row is made
    assert dispatch.last_sent_at is not None  # noqa: S101  the same
    return Sendings(dispatch.first_sent_at, dispatch.last_sent_at, dispatch.sends)


def _write(dispatch: Dispatch) -> PreparedWrite:
    return PreparedWrite(
        Kind(dispatch.kind), dispatch.method, dispatch.path, bytes(dispatch.body), tuple(dispatch.markers)
    )
