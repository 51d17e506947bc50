"""Follow a frozen request until the outcome of each of its jobs is known. No transaction is open during a call."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from django.db import transaction

from keito_books.accounting.documents import Kind
from keito_books.accounting.errors import MustReconnect, OutcomeUnknown, Refused, TryAgainLater
from keito_books.accounting.port import Access, Declined, Done, PreparedWrite, Verdict
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.errors import NotConnected
from keito_books.syncing import protocol, records
from keito_books.syncing.errands.base import Errand, Found
from keito_books.syncing.explanations import refusal_from_json
from keito_books.syncing.guarding import guarded
from keito_books.syncing.models import Dispatch, Job, Ride
from keito_books.syncing.protocol import Do, Sendings
from keito_books.syncing.road import WHILE_PAUSED, Road
from keito_books.syncing.settling import Accepted, settle, settle_all_that_can_be

log = logging.getLogger(__name__)
# Answers to the call and not to a document of it: sending the documents one by one would be answered alike.
_OF_THE_CALL = (RefusalCode.MISSING_SCOPE, RefusalCode.MISSING_ROLE)


class Trip:
    """One frozen request and the jobs on it whose outcome is open."""

    def __init__(self, road: Road, dispatch: Dispatch, errands: Sequence[Errand]) -> None:
        self.road = road
        self.dispatch = dispatch
        rides = {ride.job_id: ride for ride in dispatch.rides.all()}
        self.riders = [(errand, rides[errand.job.pk]) for errand in errands]

    def go_on(self) -> None:
        """Do what is next for a request that has left: send it again, look on the other side, or wait."""
        decision = self._decision()
        if decision.do is Do.SEND_AGAIN:
            if records.count_sending(self.dispatch, now=self.road.clock()):
                self.send()
        elif decision.do is Do.LOOK_UP:
            for errand, ride in self.riders:
                if not guarded(self.road, errand, partial(self._look_up, errand, ride)):
                    break
        else:
            self._wait(self._jobs)
        self._close()

    def send(self) -> None:
        """Send the frozen bytes, and take in what was answered."""
        try:
            verdicts = self.road.call("send", self._sending, dispatch=self.dispatch, job=self._only_job)
        except TryAgainLater as later:
            self._not_sent(later)
        except OutcomeUnknown as unknown:
            log.warning("no answer to request %s: %s", self.dispatch.pk, unknown)
            self._wait(self._jobs)
        except Refused as refused:
            self._declined_as_a_whole(refused.refusal)
        except (MustReconnect, NotConnected) as gone:
            self._not_sent(TryAgainLater(str(gone), reason="expired", retry_after=WHILE_PAUSED))
        else:
            self._absorb(verdicts)
        self._close()

    @property
    def _jobs(self) -> list[Job]:
        return [errand.job for errand, _ in self.riders]

    @property
    def _only_job(self) -> Job | None:
        return self.riders[0][0].job if len(self.riders) == 1 else None

    def _sending(self, access: Access) -> tuple[Verdict, ...]:
        dispatch = self.dispatch
        write = PreparedWrite(
            Kind(dispatch.kind), dispatch.method, dispatch.path, bytes(dispatch.body), tuple(dispatch.markers)
        )
        return self.road.documents.send(access, write, key=dispatch.key)

    def _absorb(self, verdicts: Sequence[Verdict]) -> None:
        """Take the verdict of each marker in one transaction; a marker without exactly one is unknown."""
        by_marker: dict[str, list[Verdict]] = {}
        for verdict in verdicts:
            by_marker.setdefault(verdict.marker, []).append(verdict)
        accepted: list[Accepted] = []
        unknown: list[Errand] = []
        to_sort_out: list[tuple[Errand, Ride, Refusal]] = []
        for errand, ride in self.riders:
            match by_marker.get(ride.marker, []):
                case [Done() as done]:
                    accepted.append(Accepted(errand, Found(done.remote, "created"), ride, done.warnings))
                case [Declined() as declined]:
                    to_sort_out.append((errand, ride, declined.refusal))
                case _:
                    unknown.append(errand)
        with transaction.atomic():
            if accepted or to_sort_out:
                records.note_answer(self.dispatch)
            unknown += settle_all_that_can_be(accepted, now=self.road.clock())
            if unknown:
                self._wait([errand.job for errand in unknown])
        for errand, ride, refusal in to_sort_out:
            guarded(self.road, errand, partial(self._declined, errand, ride, refusal))

    def _declined(self, errand: Errand, ride: Ride, refusal: Refusal) -> None:
        if refusal.code is RefusalCode.NUMBER_TAKEN:
            # Somebody holds the number, so looking can't be too early: it is ours from a lost reply, or a stranger's.
            self._look_up(errand, ride, refusal)
        elif protocol.certainly_absent(_sendings(self.dispatch)):
            if not errand.recover(refusal):
                raise Refused(refusal)
            records.unsend([errand.job], until=self.road.clock(), because="", alone=True)
        else:
            records.keep_refusal(ride, refusal)
            self._wait([errand.job])

    def _declined_as_a_whole(self, refusal: Refusal) -> None:
        """Take in a refusal that names no document: each is tried alone then, since none must fail for another."""
        is_sure = protocol.certainly_absent(_sendings(self.dispatch))
        if len(self.riders) > 1 and is_sure and refusal.code not in _OF_THE_CALL:
            records.unsend(self._jobs, until=self.road.clock(), because="", alone=True)
            return
        for errand, ride in self.riders:
            guarded(self.road, errand, partial(self._declined, errand, ride, refusal))

    def _look_up(self, errand: Errand, ride: Ride, refusal: Refusal | None = None) -> None:
        found = errand.look_up(ride)
        if found is not None:
            settle([Accepted(errand, found, ride)], now=self.road.clock())
        elif refusal is not None:
            raise Refused(refusal)
        elif ride.declined is not None:
            raise Refused(refusal_from_json(ride.declined))
        else:
            records.start_anew(errand.job, now=self.road.clock())

    def _not_sent(self, later: TryAgainLater) -> None:
        """This sending certainly did nothing; an earlier one may have."""
        until = self.road.rest_after(later, attempts=max(job.attempts for job in self._jobs)).until
        with transaction.atomic():
            if not records.lock_as_sent(self.dispatch):
                # While this worker slept, another one sent the same request; what became of it is for that one to say.
                return
            if protocol.certainly_absent(_sendings(self.dispatch)):
                records.unsend(self._jobs, until=until, because=later.reason)
            else:
                records.postpone(self._jobs, until=until, because="checking")

    def _wait(self, jobs: Sequence[Job]) -> None:
        """Rest until the protocol has something to do."""
        decision = self._decision()
        last_at = _sendings(self.dispatch).last_at
        is_inside = decision.do is Do.SEND_AGAIN or (
            decision.until is not None and decision.until - last_at < protocol.QUARANTINE
        )
        because = "resend" if is_inside else "checking"
        records.postpone(jobs, until=decision.until or self.road.clock(), because=because)

    def _decision(self) -> protocol.Step:
        # A request of an epoch that has ended is never sent again, only looked for.
        has_ended = self.dispatch.epoch != self.road.connection.epoch
        is_declined = all(ride.declined is not None for _, ride in self.riders)
        has_answer = self.dispatch.is_answered or is_declined or has_ended
        return protocol.step(
            Kind(self.dispatch.kind), _sendings(self.dispatch), has_answer=has_answer, now=self.road.clock()
        )

    def _close(self) -> None:
        records.close_if_settled(self.dispatch, now=self.road.clock())


def _sendings(dispatch: Dispatch) -> Sendings:
    assert dispatch.first_sent_at is not None  # noqa: S101  set when the row is made
    assert dispatch.last_sent_at is not None  # noqa: S101  the same
    return Sendings(dispatch.first_sent_at, dispatch.last_sent_at, dispatch.sends)
