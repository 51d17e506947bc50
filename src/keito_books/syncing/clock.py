"""What time it is for workers, and how long a wait really takes: in tests time may run faster than the wall's.

With KEITO_ENVIRONMENT=test, KEITO_TEST_CLOCK="15 since 2026-11-22T09:00:00+00:00" lets ten minutes of the protocol pass
in forty seconds: every window, lease, pause and limit is reckoned on this one clock and so keeps its proportion, and
what must really be waited for is shortened alike. Elsewhere the rate is 1, and this is the wall's clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    passed: timedelta = timezone.now() - settings.CLOCK_SINCE
    return timezone.now() if settings.CLOCK_RATE == 1 else settings.CLOCK_SINCE + passed * settings.CLOCK_RATE


def real_seconds(seconds: float, *, at_least: float = 0.0) -> float:
    """Return how long so many seconds of our time really take."""
    return seconds if settings.CLOCK_RATE == 1 else max(seconds / settings.CLOCK_RATE, at_least)
