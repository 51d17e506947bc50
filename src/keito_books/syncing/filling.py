"""Fill one request with documents that were never sent, freeze it, and hand it on to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction

from keito_books.syncing import protocol, records
from keito_books.syncing.directory import matches
from keito_books.syncing.errands.base import Errand, Prepared
from keito_books.syncing.errands.contacts import ContactErrand
from keito_books.syncing.following import Trip
from keito_books.syncing.guarding import guarded, too_many_attempts
from keito_books.syncing.models import Job
from keito_books.syncing.road import Road
from keito_books.syncing.settling import Accepted, settle

_A_WHILE = timedelta(minutes=1)
Ready = list[tuple[Errand, Prepared]]


def fill_and_send(road: Road, jobs: Sequence[Job]) -> None:
    """Send those of the jobs that are ready, in one call; each of the others is left with its own reason."""
    ready: Ready = []
    if not guarded(road, road.errands(jobs[:1])[0], road.renew_lists):
        return
    errands = road.errands(jobs)
    if not guarded(road, errands[0], partial(_look_for_contacts, road, errands)):
        return
    for errand in errands:
        if not guarded(road, errand, partial(_prepare, road, errand, ready)):
            # Nothing leaves just now; the others stay due and find out for themselves.
            break
    trip = _freeze(road, ready)
    if trip is not None:
        trip.send()


def _look_for_contacts(road: Road, errands: Sequence[Errand]) -> None:
    """Find the contacts of several clients at once; a single one is looked for by itself."""
    asked = [errand for errand in errands if isinstance(errand, ContactErrand)]
    if len(asked) > 1:
        found = matches(road, [errand.document for errand in asked])
        for errand in asked:
            errand.matches = found[errand.document.marker]


def _prepare(road: Road, errand: Errand, ready: Ready) -> None:
    if errand.job.attempts >= protocol.ATTEMPTS_MAX:
        raise too_many_attempts(errand.job)
    found = errand.before_sending()
    if found is not None:
        settle([Accepted(errand, found)], now=road.clock())
    else:
        ready.append((errand, errand.prepare()))


def _freeze(road: Road, ready: Ready) -> Trip | None:
    """Freeze those that still wait; one that somebody stopped meanwhile is left alone."""
    with transaction.atomic():
        waiting = records.lock_ready([errand.job for errand, _ in ready])
        changed = [errand.job for errand, _ in ready if errand.job.pk not in waiting]
        if changed:
            # One that is still open is looked at anew, but not at once and again and again.
            records.postpone(changed, until=road.clock() + _A_WHILE, because="")
        ready = [(errand, prepared) for errand, prepared in ready if errand.job.pk in waiting]
        if not ready:
            return None
        write = road.documents.join([prepared.write for _, prepared in ready])
        carried = ready[: len(write.markers)]
        dispatch = records.freeze(write, [(errand.job, prepared) for errand, prepared in carried], now=road.clock())
    return Trip(road, dispatch, [errand for errand, _ in carried])
