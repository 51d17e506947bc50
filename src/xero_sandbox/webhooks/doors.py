"""The control doors of the webhooks: what an app's owner does in the developer portal, and trouble on the way."""

from __future__ import annotations

import json
from typing import Annotated, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xero_sandbox.problems import Problem
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.webhooks import queue
from xero_sandbox.webhooks.payloads import PLURALS, TOLD_UNASKED, new_key
from xero_sandbox.webhooks.posting import NotAnAddress, read_address
from xero_sandbox.webhooks.state import Delivery, Status, Subscription, Trouble

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
Patience = Annotated[float, msgspec.Meta(gt=0, le=60)]
Few = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Asked = TypeVar("Asked")


class SubscriptionAsked(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    client_id: str | None = None  # without it the first app
    key: str | None = None  # without it the present one, or a new one
    categories: tuple[str, ...] = TOLD_UNASKED
    anywhere: bool = False
    patience_seconds: Patience = 5.0
    lag_seconds: Seconds = 0.0


class AppNamed(msgspec.Struct, forbid_unknown_fields=True):
    client_id: str | None = None


class TroubleAsked(msgspec.Struct, forbid_unknown_fields=True):
    then: str
    times: Few = 1
    seconds: Seconds = 60.0
    client_id: str | None = None


class DeliveryNamed(msgspec.Struct, forbid_unknown_fields=True):
    delivery: int
    client_id: str | None = None


class ForgeryAsked(msgspec.Struct, forbid_unknown_fields=True):
    body: dict[str, object]
    client_id: str | None = None


async def subscribe(request: Request) -> Response:
    """Set an app's address and key, and ask for its intent to receive."""
    asked = await _asked(request, SubscriptionAsked)
    return JSONResponse(_shown(await begin(_sandbox(request), asked, str(request.base_url))))


async def begin(sandbox: Sandbox, asked: SubscriptionAsked, base_url: str) -> Subscription:
    """Make or change a subscription; raises a Problem."""
    client_id = _client_id(sandbox, asked.client_id)
    unknown = set(asked.categories) - set(PLURALS)
    if unknown or not asked.categories:
        raise _refused(f"The categories are {', '.join(PLURALS)}.")
    try:
        read_address(asked.url, anywhere=asked.anywhere)
    except NotAnAddress as problem:
        raise _refused(str(problem)) from problem
    known = sandbox.world.webhooks.subscriptions
    subscription = known.setdefault(client_id, Subscription(client_id, asked.url, new_key(), "", []))
    subscription.url, subscription.key = asked.url, asked.key or subscription.key
    subscription.root = base_url.removesuffix("/").removesuffix("/_sandbox")
    subscription.categories, subscription.anywhere = list(asked.categories), asked.anywhere
    subscription.patience_seconds, subscription.lag_seconds = asked.patience_seconds, asked.lag_seconds
    await sandbox.webhooks.confirm(subscription)
    return subscription


async def confirm(request: Request) -> Response:
    """Ask for the intent to receive again, as after a switch-off."""
    subscription = _subscription(request, (await _asked(request, AppNamed)).client_id)
    await _sandbox(request).webhooks.confirm(subscription)
    return JSONResponse(_shown(subscription))


async def show(request: Request) -> Response:
    sandbox = _sandbox(request)
    sandbox.webhooks.wake()
    return JSONResponse({"subscriptions": [_shown(one) for one in sandbox.world.webhooks.subscriptions.values()]})


async def unsubscribe(request: Request) -> Response:
    _sandbox(request).world.webhooks.subscriptions.clear()
    return JSONResponse({"subscriptions": []})


async def deliver(request: Request) -> Response:
    """Send all that is due, and answer when the receivers have answered."""
    await _sandbox(request).webhooks.send_due()
    return await show(request)


async def add_trouble(request: Request) -> Response:
    asked = await _asked(request, TroubleAsked)
    if asked.then not in queue.KINDS:
        raise _refused(f'"{asked.then}" is no trouble that webhooks know. They know: {", ".join(queue.KINDS)}.')
    subscription = _subscription(request, asked.client_id)
    subscription.troubles.append(Trouble(asked.then, asked.times, asked.seconds))
    return JSONResponse(_shown(subscription), 201)


async def replay(request: Request) -> Response:
    asked = await _asked(request, DeliveryNamed)
    subscription = _subscription(request, asked.client_id)
    found = next((one for one in subscription.deliveries if one.number == asked.delivery), None)
    if found is None:
        raise _refused(f"There is no delivery {asked.delivery}.")
    return JSONResponse(_delivery(await _sandbox(request).webhooks.send_again(subscription, found)))


async def forge(request: Request) -> Response:
    asked = await _asked(request, ForgeryAsked)
    subscription = _subscription(request, asked.client_id)
    body = json.dumps(asked.body, separators=(",", ":")).encode()
    return JSONResponse(_delivery(await _sandbox(request).webhooks.forge(subscription, body)))


def _sandbox(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox


async def _asked(request: Request, shape: type[Asked]) -> Asked:
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise _refused(f"This door takes another body: {problem}.") from problem


def _refused(sentence: str) -> Problem:
    return Problem(400, json.dumps({"error": sentence}).encode())


def _client_id(sandbox: Sandbox, asked: str | None) -> str:
    apps = sandbox.world.identity.apps
    if asked is None and apps:
        return next(iter(apps))
    if asked not in apps:
        raise _refused(f'There is no app "{asked}".')
    return asked


def _subscription(request: Request, client_id: str | None) -> Subscription:
    known = _sandbox(request).world.webhooks.subscriptions
    found = known.get(_client_id(_sandbox(request), client_id))
    if found is None:
        raise _refused("The app has no subscription. Make one with POST /_sandbox/webhooks.")
    return found


def _shown(one: Subscription) -> dict[str, object]:
    return {
        "client_id": one.client_id,
        "url": one.url,
        "key": one.key,
        "status": one.status,
        "categories": one.categories,
        "next_sequence": one.next_sequence,
        "waiting": len(one.waiting) + sum(len(batch.events) for batch in one.batches),
        "next_attempt": one.batches[0].due.isoformat() if one.batches and one.status is Status.OK else None,
        "troubles": [{"then": trouble.then, "times": trouble.times} for trouble in one.troubles],
        "deliveries": [_delivery(delivery) for delivery in one.deliveries],
    }


def _delivery(one: Delivery) -> dict[str, object]:
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "kind": one.kind,
        "attempt": one.attempt,
        "body": one.body,
        "signature": one.signature,
        "signed_well": one.signed_well,
        "status": one.status,
        "outcome": one.outcome,
        "milliseconds": one.milliseconds,
    }


webhook_doors = [
    Route("/webhooks", subscribe, methods=["POST"]),
    Route("/webhooks", show, methods=["GET"]),
    Route("/webhooks", unsubscribe, methods=["DELETE"]),
    Route("/webhooks/confirm", confirm, methods=["POST"]),
    Route("/webhooks/deliver", deliver, methods=["POST"]),
    Route("/webhooks/trouble", add_trouble, methods=["POST"]),
    Route("/webhooks/replay", replay, methods=["POST"]),
    Route("/webhooks/forge", forge, methods=["POST"]),
]
