"""Lists: forms, pages, filters, order."""

import re
from urllib.parse import quote

import pytest

from sandbox_client import Client, an_invoice
from xero_sandbox.testing import RunningSandbox


def where(filter_: str) -> str:
    return f"where={quote(filter_)}"


def numbers(xero: Client, query: str) -> list[str]:
    return [one["InvoiceNumber"] for one in xero.get(f"/Invoices?{query}")["Invoices"]]


def test_an_unpaged_list_has_summaries_and_no_pagination(xero: Client) -> None:
    reply = xero.get("/Invoices")

    assert list(reply) == ["Id", "Status", "ProviderName", "DateTimeUTC", "Invoices"]
    assert re.fullmatch(r"/Date\(\d+\)/", reply["DateTimeUTC"])
    assert all(one["LineItems"] == [] for one in reply["Invoices"])
    assert set(reply["Invoices"][0]["Contact"]) == {"ContactID", "Name", "HasValidationErrors"}


def test_a_page_has_lines_and_says_where_it_is(xero: Client) -> None:
    reply = xero.get("/Invoices?page=2&pageSize=4")

    assert reply["pagination"] == {"page": 2, "pageSize": 4, "pageCount": 3, "itemCount": 9}
    assert list(reply).index("pagination") < list(reply).index("Invoices")
    assert all(one["LineItems"] for one in reply["Invoices"])


def test_dates_come_in_pairs_at_midnight(xero: Client) -> None:
    invoice = xero.invoice(Date="2026-09-14", DueDate="/Date(1791936000000+0000)/")

    assert (invoice["Date"], invoice["DateString"]) == ("/Date(1789344000000+0000)/", "2026-09-14T00:00:00")
    assert invoice["DueDateString"] == "2026-10-14T00:00:00"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", invoice["UpdatedDateUTCString"])


def test_statuses_and_summary_only_force_pages(xero: Client) -> None:
    by_status = xero.get("/Invoices?Statuses=VOIDED,DRAFT")
    light = xero.get("/Invoices?summaryonly=TRUE")["Invoices"][0]

    assert [one["InvoiceNumber"] for one in by_status["Invoices"]] == ["HF-0035", "HF-0038"]
    assert by_status["pagination"]["itemCount"] == 2
    assert "LineItems" not in light
    assert "Payments" not in light


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("InvoiceNumbers=HF-0033,QSR-22871", ["HF-0033", "QSR-22871"]),
        (where('Type=="ACCPAY"'), ["QSR-22871"]),
        (where('Contact.Name=="castellan architects llp" AND Status=="PAID"'), ["HF-0032"]),
        (where('Reference=="PO 7781"'), ["HF-0031"]),
        (where('InvoiceNumber=="hf-0031"'), ["HF-0031"]),
        (where('AmountDue>2000 AND Total!=null'), ["HF-0033"]),
        ("searchTerm=expo", ["HF-0037"]),
        ("order=InvoiceNumber%20DESC&pageSize=2&page=1", ["QSR-22871", "HF-0038"]),
    ],
)  # fmt: skip
def test_lists_are_narrowed(xero: Client, query: str, found: list[str]) -> None:
    assert sorted(numbers(xero, query)) == sorted(found)


def test_only_what_changed_since_comes_back(sandbox: RunningSandbox, xero: Client) -> None:
    since = sandbox.now().strftime("%Y-%m-%dT%H:%M:%S")
    made = xero.invoice()

    changed = xero.get("/Invoices", If_Modified_Since=since)["Invoices"]
    later = xero.get("/Invoices", If_Modified_Since="Wed, 21 Oct 2099 07:28:00 GMT")["Invoices"]

    assert [one["InvoiceID"] for one in changed] == [made["InvoiceID"]]
    assert later == []


def test_what_this_app_made_can_be_asked_for(xero: Client) -> None:
    made = xero.invoice()

    assert numbers(xero, "createdByMyApp=true") == [made["InvoiceNumber"]]


@pytest.mark.parametrize(
    "query",
    ["where=Nonsense", "order=Nonsense", "order=Date%20sideways", "page=0", "page=x", "pageSize=1001&page=1",
     "IDs=nope", "summaryOnly=perhaps", "where=%FF"],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_400(xero: Client, query: str) -> None:
    reply = xero.call("GET", f"/Invoices?{query}")

    assert reply.status_code == 400
    assert reply.json()["Type"] == "QueryParseException"


def test_deleted_tax_rates_and_archived_accounts_are_listed(xero: Client) -> None:
    rates = {one["TaxType"]: one for one in xero.get("/TaxRates")["TaxRates"]}
    accounts = {one.get("Code"): one for one in xero.get("/Accounts")["Accounts"]}

    assert (rates["OUTPUT2"]["EffectiveRate"], rates["SROUTPUT"]["Status"]) == (20, "DELETED")
    assert rates["OUTPUT2"]["CanApplyToRevenue"]
    assert not rates["OUTPUT2"]["CanApplyToExpenses"]
    assert (accounts["215"]["Status"], accounts["860"]["SystemAccount"]) == ("ARCHIVED", "ROUNDING")
    assert (accounts["205"]["Class"], accounts["090"]["CurrencyCode"]) == ("REVENUE", "GBP")


def test_settings_say_what_a_client_needs(xero: Client) -> None:
    organisation = xero.get("/Organisation")["Organisations"][0]
    currencies = [one["Code"] for one in xero.get("/Currencies")["Currencies"]]
    tracking = {
        one["Name"]: [part["Name"] for part in one["Options"]]
        for one in xero.get("/TrackingCategories")["TrackingCategories"]
    }

    assert (organisation["BaseCurrency"], organisation["CountryCode"]) == ("GBP", "GB")
    assert organisation["ShortCode"] == "!hF7kQ"
    assert "PeriodLockDate" not in organisation
    assert currencies == ["GBP", "EUR", "USD"]
    assert tracking["Department"] == ["Design", "Consulting", "Print", "Support"]


@pytest.fixture
def two_pages(xero: Client) -> list[str]:
    batch = {"Invoices": [an_invoice(InvoiceNumber=f"P-{one:02d}") for one in range(12)]}
    xero.put("/Invoices?summarizeErrors=false", batch)
    return [f"P-{one:02d}" for one in range(12)]


def test_pages_together_hold_everything_once(xero: Client, two_pages: list[str]) -> None:
    mine = where('InvoiceNumber.StartsWith("P-")')

    first, second = (numbers(xero, f"{mine}&pageSize=7&page={page}") for page in (1, 2))

    assert sorted(first + second) == two_pages
