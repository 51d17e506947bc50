"""A subscription begins with the intent to receive, and sends nothing beyond this machine unasked."""

import httpx2
import pytest

from sandbox_client import Client
from webhook_receiver import Receiver
from xero_openapi import specification
from xero_openapi.checking import webhook_problems
from xero_sandbox.testing import RunningSandbox


def subscribe(sandbox: RunningSandbox, **asked: object) -> httpx2.Response:
    return httpx2.post(f"{sandbox.url}/_sandbox/webhooks", json=asked, timeout=10)


def test_the_intent_to_receive_mixes_good_and_bad_signatures_without_events(
    sandbox: RunningSandbox, receiver: Receiver
) -> None:
    shown = subscribe(sandbox, url=receiver.url, key=receiver.key).json()

    assert shown["status"] == "ok"
    assert [signed_well for _, signed_well in receiver.heard] == [True, False, False, True]
    assert all(
        (body["events"], body["firstEventSequence"], body["lastEventSequence"]) == ([], 0, 0)
        for body, _ in receiver.heard
    )


def test_a_receiver_that_takes_everything_is_not_confirmed(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.status = 200

    shown = subscribe(sandbox, url=receiver.url, key=receiver.key).json()

    assert shown["status"] == "intent to receive required"
    assert "a 401, since its signature was wrong: taken" in shown["deliveries"][1]["outcome"]


def test_a_receiver_with_another_key_is_not_confirmed_and_told_nothing(
    sandbox: RunningSandbox, xero: Client, receiver: Receiver
) -> None:
    shown = subscribe(sandbox, url=receiver.url, key="another key").json()
    heard = len(receiver.heard)
    xero.contact("First")
    sandbox.door("POST", "/webhooks/deliver")

    assert shown["status"] == "intent to receive required"
    assert len(receiver.heard) == heard


def test_a_key_is_made_when_none_is_given_and_stays(sandbox: RunningSandbox, receiver: Receiver) -> None:
    first = subscribe(sandbox, url=receiver.url).json()["key"]

    assert len(first) == 88
    assert subscribe(sandbox, url=receiver.url).json()["key"] == first


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"url": "https://example.com/hooks"}, 'Add "anywhere": true'),
        ({"url": "http://10.0.0.8/hooks"}, 'Add "anywhere": true'),
        ({"url": "http://127.0.0.1.example.com/hooks"}, 'Add "anywhere": true'),
        ({"url": "ftp://localhost/"}, "begins with http"),
        ({"url": "http://localhost:99999/"}, "is no address"),
        ({"url": "http://localhost/a b"}, "plain ASCII"),
        ({}, "takes another body"),
        ({"url": "http://localhost/", "categories": ["PAYMENT"]}, "The categories are"),
        ({"url": "http://localhost/", "client_id": "nobody"}, "There is no app"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    sandbox: RunningSandbox, asked: dict[str, object], told: str
) -> None:
    reply = subscribe(sandbox, **asked)

    assert reply.status_code == 400
    assert told in reply.json()["error"]


@pytest.mark.parametrize("path", ["confirm", "trouble", "replay", "forge"])
def test_without_a_subscription_nothing_can_go_wrong(sandbox: RunningSandbox, path: str) -> None:
    asked = {"trouble": {"then": "drop"}, "replay": {"delivery": 1}, "forge": {"body": {}}}.get(path, {})

    reply = httpx2.post(f"{sandbox.url}/_sandbox/webhooks/{path}", json=asked, timeout=10)

    assert reply.status_code == 400
    assert "no subscription" in reply.json()["error"]


def test_a_silent_address_is_said_to_be_silent(sandbox: RunningSandbox) -> None:
    shown = subscribe(sandbox, url="http://127.0.0.1:9/").json()

    assert shown["deliveries"][0]["status"] is None
    assert "no connection" in shown["deliveries"][0]["outcome"]


def test_an_export_takes_the_subscription_along(sandbox: RunningSandbox, receiver: Receiver) -> None:
    subscribe(sandbox, url=receiver.url, key=receiver.key)
    exported = sandbox.door("GET", "/state")

    sandbox.reset()
    gone = sandbox.door("GET", "/webhooks")["subscriptions"]
    sandbox.door("PUT", "/state", exported)

    assert gone == []
    assert sandbox.door("GET", "/webhooks")["subscriptions"][0]["url"] == receiver.url


@specification.on_specification
def test_a_delivery_keeps_to_the_specification(sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
    subscribe(sandbox, url=receiver.url, key=receiver.key)
    xero.invoice(Contact={"Name": "New Ltd"})

    [batch] = receiver.wait_for_batches(1)

    assert webhook_problems(batch) == []
