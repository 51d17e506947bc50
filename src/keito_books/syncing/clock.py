"""What time it is for workers, and how long a wait really takes: in tests time may run faster than the wall's.

With KEITO_ENVIRONMENT=test, KEITO_TEST_CLOCK="15 since 2026-11-22T09:00:00+00:00" lets ten minutes of the protocol pass
in forty seconds: every window, lease, pause and limit is reckoned on this one clock and so keeps its proportion, and
what must really be waited for is shortened alike. Elsewhere the rate is 1, and this is the wall's clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from keito_books.providers.deadlines import elapsed_seconds


def now() -> datetime:
    """Return the time by this machine's clock."""
    return _fast(timezone.now())


def shared() -> Callable[[], datetime]:
    """Return a clock that all workers share, whatever their machines show: the database's, asked once.

    Leases, windows and the quarantine are compared with times that other workers wrote. By a clock ten minutes ahead
    each lease would have run out and each quarantine would be over.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [asked] = cursor.fetchone()
    since = elapsed_seconds()
    return lambda: _fast(asked + timedelta(seconds=elapsed_seconds() - since))


def _fast(wall: datetime) -> datetime:
    if settings.CLOCK_RATE == 1:
        return wall
    passed: timedelta = wall - settings.CLOCK_SINCE
    return settings.CLOCK_SINCE + passed * settings.CLOCK_RATE


def real_seconds(seconds: float, *, at_least: float = 0.0) -> float:
    """Return how long so many seconds of our time really take."""
    return seconds if settings.CLOCK_RATE == 1 else max(seconds / settings.CLOCK_RATE, at_least)
