"""Count calls against Xero's limits (xero-api reference 4)."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from xero_sandbox.identity.state import Tier
from xero_sandbox.limits.state import LimitState, Window
from xero_sandbox.readings import Readings

PER_MINUTE = 60
AT_ONCE = 5
PER_DAY = 5_000
PER_DAY_STARTER = 1_000
APP_PER_MINUTE = 10_000
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RAPID_SYNC = timedelta(minutes=30)
RAPID_TIERS = (Tier.PLUS, Tier.ADVANCED, Tier.ENTERPRISE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Headers for the reply, and the limit that is used up, if one is."""

    headers: dict[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    client_id: str
    tenant_id: str
    tier: Tier
    connected_at: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.client_id}/{self.tenant_id}"


def count_call(state: LimitState, caller: Caller, in_flight: int, now: datetime, readings: Readings) -> Verdict:
    """Count one call, unless it is over a limit (that a refused one does not count is assumed, open question 14)."""
    window_of = _rolling_window if readings.limits_roll else _window
    minute = window_of(state.minutes, caller.key, MINUTE, now)
    day = window_of(state.days, caller.key, DAY, now)
    app = window_of(state.app_minutes, caller.client_id, MINUTE, now)
    per_day = calls_a_day(caller.tier)
    problem, retry_after = None, None
    rapid = is_rapid(caller, now)
    if in_flight >= AT_ONCE:
        problem, retry_after = "concurrent", 1 if readings.concurrent_says_how_long else None
    elif day.used >= per_day and not rapid:
        problem, retry_after = "day", _seconds_left(day, DAY, now)
    elif app.used >= APP_PER_MINUTE:
        problem = "app-minute" if readings.app_minute_has_a_hyphen else "appminute"
    elif minute.used >= PER_MINUTE and not rapid:
        problem, retry_after = "minute", _seconds_left(minute, MINUTE, now)
    if problem is None or readings.calls_over_a_limit_count:
        for window in (app,) if rapid else (app, minute, day):
            window.used += 1
            if readings.limits_roll:
                window.calls.append(now)
    return Verdict(_headers(minute, day, app, per_day, problem, retry_after), problem)


def used(state: LimitState, caller: Caller, now: datetime) -> tuple[int, int, int]:
    """Return how many calls of the minute, of the day and of the app's minute are used; counts nothing."""
    return (
        _used(state.minutes, caller.key, MINUTE, now),
        _used(state.days, caller.key, DAY, now),
        _used(state.app_minutes, caller.client_id, MINUTE, now),
    )


def set_used(state: LimitState, caller: Caller, now: datetime, minute: int | None, day: int | None) -> None:
    """Pretend that so many calls were made, for rehearsing a limit without making them."""
    if minute is not None:
        _window(state.minutes, caller.key, MINUTE, now).used = minute
    if day is not None:
        _window(state.days, caller.key, DAY, now).used = day


def calls_a_day(tier: Tier) -> int:
    return PER_DAY_STARTER if tier == Tier.STARTER else PER_DAY


def is_rapid(caller: Caller, now: datetime) -> bool:
    """Rapid Sync lifts the minute and day limits of a new connection from Plus up (reference 4 [MAN])."""
    if caller.connected_at is None or caller.tier not in RAPID_TIERS:
        return False
    return now < caller.connected_at + RAPID_SYNC


def _used(windows: dict[str, Window], key: str, length: timedelta, now: datetime) -> int:
    window = windows.get(key)
    if window is None or not window.started <= now < window.started + length:
        return 0
    return window.used - bisect_right(window.calls, now - length)


def _window(windows: dict[str, Window], key: str, length: timedelta, now: datetime) -> Window:
    """Return the window that now falls in. Fixed, and starting with the first call in it."""
    window = windows.get(key)
    if window is None or not window.started <= now < window.started + length:
        window = windows[key] = Window(now)
    if window.calls:
        window.calls = []
    return window


def _rolling_window(windows: dict[str, Window], key: str, length: timedelta, now: datetime) -> Window:
    """Return what was called in the time just past."""
    window = windows.setdefault(key, Window(now))
    if window.used != len(window.calls):  # a door or a fixed window counted: as if all of it came when that began
        window.calls = [window.started] * window.used
    del window.calls[: bisect_right(window.calls, now - length)]
    window.used = len(window.calls)
    window.started = window.calls[0] if window.calls else now
    return window


def _seconds_left(window: Window, length: timedelta, now: datetime) -> int:
    return max(1, math.ceil((window.started + length - now).total_seconds()))


def _headers(
    minute: Window, day: Window, app: Window, per_day: int, problem: str | None, retry_after: int | None
) -> dict[str, str]:
    headers = {
        "X-AppMinLimit-Remaining": str(max(0, APP_PER_MINUTE - app.used)),
        "X-MinLimit-Remaining": str(max(0, PER_MINUTE - minute.used)),
        "X-DayLimit-Remaining": str(max(0, per_day - day.used)),
    }
    if problem:
        headers["X-Rate-Limit-Problem"] = problem
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return headers
