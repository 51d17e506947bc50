"""Send what happened to the apps that asked for it, beside the handling of requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from xero_sandbox.books import Saved
from xero_sandbox.identity.connections import live_connections
from xero_sandbox.webhooks import queue
from xero_sandbox.webhooks.payloads import SIGNATURE_HEADER, body_of, new_entropy, new_key, signature
from xero_sandbox.webhooks.posting import TAKEN, Answer, post, read_address
from xero_sandbox.webhooks.state import Batch, Delivery, Event, Status, Subscription
from xero_sandbox.world import World

KEPT_DELIVERIES = 500
LOOK_EVERY_SECONDS = 0.05  # at the control clock, while something waits
INTENT_SIGNED_WELL = (True, False, False, True)  # "several, some signed correctly, some not" (reference 13 [WH-OLD])
UNAUTHORIZED = 401
NEVER_SENT = Answer(None, "never sent")


class WebhookSender:
    """One for each sandbox. All of it runs in the event loop, so nothing here needs a lock but the sending."""

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world
        self._sending = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def notice(self, organisation_id: str, saved: Iterable[Saved]) -> None:
        """Keep what was saved in an organisation for every app that is connected to it."""
        world = self._world()
        now = world.clock.now()
        happened = {(one.category, one.resource_id): one for one in reversed(list(saved))}  # the first of each counts
        for subscription in world.webhooks.subscriptions.values():
            if _is_connected(world, subscription.client_id, organisation_id):
                for one in reversed(happened.values()):
                    queue.add_event(subscription, _event(one, organisation_id, now))
        self.wake()

    def wake(self) -> None:
        """Start sending, unless it is under way; without an event loop it waits for the next call."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._has_more() and (self._task is None or self._task.done()):
            self._task = loop.create_task(self._send_while_more())

    async def send_due(self) -> None:
        """Send all that is due by the control clock, and return when it is answered."""
        async with self._sending:
            for subscription in list(self._world().webhooks.subscriptions.values()):
                while batch := queue.due_batch(subscription, self._world().clock.now()):
                    await self._send(subscription, batch)

    async def confirm(self, subscription: Subscription) -> None:
        """Ask for the intent to receive: each post must be answered by its signature."""
        async with self._sending:
            subscription.status = Status.UNCONFIRMED
            body = body_of([], new_entropy(), subscription.root)
            answered = [await self._intend(subscription, body, well=well) for well in INTENT_SIGNED_WELL]
            if all(answered):
                queue.confirm(subscription, self._world().clock.now())
        self.wake()

    async def send_again(self, subscription: Subscription, delivery: Delivery) -> Delivery:
        """Send the very bytes of an old delivery, signature and all."""
        async with self._sending:
            body, signed_well = delivery.body.encode(), delivery.signed_well
            return await self._post(
                subscription, "replayed", body, delivery.signature, delivery.attempt, signed_well=signed_well
            )

    async def forge(self, subscription: Subscription, body: bytes) -> Delivery:
        """Send a body under a signature that somebody else made."""
        async with self._sending:
            return await self._post(subscription, "forged", body, signature(new_key(), body), signed_well=False)

    async def _send_while_more(self) -> None:
        while self._has_more():
            await self.send_due()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _has_more(self) -> bool:
        return any(queue.has_more(one) for one in self._world().webhooks.subscriptions.values())

    async def _send(self, subscription: Subscription, batch: Batch) -> None:
        body = body_of(batch.events, batch.entropy, subscription.root)
        signed = signature(subscription.key, body)
        if batch.lost:
            _keep(subscription, self._delivery("dropped", body, signed, NEVER_SENT))
            queue.note_taken(subscription, batch, self._world().clock.now())
            return
        if batch.forged_first:
            batch.forged_first = False
            await self._post(subscription, "forged", body, signature(new_key(), body), signed_well=False)
        delivery = await self._post(subscription, "events", body, signed, batch.attempts + 1)
        now = self._world().clock.now()
        if delivery.outcome == "taken":
            queue.note_taken(subscription, batch, now)
        else:
            steady = self._world().readings.webhooks_retry_every_15_minutes
            queue.note_refused(subscription, batch, now, steady=steady)

    async def _intend(self, subscription: Subscription, body: bytes, *, well: bool) -> bool:
        signed = signature(subscription.key if well else new_key(), body)
        delivery = await self._post(subscription, "intent to receive", body, signed, signed_well=well)
        right = delivery.outcome == "taken" if well else delivery.status == UNAUTHORIZED
        if not right:
            wanted = "a 2xx" if well else "a 401, since its signature was wrong"
            delivery.outcome = f"not what was asked for, {wanted}: {delivery.outcome}"
        return right

    async def _post(
        self,
        subscription: Subscription,
        kind: str,
        body: bytes,
        signed: str,
        attempt: int = 1,
        *,
        signed_well: bool = True,
    ) -> Delivery:
        at = self._world().clock.now()
        address = read_address(subscription.url, anywhere=subscription.anywhere)
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signed, "User-Agent": "Xero sandbox webhooks"}
        answer = await post(address, body, headers, subscription.patience_seconds)
        delivery = self._delivery(kind, body, signed, answer)
        delivery.at, delivery.attempt, delivery.signed_well = at, attempt, signed_well
        return _keep(subscription, delivery)

    def _delivery(self, kind: str, body: bytes, signed: str, answer: Answer) -> Delivery:
        return Delivery(
            number=0,
            at=self._world().clock.now(),
            kind=kind,
            body=body.decode(),
            signature=signed,
            attempt=1,
            status=answer.status,
            outcome=_outcome(answer),
            milliseconds=answer.milliseconds,
        )


def _keep(subscription: Subscription, delivery: Delivery) -> Delivery:
    delivery.number = subscription.next_delivery
    subscription.next_delivery += 1
    subscription.deliveries.append(delivery)
    del subscription.deliveries[:-KEPT_DELIVERIES]
    return delivery


def _outcome(answer: Answer) -> str:
    """Say whether an answer counts: a 2xx without body and cookies (reference 13 [WH-OLD])."""
    if answer.status is None:
        return answer.trouble
    if answer.status not in TAKEN:
        return f"answered {answer.status}"
    if answer.has_body or answer.has_cookie:
        return f"answered {answer.status} with a {'body' if answer.has_body else 'cookie'}, which must not be"
    return "taken"


def _event(saved: Saved, organisation_id: str, now: datetime) -> Event:
    kind = "CREATE" if saved.created else "UPDATE"
    return Event(0, now, saved.category, kind, saved.resource_id, organisation_id, dict(saved.data))


def _is_connected(world: World, client_id: str, organisation_id: str) -> bool:
    return any(one.tenant_id == organisation_id for one in live_connections(world.identity, client_id=client_id))
