"""Scripted trouble does what its words say."""

import time

import httpx2
import pytest

from sandbox_client import Client, an_invoice
from xero_sandbox.testing import RunningSandbox


def put(xero: Client, number: str = "K-1", **headers: str) -> httpx2.Response:
    return xero.call("PUT", "/Invoices", an_invoice(InvoiceNumber=number), **headers)


def is_there(xero: Client, number: str = "K-1") -> bool:
    return xero.call("GET", f"/Invoices/{number}").status_code == 200


@pytest.mark.parametrize(("then", "saved"), [("save and drop the reply", True), ("drop the request", False)])
def test_a_cut_connection_leaves_or_does_not_leave_an_invoice(
    sandbox: RunningSandbox, xero: Client, then: str, saved: bool
) -> None:
    sandbox.fault("PUT /Invoices", then)

    with pytest.raises(httpx2.TransportError):
        put(xero)

    assert is_there(xero) is saved


@pytest.mark.parametrize(
    ("then", "status", "saved"),
    [
        ("answer 500", 500, False),
        ("save and answer 500", 500, True),
        ("answer 503", 503, False),
        ("answer 401", 401, False),
        ("answer 403", 403, False),
        ("answer 404", 404, False),
        ("answer an HTML page", 200, False),
    ],
)
def test_a_failing_answer_saves_or_does_not_save(
    sandbox: RunningSandbox, xero: Client, then: str, status: int, saved: bool
) -> None:
    sandbox.fault("PUT /Invoices", then)

    assert put(xero).status_code == status
    assert is_there(xero) is saved


def test_a_429_carries_what_was_asked_for(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("PUT /Invoices", "answer 429", retry_after=77, problem="day")

    reply = put(xero)

    assert (reply.status_code, reply.content) == (429, b"")
    assert (reply.headers["Retry-After"], reply.headers["X-Rate-Limit-Problem"]) == ("77", "day")


def test_the_500_after_saving_is_kept_under_its_key(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("PUT /Invoices", "save and answer 500")

    first, again = put(xero, Idempotency_Key="k1"), put(xero, Idempotency_Key="k1")

    assert (first.status_code, again.status_code) == (500, 500)
    assert is_there(xero)


def test_a_reply_dropped_after_saving_is_replayed_under_its_key(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("PUT /Invoices", "save and drop the reply")
    with pytest.raises(httpx2.TransportError):
        put(xero, Idempotency_Key="k1")

    again = put(xero, Idempotency_Key="k1")

    assert again.json()["Invoices"][0]["InvoiceNumber"] == "K-1"


def test_a_batch_can_break_off_after_its_first_elements(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("PUT /Invoices", "close after saving the first 2")
    batch = {"Invoices": [an_invoice(InvoiceNumber=f"K-{one}") for one in (1, 2, 3)]}

    with pytest.raises(httpx2.TransportError):
        xero.call("PUT", "/Invoices?summarizeErrors=false", batch)

    assert [is_there(xero, f"K-{one}") for one in (1, 2, 3)] == [True, True, False]


def test_a_request_can_be_carried_out_late(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("PUT /Invoices", "apply late and drop the reply", seconds=0.3)
    with pytest.raises(httpx2.TransportError):
        put(xero)

    at_first = is_there(xero)
    time.sleep(0.6)

    assert (at_first, is_there(xero)) == (False, True)


def test_a_reply_can_break_off_in_its_middle(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("PUT /Invoices", "save and cut the reply short")

    with pytest.raises(httpx2.RemoteProtocolError):
        put(xero)

    assert is_there(xero)


def test_a_fault_can_let_some_calls_pass_first(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("GET /Invoices/{id}", "answer 500", skip=1, times=1)

    assert [xero.call("GET", "/Invoices/HF-0031").status_code for _ in range(3)] == [200, 500, 200]


def test_faults_meet_the_token_endpoint_too(sandbox: RunningSandbox) -> None:
    sandbox.fault("POST /connect/token", "answer 503")

    assert httpx2.post(f"{sandbox.url}/connect/token", timeout=5).status_code == 503


def test_deleting_faults_ends_them(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.fault("PUT /Invoices", "answer 500", times=None)
    first = put(xero).status_code
    sandbox.clear_faults()

    assert (first, put(xero).status_code) == (500, 200)


@pytest.mark.parametrize(
    "instruction",
    [
        {},
        [],
        {"route": "PUT /Invoices"},
        {"route": "Invoices", "then": "answer 500"},
        {"route": "PUT /Invoices", "then": "explode"},
        {"route": "PUT /Invoices", "then": "answer 500", "times": -1},
        {"route": "PUT /Invoices", "then": "answer 500", "when": "now"},
        {"route": "PUT /Invoices", "then": "answer slowly", "seconds": 9999},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_with_a_sentence(sandbox: RunningSandbox, instruction: object) -> None:
    reply = httpx2.post(f"{sandbox.url}/_sandbox/faults", json=instruction, timeout=5)

    assert reply.status_code in ((201,) if instruction == [] else (400,))


def test_the_log_masks_secrets_and_shows_the_rest(sandbox: RunningSandbox, xero: Client) -> None:
    put(xero)
    httpx2.post(
        f"{sandbox.url}/connect/token",
        data={"grant_type": "refresh_token", "refresh_token": "sesame-4711", "client_secret": "sesame-4712"},
        timeout=5,
    )

    log = sandbox.requests()

    assert [one["path"] for one in log] == ["/api.xro/2.0/Invoices", "/connect/token"]
    assert "K-1" in log[0]["request_body"]
    assert "K-1" in log[0]["reply_body"]
    assert xero.token not in str(log)
    assert "sesame" not in str(log)
