"""Xero's dates: three forms in, pairs of forms out (xero-api reference 5)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_DOTNET = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
YEARS = (1900, 2999)  # beyond them, due dates could not be worked out
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = _EPOCH.toordinal()


def dotnet(instant: datetime) -> str:
    return f"/Date({_milliseconds(instant)}+0000)/"


def dotnet_day(day: date) -> str:
    """Return midnight UTC of a calendar date, whatever the organisation's zone [DOCKET]."""
    return f"/Date({(day.toordinal() - _FIRST_DAY) * 86_400_000}+0000)/"


def dotnet_reply_time(instant: datetime) -> str:
    """Return the form of the envelope, which has no offset [DOCKET]."""
    return f"/Date({_milliseconds(instant)})/"


def day_string(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def utc_string(instant: datetime) -> str:
    return f"{instant.replace(microsecond=0, tzinfo=None).isoformat()}Z"


def read_day(text: str) -> date:
    """Return the calendar date that a request names; raises ValueError."""
    day = _read(text)
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise ValueError(text)
    return day


def _milliseconds(instant: datetime) -> int:
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def _read(text: str) -> date:
    dated = _DAY.fullmatch(text)
    if dated:
        return date(int(dated[1]), int(dated[2]), int(dated[3]))
    ticks = _DOTNET.fullmatch(text)
    if not ticks:
        raise ValueError(text)
    try:
        return (_EPOCH + timedelta(milliseconds=int(ticks[1]))).date()
    except OverflowError as problem:
        raise ValueError(text) from problem
