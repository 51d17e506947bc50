"""Decide what is sent when: batches in order, retries ever more seldom, and the end after 24 hours.

Nothing here sends; `now` is the control clock's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from xero_sandbox.webhooks.payloads import new_entropy
from xero_sandbox.webhooks.state import Batch, Event, Status, Subscription, Trouble

BATCH_MAX = 100  # events; Xero names no figure (assumed)
KEPT = timedelta(days=31)
GIVES_UP_AFTER = timedelta(hours=24)
# At once, then ever more seldom; Xero says only that the frequency falls (reference 13 [WH-OLD]).
FALLING_MINUTES = (0, 1, 5, 15, 30, 60, 120, 240)
STEADY_MINUTES = (0, 15)  # the other reading [MAN]
DROP, DOUBLE, SHUFFLE, DELAY, FORGE = "drop", "double", "shuffle", "delay", "forge"
KINDS = {
    DROP: "The batch is never sent: its sequence numbers are missing from then on.",
    DOUBLE: "The batch is sent once more after it was taken.",
    SHUFFLE: "Its events are sent one by one, the newest first.",
    DELAY: "The batch is first sent after `seconds` by the control clock; what follows waits behind it.",
    FORGE: "The same batch goes before it with a signature by another key.",
}


def add_event(subscription: Subscription, event: Event) -> None:
    """Keep an event for delivery, once the subscription was confirmed for the first time."""
    if subscription.was_ok and event.category in subscription.categories:
        event.sequence = subscription.next_sequence
        subscription.next_sequence += 1
        subscription.waiting.append(event)


def due_batch(subscription: Subscription, now: datetime) -> Batch | None:
    """Return what is to be sent now."""
    if subscription.status is not Status.OK:
        return None
    if not subscription.batches:
        _make_batches(subscription, now)
    batch = subscription.batches[0] if subscription.batches else None
    return batch if batch and batch.due <= now else None


def has_more(subscription: Subscription) -> bool:
    return subscription.status is Status.OK and bool(subscription.batches or subscription.waiting)


def note_taken(subscription: Subscription, batch: Batch, now: datetime) -> None:
    """Let the next one go; a batch that is sent twice comes again at once."""
    if batch.twice:
        batch.twice, batch.due = False, now
    elif batch in subscription.batches:
        subscription.batches.remove(batch)


def note_refused(subscription: Subscription, batch: Batch, now: datetime, *, steady: bool) -> None:
    """Try again later, or switch the subscription off when the batch was refused for 24 hours."""
    waits = STEADY_MINUTES if steady else FALLING_MINUTES
    batch.first_attempt = batch.first_attempt or now
    batch.due = now + timedelta(minutes=waits[min(batch.attempts, len(waits) - 1)])
    batch.attempts += 1
    if now - batch.first_attempt >= GIVES_UP_AFTER:
        subscription.status = Status.DISABLED


def confirm(subscription: Subscription, now: datetime) -> None:
    """Begin, or begin again: what was not taken in the last 31 days is sent in its order."""
    subscription.status, subscription.was_ok = Status.OK, True
    kept = [one for batch in subscription.batches for one in batch.events] + subscription.waiting
    subscription.batches.clear()
    subscription.waiting = [one for one in kept if now - one.at <= KEPT]


def _make_batches(subscription: Subscription, now: datetime) -> None:
    ripe = [one for one in subscription.waiting if (now - one.at).total_seconds() >= subscription.lag_seconds]
    events = ripe[:BATCH_MAX]
    if not events:
        return
    del subscription.waiting[: len(events)]
    trouble = _next_trouble(subscription)
    groups = [[one] for one in reversed(events)] if trouble.then == SHUFFLE else [events]
    due = now + timedelta(seconds=trouble.seconds if trouble.then == DELAY else 0)
    subscription.batches = [
        Batch(
            group,
            new_entropy(),
            due,
            twice=trouble.then == DOUBLE,
            forged_first=trouble.then == FORGE,
            lost=trouble.then == DROP,
        )
        for group in groups
    ]


def _next_trouble(subscription: Subscription) -> Trouble:
    if not subscription.troubles:
        return Trouble("")
    trouble = subscription.troubles[0]
    trouble.times -= 1
    if trouble.times <= 0:
        subscription.troubles.pop(0)
    return trouble
