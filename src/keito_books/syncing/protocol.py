"""Decide what happens next to a frozen request. Pure: rows and a time in, a decision out.

The numbers come from `docs/protocol.md`: the other side remembers a key for six minutes from the first call and may
apply a request late, so the same bytes are sent again only inside a short window; after that nothing is sent until a
look-up, ten minutes after the last sending, has shown whether ours is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from keito_books.accounting.documents import Kind

RESEND_WINDOW = {
    # Their number is a second barrier for invoices; payments and contacts have none.
    Kind.INVOICE: timedelta(seconds=180),
    Kind.CONTACT: timedelta(seconds=45),
    Kind.PAYMENT: timedelta(seconds=45),
    Kind.PAYMENT_DELETION: timedelta(seconds=45),
}
QUARANTINE = timedelta(minutes=10)
ATTEMPTS_MAX = 12
_LONGEST_PAUSE = timedelta(minutes=15)


class Do(Enum):
    """What the shell does with a job now."""

    SEND = "freeze and send"
    SEND_AGAIN = "send the same bytes under the same key"
    WAIT = "wait"
    LOOK_UP = "look on the other side whether ours is there"


@dataclass(frozen=True, slots=True)
class Sendings:
    """When a frozen request left us: first, last, and how often."""

    first_at: datetime
    last_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """A decision; `until` is set for WAIT alone."""

    do: Do
    until: datetime | None = None


def step(kind: Kind, sendings: Sendings | None, *, has_answer: bool, now: datetime) -> Step:
    """Return what to do with a job whose request left at these times, or never (None).

    `has_answer`: a reply came that left this job open: it spoke of others only, or refused after an unanswered
    sending. The request is not sent again; only the look-up tells.
    """
    if sendings is None:
        return Step(Do.SEND)
    resend_until = sendings.first_at + RESEND_WINDOW[kind]
    if now < resend_until and not has_answer:
        due = sendings.last_at + _pause_inside_window(sendings.count)
        if now >= due:
            return Step(Do.SEND_AGAIN)
        if due < resend_until:
            return Step(Do.WAIT, until=due)
    look_from = sendings.last_at + QUARANTINE
    return Step(Do.LOOK_UP) if now >= look_from else Step(Do.WAIT, until=look_from)


def certainly_absent(sendings: Sendings) -> bool:
    """Say whether a definite "nothing was done" for the newest sending means that nothing is there at all.

    With a single sending it does. With more, an earlier one had no answer and may have landed.
    """
    return sendings.count == 1


def pause(attempts: int, *, asked_for: timedelta | None, spread: float) -> timedelta:
    """Return how long to wait after a call that certainly did nothing.

    What the provider asked for is law; else full jitter (`spread` from 0 to 1) over 2, 4, 8 ... seconds, at most 15
    minutes. A little is always added to what was asked for, so that many workers don't return in the same instant.
    """
    if asked_for is not None:
        return max(asked_for, timedelta(0)) + timedelta(seconds=1 + spread)
    longest = min(timedelta(seconds=2 ** min(attempts + 1, 12)), _LONGEST_PAUSE)
    return timedelta(seconds=1) + longest * spread


def _pause_inside_window(count: int) -> timedelta:
    """Return 2, 4, 8 ... seconds between sendings of one frozen request."""
    return timedelta(seconds=2 ** min(count, 6))
