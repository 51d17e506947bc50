"""Read how long a server asks us to wait."""

from __future__ import annotations

import math
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from keito_books.providers.http import Reply

# No limit that we know of lasts longer than a day, so a larger figure is a mistake and would park an organisation.
WAIT_MAX = timedelta(days=1)


def retry_after(reply: Reply) -> timedelta | None:
    """Return the wait that Retry-After asks for, from 0 to a day; None when it is absent or makes no sense."""
    text = reply.headers.get("retry-after", "").strip()
    wait = _from_seconds(text)
    if wait is None:
        wait = _from_date(text, reply)
    if wait is None:
        return None
    return min(max(wait, timedelta(0)), WAIT_MAX)


def _from_seconds(text: str) -> timedelta | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    if math.isnan(seconds):
        return None
    return timedelta(seconds=max(0.0, min(seconds, WAIT_MAX.total_seconds())))


def _from_date(text: str, reply: Reply) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment - reply.received_at
