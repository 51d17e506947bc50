"""Leave a job in a state that says what comes next, whatever its step raised."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from keito_books.accounting.errors import MustReconnect, Refused, TryAgainLater
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.errors import NotConnected
from keito_books.syncing import protocol, records, surprises
from keito_books.syncing.errands.base import Errand, NotWanted, NotYet
from keito_books.syncing.models import Job
from keito_books.syncing.road import WHILE_PAUSED, Road

log = logging.getLogger(__name__)


def guarded(road: Road, errand: Errand, step: Callable[[], None]) -> bool:
    """Take one job's step, and return whether the next job may try its own now."""
    job = errand.job
    try:
        step()
    except NotYet as not_yet:
        records.postpone([job], until=road.clock() + not_yet.wait, because=not_yet.because)
        if errand.is_decided_meanwhile(not_yet.because):
            # In another thread, between our look and this note, so nobody wakes the job for it any more.
            records.postpone([job], until=road.clock(), because="")
    except NotWanted:
        records.stop(job, now=road.clock())
    except Refused as refused:
        refusal = errand.decline(refused.refusal)
        records.fail(job, refusal, now=road.clock())
        surprises.note(job, refusal, now=road.clock())
        errand.after_failure(now=road.clock())
    except TryAgainLater as later:
        return _later(road, job, later)
    except (MustReconnect, NotConnected):
        records.postpone([job], until=road.clock() + WHILE_PAUSED, because="expired")
        return False
    except Exception:  # outermost edge: one poisoned job must not hold up the others
        log.exception("job %s could not be worked on", job.pk)
        poisoned(road, job)
    return True


def too_many_attempts(job: Job) -> Refused:
    return Refused(Refusal(RefusalCode.TOO_MANY_ATTEMPTS, details={"attempts": str(job.attempts)}))


def _later(road: Road, job: Job, later: TryAgainLater) -> bool:
    """A read did not work out: the job rests, and is where it was. What holds for all is not this job's attempt."""
    rest = road.rest_after(later, attempts=job.attempts)
    because = later.reason if job.dispatch_id is None else "checking"
    records.postpone([job], until=rest.until, because=because)
    if not rest.is_for_all:
        records.count_attempt(job)
    return not rest.is_for_all


def poisoned(road: Road, job: Job) -> None:
    """Count the failure of our own code; give up after the last attempt unless something may have arrived."""
    records.count_attempt(job)
    records.send_alone(job)
    if job.attempts >= protocol.ATTEMPTS_MAX and job.dispatch_id is None:
        records.fail(job, too_many_attempts(job).refusal, now=road.clock())
        return
    wait = max(protocol.pause(job.attempts, asked_for=None, spread=1), timedelta(seconds=1))
    records.postpone([job], until=road.clock() + wait, because=job.waiting_because)
