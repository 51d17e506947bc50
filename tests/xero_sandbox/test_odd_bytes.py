"""Whatever is sent, the sandbox answers and keeps its head: no 500, no stack trace."""

import json

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox_client import Client, a_line, an_invoice
from xero_sandbox.testing import RunningSandbox

QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
    | st.sampled_from(["2026-01-01", "ACCREC", "\ud800", "\x00", "1e999999", "9" * 400, "/Date(99999999999999)/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
INVOICE_MEMBERS = st.sampled_from(
    ["Type", "Contact", "LineItems", "Date", "DueDate", "Status", "InvoiceNumber", "Reference", "CurrencyCode",
     "CurrencyRate", "LineAmountTypes", "Url", "InvoiceID", "SentToContact", "RoundingAmount", "BrandingThemeID"]
)  # fmt: skip
LINE_MEMBERS = st.sampled_from(
    ["Description", "Quantity", "UnitAmount", "LineAmount", "AccountCode", "AccountID", "TaxType", "TaxAmount",
     "DiscountRate", "DiscountAmount", "Tracking", "LineItemID", "ItemCode"]
)  # fmt: skip
ROUTES = ["Invoices", "Contacts", "Payments", "Invoices/HF-0031", "Currencies"]


def fine(sandbox: RunningSandbox, reply: httpx2.Response) -> bool:
    sandbox.limits(minute_used=0, day_used=0)
    return reply.status_code < 500 and b"Traceback" not in reply.content


@QUIET
@given(members=st.dictionaries(INVOICE_MEMBERS, JSON, max_size=4), line=st.dictionaries(LINE_MEMBERS, JSON, max_size=4))
def test_invoices_with_odd_members(
    sandbox: RunningSandbox, xero: Client, members: dict[str, object], line: dict[str, object]
) -> None:
    asked = an_invoice(LineItems=[a_line() | line]) | members

    assert fine(sandbox, xero.call("POST", "/Invoices", json.dumps(asked).encode()))


@QUIET
@given(body=st.binary(max_size=60) | JSON.map(lambda one: json.dumps(one).encode()), route=st.sampled_from(ROUTES))
def test_odd_bodies(sandbox: RunningSandbox, xero: Client, body: bytes, route: str) -> None:
    for method in ("PUT", "POST"):
        reply = xero.call(method, f"/{route}", body)
        assert reply.status_code == 501 or fine(sandbox, reply)


@QUIET
@given(query=st.binary(max_size=40), where=st.text(max_size=40))
def test_odd_queries(sandbox: RunningSandbox, xero: Client, query: bytes, where: str) -> None:
    # A slash in an id makes another path of it, of which the specification knows nothing.
    plain = "".join(f"%{one:02X}" for one in query.replace(b"/", b""))
    for address in (f"/Invoices?where={plain}", f"/Contacts?order={plain}&page={plain}", f"/Payments/{plain}a"):
        assert fine(sandbox, xero.call("GET", address))
    asked = httpx2.QueryParams({"where": where})
    assert fine(sandbox, xero.call("GET", f"/Invoices?{asked}"))


@QUIET
@given(body=st.binary(max_size=60) | JSON.map(lambda one: json.dumps(one).encode()))
def test_odd_orders_at_the_doors(sandbox: RunningSandbox, body: bytes) -> None:
    for door in ("faults", "clock", "bookkeeper", "readings", "grants"):
        for method in ("POST", "PUT"):
            reply = httpx2.request(method, f"{sandbox.url}/_sandbox/{door}", content=body, timeout=5)
            assert reply.status_code < 500
    sandbox.clear_faults()
