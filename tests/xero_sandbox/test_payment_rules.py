"""What the rules of payments let through and what they refuse, over HTTP."""

import pytest

from sandbox_client import Client, Json
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"


def a_payment(invoice: Json, **changes: object) -> Json:
    payment: Json = {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-10-20",
        "Amount": "120.00",
    }
    return {name: value for name, value in (payment | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"Amount": "120.01"}, ["Payment amount exceeds the amount outstanding on this document"]),
        ({"Amount": "0"}, ["Payment amount must be more than 0"]),
        ({"Amount": "-5"}, ["Payment amount must be more than 0"]),
        ({"Account": {"Code": "200"}}, ["Account type is invalid for making a payment to/from"]),
        ({"Account": {"Code": "092"}}, ["Account type is invalid for making a payment to/from"]),
        ({"Account": {"Code": "nope"}}, ["The account could not be found"]),
        ({"Account": None}, ["The account code or ID must be specified"]),
        ({"Date": None}, ["Payment Date must be specified"]),
        ({"Invoice": None}, ["A payment needs exactly one of Invoice, CreditNote, Prepayment and Overpayment"]),
        (
            {"Invoice": {"InvoiceNumber": "none"}},
            ["An existing Invoice with the specified InvoiceID could not be found"],
        ),
        ({"Reference": "r" * 256}, ["Reference must not be longer than 255 characters"]),
    ],
)
def test_a_payment_that_breaks_a_rule_is_refused(xero: Client, changes: Json, messages: list[str]) -> None:
    invoice = xero.invoice()

    assert xero.refused("PUT", "/Payments", a_payment(invoice, **changes)) == messages


@pytest.mark.parametrize("code", ["640", "835"])
def test_accounts_with_payments_enabled_take_them(xero: Client, code: str) -> None:
    paid = xero.put("/Payments", a_payment(xero.invoice(), Account={"Code": code}))["Payments"][0]

    assert paid["Account"]["Code"] == code
    assert paid["PaymentType"] == "ACCRECPAYMENT"


def test_a_bank_account_without_a_code_is_reached_by_its_id(xero: Client) -> None:
    accounts = xero.get('/Accounts?where=Name=="Euro Account"')["Accounts"]

    paid = xero.put("/Payments", a_payment(xero.invoice(), Account={"AccountID": accounts[0]["AccountID"]}))

    assert "Code" not in accounts[0]
    assert paid["Payments"][0]["Account"]["Name"] == "Euro Account"


def test_drafts_take_no_payment_and_paid_ones_say_both_reasons(xero: Client) -> None:
    draft, invoice = xero.invoice(Status="DRAFT"), xero.invoice()
    xero.put("/Payments", a_payment(invoice))

    assert xero.refused("PUT", "/Payments", a_payment(draft)) == [
        "Payments can only be made against Authorised documents"
    ]
    assert xero.refused("PUT", "/Payments", a_payment(invoice)) == [
        "Payments can only be made against Authorised documents",
        "Payment amount exceeds the amount outstanding on this document",
    ]


def test_the_second_of_two_payments_in_one_batch_sees_the_first(xero: Client) -> None:
    invoice = xero.invoice()
    batch = {"Payments": [a_payment(invoice, Amount=80), a_payment(invoice, Amount=80)]}

    replied = xero.put("/Payments?summarizeErrors=false", batch)["Payments"]

    assert [one["StatusAttributeString"] for one in replied] == ["OK", "ERROR"]
    assert [one["HasValidationErrors"] for one in replied] == [False, True]
    assert xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]["AmountDue"] == 40


def test_a_payment_is_deleted_once_and_never_edited(xero: Client) -> None:
    payment = xero.put("/Payments", a_payment(xero.invoice()))["Payments"][0]
    address = f"/Payments/{payment['PaymentID']}"

    edited = xero.refused("POST", address, {"Amount": 1})
    xero.post(address, {"Status": "DELETED"})
    again = xero.refused("POST", address, {"Status": "DELETED"})

    assert edited == ["Payments cannot be edited, only deleted"]
    assert again == ["Payment not of valid status for modification"]
    assert xero.get(address)["Payments"][0]["Status"] == "DELETED"


def test_a_reconciled_payment_stays(sandbox: RunningSandbox, xero: Client) -> None:
    payment = xero.put("/Payments", a_payment(xero.invoice()))["Payments"][0]
    sandbox.bookkeeper(BRITISH, "reconcile payment", payment=payment["PaymentID"])

    assert xero.refused("POST", f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"}) == [
        "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
    ]


def test_payments_are_found_by_their_invoice_and_reference(xero: Client) -> None:
    invoice = xero.invoice()
    payment = xero.put("/Payments", a_payment(invoice, Reference="KP-17"))["Payments"][0]

    by_reference = xero.get('/Payments?where=Reference=="KP-17"')["Payments"]
    by_invoice = xero.get(f'/Payments?where=Invoice.InvoiceID==guid("{invoice["InvoiceID"]}")&page=1')

    assert [one["PaymentID"] for one in by_reference] == [payment["PaymentID"]]
    assert by_invoice["pagination"]["itemCount"] == 1
