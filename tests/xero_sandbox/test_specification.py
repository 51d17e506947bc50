"""Xero's specification is really what replies are compared with."""

import json
from collections.abc import Iterator
from copy import copy

import pytest

from sandbox_client import Client, a_line
from xero_openapi import specification
from xero_openapi.checking import problems_of
from xero_openapi.deviations import DEVIATIONS
from xero_openapi.watching import take_problems, watch
from xero_sandbox.control.log import Exchange
from xero_sandbox.testing import RunningSandbox

pytestmark = [pytest.mark.inside, specification.on_specification]


@pytest.fixture
def exchanges(sandbox: RunningSandbox) -> Iterator[list[Exchange]]:
    """What a walk through invoices, settings and tokens was answered."""
    heard: list[Exchange] = []
    sandbox.sandbox.log.watchers.append(lambda one: heard.append(copy(one)))
    xero = Client(sandbox)
    made = xero.invoice()
    xero.invoice(ExpectedPaymentDate="2026-11-05", **rounded())
    for path in ("/Invoices?page=1", "/TrackingCategories", "/TaxRates", "/Organisation", "/Contacts?page=1"):
        xero.get(path)
    xero.put("/CreditNotes", {"Type": "ACCRECCREDIT", "Contact": made["Contact"], "LineItems": [a_line()]})
    xero.get(f"/Invoices/{made['InvoiceID']}/History")
    for kind in ("OVERPAYMENT", "PREPAYMENT"):
        line = a_line(AccountCode="610" if kind == "OVERPAYMENT" else "620")
        bank = {"Type": f"RECEIVE-{kind}", "BankAccount": {"Code": "090"}, "Contact": made["Contact"]}
        xero.put("/BankTransactions", bank | {"LineItems": [line]})
        xero.get(f"/{kind.title()}s")
    granted = sandbox.grant()
    xero.http.post(
        f"{sandbox.url}/connect/token",
        data={"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]},
        auth=(granted["client_id"], granted["client_secret"]),
    )
    yield heard
    xero.http.close()
    sandbox.sandbox.log.watchers.pop()


def rounded() -> dict[str, object]:
    return {"SubTotal": "100.00", "TotalTax": "20.00", "Total": "120.01", "RoundingAmount": "0.01"}


def test_a_walk_through_the_sandbox_keeps_to_the_specification(exchanges: list[Exchange]) -> None:
    assert len(exchanges) == 14
    assert [problem for one in exchanges for problem in problems_of(one)] == []


@pytest.mark.parametrize("number", range(len(DEVIATIONS)), ids=[one.schema for one in DEVIATIONS])
def test_every_recorded_deviation_is_needed(exchanges: list[Exchange], number: int) -> None:
    assert any(problems_of(one, without=number) for one in exchanges)


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("Colour", "red", "'Colour' was unexpected"),
        ("Status", "SETTLED", "is not one of"),
        ("InvoiceID", "5F3C1E70-9A41-4C0E-8B55-0D2F6E1A7C01", "does not match"),
        ("Date", "2026-10-05", "does not match"),
        ("Total", "120.00", "is not of type"),
        ("InvoiceNumber", "9" * 256, "longer than"),
    ],
)
def test_a_reply_that_differs_is_told(exchanges: list[Exchange], member: str, value: str, told: str) -> None:
    written = exchanges[0]
    body = json.loads(written.reply_body)
    body["Invoices"][0][member] = value
    written.reply_body = json.dumps(body).encode()

    [problem] = problems_of(written)

    assert told in problem


def test_a_route_that_xero_does_not_have_is_told(exchanges: list[Exchange]) -> None:
    exchanges[0].path = "/api.xro/2.0/Bills"

    assert problems_of(exchanges[0]) == ["PUT /api.xro/2.0/Bills -> 200: the specification has no such route"]


def test_without_the_specification_nothing_is_compared_and_the_header_says_so(
    exchanges: list[Exchange], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(specification, "FOLDER", specification.ROOT / "nowhere")
    specification.is_there.cache_clear()
    exchanges[0].path = "/api.xro/2.0/Bills"

    watch(exchanges[0])
    told = specification.header()

    monkeypatch.undo()
    specification.is_there.cache_clear()
    assert take_problems() == []
    [line] = told
    assert "the folder ../shared/xero-openapi is not beside this clone" in line
