"""Read Xero's dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

# Their JSON dates read /Date(1518685950940+0000)/: milliseconds since 1970, in UTC. A calendar date stands at midnight
# UTC of that day, so it must never be shifted by a time zone. See docs/providers/xero.md#dates.
_MILLISECONDS = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_date(text: str) -> date:
    """Return the calendar date of /Date(...)/ or of an ISO date, with or without a time. Raises ValueError."""
    found = _MILLISECONDS.fullmatch(text)
    if found is None:
        return date.fromisoformat(text[:10])
    try:
        return (_EPOCH + timedelta(milliseconds=int(found[1]))).date()
    except OverflowError as error:
        raise ValueError(f"{text} is not a date") from error


def read_optional_date(text: str | None) -> date | None:
    return read_date(text) if text else None
