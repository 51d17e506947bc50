"""A receiver, and the demo's app subscribed to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from webhook_receiver import Receiver, webhook_receiver
from xero_sandbox.testing import RunningSandbox


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook_receiver() as receiver:
        yield receiver


@pytest.fixture
def subscription(sandbox: RunningSandbox, receiver: Receiver) -> dict[str, Any]:
    shown: dict[str, Any] = sandbox.door("POST", "/webhooks", {"url": receiver.url, "key": receiver.key})
    assert shown["status"] == "ok", shown["deliveries"]
    receiver.heard.clear()
    return shown
