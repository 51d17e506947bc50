"""The webhooks of each app: the subscription, what waits, and every delivery with what came of it."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.forms import alert, button_form, choice, field, form_of, whole_number
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import facts, moment, prose, sign, table_of_pairs
from xero_sandbox.problems import Problem
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.webhooks import queue
from xero_sandbox.webhooks.doors import SubscriptionAsked, begin
from xero_sandbox.webhooks.payloads import PLURALS, TOLD_UNASKED
from xero_sandbox.webhooks.state import Delivery, Status, Subscription, Trouble

HERE = "/_sandbox/deliveries"
SHOWN = 200
STATUS_SIGNS = {Status.OK: ("good", "✓"), Status.UNCONFIRMED: ("wait", "○"), Status.DISABLED: ("bad", "✕")}
HEADS = ("When", "What was sent", "Events", "#Attempt", "Signature", "Answer", "#Milliseconds")


async def show_deliveries(request: Request) -> Response:
    return _shown(request.app.state.sandbox, "")


async def subscribe(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    asked = await form_of(request)
    categories = tuple(one for one in PLURALS if one in asked) or TOLD_UNASKED
    wanted = SubscriptionAsked(asked.get("url", ""), asked.get("client_id"), categories=categories)
    try:
        await begin(sandbox, wanted, str(request.base_url))
    except Problem as problem:
        return _shown(sandbox, str(json.loads(problem.body)["error"]), 400)
    return RedirectResponse(HERE, 303)


async def press(request: Request) -> Response:
    """Do what the pressed button says."""
    sandbox: Sandbox = request.app.state.sandbox
    asked = await form_of(request)
    subscription = sandbox.world.webhooks.subscriptions.get(asked.get("client_id", ""))
    if subscription is None:
        return _shown(sandbox, "There is no such subscription any more.", 400)
    match asked.get("do"):
        case "send":
            await sandbox.webhooks.send_due()
        case "confirm":
            await sandbox.webhooks.confirm(subscription)
        case "again":
            number = whole_number(asked, "delivery", 0)
            for one in [one for one in subscription.deliveries if one.number == number]:
                await sandbox.webhooks.send_again(subscription, one)
        case "trouble" if asked.get("then") in queue.KINDS:
            times, seconds = whole_number(asked, "times", 1), whole_number(asked, "seconds", 60)
            subscription.troubles.append(Trouble(asked["then"], max(1, min(times, 1000)), min(seconds, 86_400)))
        case _:
            return _shown(sandbox, "There is no such button.", 400)
    return RedirectResponse(HERE, 303)


def _shown(sandbox: Sandbox, problem: str, status: int = 200) -> Response:
    sandbox.webhooks.wake()
    known = sandbox.world.webhooks.subscriptions
    names = {one.client_id: one.name for one in sandbox.world.identity.apps.values()}
    without = {client_id: name for client_id, name in names.items() if client_id not in known}
    return page(
        "Webhooks",
        tag("h1", "Webhooks"),
        alert(problem),
        *(_subscription(one, names.get(one.client_id, one.client_id)) for one in known.values()),
        _new_subscription(without) if without else Markup(""),
        here=HERE,
        status=status,
    )


def _new_subscription(apps: dict[str, str]) -> Markup:
    options = [tag("option", name, value=client_id) for client_id, name in apps.items()]
    boxes = [
        tag("label", tag("input", type="checkbox", name=one, value="on", checked=one in TOLD_UNASKED), f" {one}")
        for one in PLURALS
    ]
    return tag(
        "section",
        tag("h2", "Subscribe an app"),
        tag("p", "The sandbox then sends its intent to receive, and after that what happens.", class_="quiet"),
        tag(
            "form",
            tag("label", "App", for_="client_id"),
            tag("select", options, name="client_id", id="client_id"),
            field("url", "Address", type="url", required=True, placeholder="http://localhost:8000/xero/webhooks"),
            tag("fieldset", tag("legend", "Tell of"), boxes, class_="boxes"),
            tag("div", tag("button", "Subscribe", class_="primary"), class_="actions"),
            method="post",
            action=HERE,
        ),
        class_="sheet",
    )


def _subscription(one: Subscription, name: str) -> Markup:
    return tag(
        "section",
        tag("h2", name, " ", sign(str(one.status).capitalize(), *STATUS_SIGNS[one.status])),
        _about(one),
        tag(
            "div",
            _button(one, "Send what is due", "send"),
            _button(one, "Ask for the intent to receive", "confirm"),
            class_="actions",
        ),
        _trouble(one),
        _deliveries(one),
        class_="sheet",
    )


def _button(one: Subscription, text: str, do: str, **hidden: str | int) -> Markup:
    return button_form(f"{HERE}/press", text, {"client_id": one.client_id, "do": do, **hidden})


def _about(one: Subscription) -> Markup:
    waiting = len(one.waiting) + sum(len(batch.events) for batch in one.batches)
    next_attempt = one.batches[0].due if one.batches and one.status is Status.OK else None
    pairs: list[tuple[str, Child]] = [
        ("Address", tag("code", one.url)),
        ("Tells of", ", ".join(one.categories)),
        ("An answer may take", f"{one.patience_seconds:g} seconds"),
        ("Events that wait", str(waiting)),
        ("Next attempt", moment(next_attempt) if next_attempt else ""),
        ("Next sequence", str(one.next_sequence)),
        ("Trouble to come", ", ".join(f"{trouble.then} ({trouble.times} times)" for trouble in one.troubles)),
        ("Signing key", tag("details", tag("summary", "Show"), tag("code", one.key), class_="inline")),
    ]
    return facts(pairs)


def _trouble(one: Subscription) -> Markup:
    known = [(tag("dt", name), tag("dd", prose(text))) for name, text in queue.KINDS.items()]
    return tag(
        "details",
        tag("summary", "Let the next batch go wrong"),
        tag(
            "form",
            tag("input", type="hidden", name="client_id", value=one.client_id),
            tag("input", type="hidden", name="do", value="trouble"),
            tag(
                "div",
                choice("then", "How", list(queue.KINDS)),
                field("times", "How many batches", type="number", value=1, min=1, max=1000),
                field("seconds", "Seconds, for a delay", type="number", value=60, min=0, max=86_400),
                class_="fields",
            ),
            tag("div", tag("button", "Add the trouble"), class_="actions"),
            method="post",
            action=f"{HERE}/press",
        ),
        tag("dl", known, class_="facts"),
    )


def _deliveries(one: Subscription) -> Markup:
    newest = list(reversed(one.deliveries))[:SHOWN]
    caption = f"Deliveries, newest first ({len(one.deliveries):,})"
    return table_of_pairs(caption, HEADS, [(_row(delivery), _folded(one, delivery)) for delivery in newest])


def _row(one: Delivery) -> list[Child]:
    signed = ("good", "✓", "valid") if one.signed_well else ("bad", "✕", "forged")
    taken = one.outcome == "taken" or (not one.signed_well and one.outcome == "answered 401")
    answer = f"{one.status}" if one.status is not None else "none"
    return [
        moment(one.at),
        one.kind,
        _events(one),
        str(one.attempt),
        sign(signed[2], signed[0], signed[1]),
        (sign(answer, "good" if taken else "bad", "✓" if taken else "✕"), " ", _words(one)),
        f"{one.milliseconds:.1f}" if one.kind != "dropped" else "–",
    ]


def _words(one: Delivery) -> str:
    """Return what the status does not say."""
    if one.outcome == f"answered {one.status}":
        return "as it should" if not one.signed_well and one.status == 401 else ""  # noqa: PLR2004  # Unauthorized
    return one.outcome


def _events(one: Delivery) -> Child:
    """Return the events, each once, and their sequences."""
    try:
        body = json.loads(one.body)
        listed = [f"{event['eventCategory']} {event['eventType']}" for event in body["events"]]
        first, last = body["firstEventSequence"], body["lastEventSequence"]
    except (ValueError, LookupError, TypeError):
        return "a body of one's own"
    if not listed:
        return "none"
    counted = [(tag("span", f"{listed.count(name)} × {name}", class_="nowrap"), " ") for name in dict.fromkeys(listed)]
    sequences = f"sequence {first}" if first == last else f"sequences {first}–{last}"
    return (counted, tag("span", sequences, class_="quiet nowrap"))


def _folded(subscription: Subscription, one: Delivery) -> Markup:
    try:
        shown = json.dumps(json.loads(one.body), indent=2, ensure_ascii=False)
    except ValueError:
        shown = one.body
    return tag(
        "details",
        tag("summary", f"Delivery {one.number}: body and signature"),
        tag("p", tag("code", f"x-xero-signature: {one.signature}")),
        tag("pre", shown, tabindex=0),
        _button(subscription, "Send these bytes again", "again", delivery=one.number),
    )
