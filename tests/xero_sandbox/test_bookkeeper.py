"""The bookkeeper changes the books behind the app's back."""

import httpx2
import pytest

from sandbox_client import Client, a_line, an_invoice
from xero_sandbox.control.bookkeeper import DEEDS
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"


def test_an_archived_account_is_refused_until_it_is_restored(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "archive account", account="200")
    refused = xero.refused("PUT", "/Invoices", an_invoice())
    sandbox.bookkeeper(BRITISH, "restore account", account="200")

    assert refused[0].startswith("Account code '200' has been archived")
    assert xero.invoice()["Total"] == 120


def test_a_changed_tax_rate_counts_for_the_next_invoice(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "change tax rate", tax_type="OUTPUT2", rate="17.5")

    assert str(xero.invoice()["Total"]) == "117.50"


def test_a_removed_tracking_option_is_refused(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "remove tracking option", category="Region", option="North")
    line = a_line(Tracking=[{"Name": "Region", "Option": "North"}])

    assert "could not be found" in xero.refused("PUT", "/Invoices", an_invoice(LineItems=[line]))[0]


def test_a_draft_is_approved_paid_and_its_payment_deleted(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(Status="DRAFT")

    def now() -> tuple[str, str]:
        read = xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]
        return read["Status"], str(read["AmountDue"])

    sandbox.bookkeeper(BRITISH, "approve invoice", invoice=invoice["InvoiceNumber"])
    approved = now()
    sandbox.bookkeeper(BRITISH, "pay invoice", invoice=invoice["InvoiceNumber"])
    paid = now()
    sandbox.bookkeeper(BRITISH, "delete payment", invoice=invoice["InvoiceNumber"])

    assert (approved, paid, now()) == (("AUTHORISED", "120.00"), ("PAID", "0.00"), ("AUTHORISED", "120.00"))


def test_an_edited_invoice_has_new_amounts(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice()
    sandbox.bookkeeper(BRITISH, "edit invoice", invoice=invoice["InvoiceNumber"], unit_amount="101")

    assert str(xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]["Total"]) == "121.20"


def test_withdrawn_permission_refuses_invoices_at_once(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "withdraw invoice permission")
    refused = xero.call("PUT", "/Invoices", an_invoice()).status_code
    sandbox.bookkeeper(BRITISH, "give invoice permission")

    assert (refused, xero.call("PUT", "/Invoices", an_invoice()).status_code) == (403, 200)


def test_an_organisation_can_go_offline(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "go offline")
    away = xero.call("GET", "/Organisation").status_code
    sandbox.bookkeeper(BRITISH, "come online")

    assert (away, xero.call("GET", "/Organisation").status_code) == (503, 200)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"organisation": BRITISH},
        {"organisation": BRITISH, "do": "dance"},
        {"organisation": "Nobody", "do": "void invoice"},
        *({"organisation": BRITISH, "do": deed, "invoice": "none", "contact": "none", "rate": "x"} for deed in (
            "void invoice", "archive contact", "merge contacts", "archive account", "change tax rate",
            "remove tracking option", "pay invoice", "delete payment", "rename contact", "set role",
        )),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_a_sentence(sandbox: RunningSandbox, asked: object) -> None:
    reply = httpx2.post(f"{sandbox.url}/_sandbox/bookkeeper", json=asked, timeout=5)

    assert reply.status_code == 400
    assert reply.json()["error"].endswith((".", ".."))


def test_no_deed_breaks_on_a_bare_request(sandbox: RunningSandbox) -> None:
    for deed in DEEDS:
        asked = {"organisation": "Kōwhai Studio", "do": deed}
        assert httpx2.post(f"{sandbox.url}/_sandbox/bookkeeper", json=asked, timeout=5).status_code in (200, 400)


def test_a_credit_settles_an_invoice_without_a_payment(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice()

    made = sandbox.bookkeeper(BRITISH, "credit invoice", invoice=invoice["InvoiceNumber"], amount="20")
    after = xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]
    note = xero.get(f"/CreditNotes/{made['number']}")["CreditNotes"][0]

    assert (after["AmountDue"], after["AmountCredited"], after["Payments"]) == (100, 20, [])
    assert (note["Status"], note["RemainingCredit"], note["Total"]) == ("PAID", 0, 20)
