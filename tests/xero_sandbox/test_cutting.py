"""Faults that break the connection really break it."""

import httpx2
import pytest

from xero_sandbox.testing import RunningSandbox


def ask(sandbox: RunningSandbox) -> int:
    return httpx2.get(f"{sandbox.url}/api.xro/2.0/Organisation", timeout=5).status_code


@pytest.mark.parametrize("then", ["drop the request", "save and drop the reply"])
def test_a_client_sees_a_broken_connection_and_no_reply(sandbox: RunningSandbox, then: str) -> None:
    sandbox.fault("GET /Organisation", then)

    with pytest.raises(httpx2.TransportError):
        ask(sandbox)

    assert sandbox.requests()[-1]["status"] is None
    assert sandbox.requests()[-1]["fault"] == then


def test_a_fault_is_over_after_the_times_it_was_asked_for(sandbox: RunningSandbox) -> None:
    sandbox.fault("GET /Organisation", "answer 503", times=2)

    seen = [ask(sandbox) for _ in range(3)]

    assert seen[:2] == [503, 503]
    assert seen[2] != 503
