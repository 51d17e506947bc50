"""Reset, clock and state: the doors that move the whole world."""

import time
from datetime import datetime, timedelta

import httpx2
import pytest

from sandbox_client import Client
from xero_sandbox.testing import RunningSandbox


def test_a_state_goes_out_and_comes_back_whole(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-1")
    xero.call("PUT", "/Contacts", {"Name": "Once"}, Idempotency_Key="k1")
    exported = httpx2.get(f"{sandbox.url}/_sandbox/state", timeout=5).content
    sandbox.reset("empty")
    gone = xero.call("GET", "/Invoices/K-1").status_code

    imported = httpx2.put(f"{sandbox.url}/_sandbox/state", content=exported, timeout=5)

    assert (gone, imported.status_code) == (401, 200)
    assert httpx2.get(f"{sandbox.url}/_sandbox/state", timeout=5).content == exported
    assert xero.get("/Invoices/K-1")["Invoices"][0]["InvoiceID"] == invoice["InvoiceID"]
    assert xero.call("PUT", "/Contacts", {"Name": "Once"}, Idempotency_Key="k1").status_code == 200


@pytest.mark.parametrize("state", [b"", b"{", b"[]", b'{"organisations": 7}', b'{"clock": {"offset_seconds": 1e300}}'])
def test_what_is_no_state_changes_nothing(sandbox: RunningSandbox, xero: Client, state: bytes) -> None:
    reply = httpx2.put(f"{sandbox.url}/_sandbox/state", content=state, timeout=5)

    assert reply.status_code == 400
    assert "no exported state" in reply.json()["error"]
    assert xero.call("GET", "/Organisation").status_code == 200


def test_a_reset_brings_the_demo_back_as_it_was(sandbox: RunningSandbox, xero: Client) -> None:
    before = {one["InvoiceID"] for one in xero.get("/Invoices")["Invoices"]}
    xero.invoice()
    sandbox.reset("demo")
    again = Client(sandbox)

    after = {one["InvoiceID"] for one in again.get("/Invoices")["Invoices"]}
    again.http.close()

    assert after == before


def test_an_unknown_seed_is_refused_with_the_known_ones(sandbox: RunningSandbox) -> None:
    reply = httpx2.post(f"{sandbox.url}/_sandbox/reset", json={"seed": "tiny"}, timeout=5)

    assert reply.status_code == 400
    assert reply.json()["error"] == 'There is no seed "tiny". Choose one of: demo, large, empty.'


def test_the_clock_can_run_faster_than_real_time(sandbox: RunningSandbox) -> None:
    sandbox.door("POST", "/clock", {"set": "2026-11-22T09:00:00Z", "rate": 1000})
    time.sleep(0.05)
    later = sandbox.door("GET", "/clock")
    sandbox.door("POST", "/clock", {"rate": 1})

    assert later["rate"] == 1000
    assert datetime.fromisoformat("2026-11-22T09:00:50+00:00") <= sandbox.now()
    assert sandbox.now() - datetime.fromisoformat(later["now"]) < timedelta(minutes=5)


def test_the_log_is_read_on_from_where_one_left_off(sandbox: RunningSandbox) -> None:
    for _ in range(3):
        httpx2.get(f"{sandbox.url}/connections", timeout=5)
    first, second, third = sandbox.requests()

    newer = sandbox.door("GET", f"/requests?after={second['number']}")["requests"]

    assert [one["number"] for one in newer] == [third["number"]]
    assert first["number"] < second["number"] < third["number"]
    assert httpx2.get(f"{sandbox.url}/_sandbox/requests?after=soon", timeout=5).status_code == 400


def test_the_clock_is_set_moved_and_held(sandbox: RunningSandbox) -> None:
    held = sandbox.door("POST", "/clock", {"set": "2026-11-22T09:00:00Z", "freeze": True})
    moved = sandbox.door("POST", "/clock", {"advance_seconds": 90})

    assert held["frozen"]
    assert moved["now"] == sandbox.door("GET", "/clock")["now"]
    assert moved["now"][:19] == "2026-11-22T09:01:30"


@pytest.mark.parametrize(
    "asked", [{"set": "tomorrow"}, {"advance_seconds": "soon"}, {"advance_seconds": 1e300}, {"advance_seconds": 9e10}]
)
def test_a_time_that_makes_no_sense_is_refused(sandbox: RunningSandbox, asked: object) -> None:
    assert httpx2.post(f"{sandbox.url}/_sandbox/clock", json=asked, timeout=5).status_code == 400


def test_the_large_seed_answers_look_ups(sandbox: RunningSandbox) -> None:
    sandbox.reset("large")
    xero = Client(sandbox)

    found = xero.get("/Invoices/LG-012345")["Invoices"][0]
    paged = xero.get("/Invoices?page=3&pageSize=50")
    xero.http.close()

    assert found["Total"] == found["SubTotal"] + found["TotalTax"]
    assert (len(paged["Invoices"]), paged["pagination"]["itemCount"]) == (50, 20_009)
