"""Record what is there: ids of both sides, Success, and what had to wait for it; many documents in a few statements."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing import records
from keito_books.syncing.errands.base import Errand, Found
from keito_books.syncing.models import Link, Ride

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A document that is there; `ride` tells what was sent, and is None when nothing had to be."""

    errand: Errand
    found: Found
    ride: Ride | None = None
    warnings: tuple[str, ...] = ()

    @property
    def differences(self) -> list[str]:
        return self.errand.differences(self.found.remote, self.ride.expected if self.ride else {})

    def link(self, *, now: datetime) -> Link | None:
        """Return the ids of both sides, as a row to be stored where there is none yet."""
        return self.errand.link(
            self.found, repairs=self.ride.repairs if self.ride else [], warnings=list(self.warnings), now=now
        )


def settle(accepted: Sequence[Accepted], *, now: datetime) -> None:
    """Store the ids; say Success only of what equals what was sent. All of it or nothing."""
    with transaction.atomic():
        ours = records.lock_open([each.errand.job for each in accepted])
        taken = [each for each in accepted if each.errand.job.pk in ours]
        links = [each.link(now=now) for each in taken]
        Link.objects.bulk_create(link for link in links if link is not None)
        equal: list[Accepted] = []
        for each in taken:
            if differences := each.differences:
                refusal = Refusal(RefusalCode.NOT_AS_SENT, details={"difference": "; ".join(differences)})
                records.fail(each.errand.job, refusal, now=now)
            else:
                equal.append(each)
        records.succeed([(each.errand.job, each.found.origin, each.found.remote.id) for each in equal], now=now)
        if equal:
            type(equal[0].errand).after_success([each.errand for each in equal], now=now)


def settle_all_that_can_be(accepted: Sequence[Accepted], *, now: datetime) -> list[Errand]:
    """Settle a batch, and return those whose answer our own code can't take in; they must not undo the others."""
    if not accepted:
        return []
    try:
        settle(accepted, now=now)
    except Exception:  # outermost edge: they are taken in one by one then
        log.exception("%d answers could not be taken in together", len(accepted))
        return [each.errand for each in accepted if not _settles(each, now=now)]
    return []


def _settles(accepted: Accepted, *, now: datetime) -> bool:
    try:
        settle([accepted], now=now)
    except Exception:  # outermost edge: it stays unknown, and is looked up
        log.exception("the answer for job %s could not be taken in", accepted.errand.job.pk)
        return False
    return True
