"""Money at the bank: overpayments and prepayments, and batches of payments, over HTTP."""

import pytest

from sandbox_client import Client, Json, a_line
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
CONTACT = {"Name": "Bluebell Bakeries Ltd"}
LOCKED = "The document date cannot be before the end of year lock date, currently set at 31 October 2026"


def a_transaction(type_: str, **changes: object) -> Json:
    transaction: Json = {
        "Type": type_,
        "Contact": CONTACT,
        "BankAccount": {"Code": "090"},
        "Date": "2026-10-08",
        "Reference": "HF-0039",
        "LineItems": [{"Description": "Too much", "LineAmount": 50}],
    }
    return {name: value for name, value in (transaction | changes).items() if value is not None}


def transaction(xero: Client, type_: str, **changes: object) -> Json:
    made: Json = xero.put("/BankTransactions", a_transaction(type_, **changes))["BankTransactions"][0]
    return made


def a_batch(invoices: list[Json], **changes: object) -> Json:
    payments = [{"Invoice": {"InvoiceID": one["InvoiceID"]}, "Amount": 120} for one in invoices]
    batch: Json = {"Account": {"Code": "090"}, "Date": "2026-10-09", "Reference": "BACS 7", "Payments": payments}
    return batch | changes


def test_an_overpayment_bears_no_tax_and_settles_an_invoice(xero: Client) -> None:
    made = transaction(xero, "RECEIVE-OVERPAYMENT")
    address = f"/Overpayments/{made['OverpaymentID']}"
    invoice = xero.invoice()

    allocated = xero.put(
        f"{address}/Allocations", {"Allocations": [{"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": 30}]}
    )["Allocations"][0]
    over, after = xero.get(address)["Overpayments"][0], xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]
    undone = xero.call("DELETE", f"{address}/Allocations/{allocated['AllocationID']}")

    assert (made["Total"], made["TotalTax"], made["LineItems"][0]["AccountCode"]) == (50, 0, "610")
    assert (over["RemainingCredit"], over["Type"]) == (20, "RECEIVE-OVERPAYMENT")
    assert (after["AmountDue"], after["Overpayments"][0]["AppliedAmount"]) == (90, 30)
    assert undone.json()["IsDeleted"] is True
    assert xero.get(address)["Overpayments"][0]["RemainingCredit"] == 50


def test_a_prepayment_is_taxed_refunded_and_found_by_its_number(xero: Client) -> None:
    made = transaction(xero, "RECEIVE-PREPAYMENT", LineItems=[a_line(UnitAmount=50)])
    refund = xero.put(
        "/Payments",
        {
            "Prepayment": {"PrepaymentID": made["PrepaymentID"]},
            "Account": {"Code": "090"},
            "Date": "2026-10-20",
            "Amount": 60,
        },
    )["Payments"][0]

    found = xero.get("/Prepayments?InvoiceNumbers=HF-0039,HF-0040&page=1")["Prepayments"]

    assert made["Total"] == 60
    assert refund["PaymentType"] == "ARPREPAYMENTPAYMENT"
    assert [(one["Status"], one["RemainingCredit"], one["InvoiceNumber"]) for one in found] == [("PAID", 0, "HF-0039")]
    assert xero.get("/Prepayments?InvoiceNumbers=HF-0040")["Prepayments"] == []


@pytest.mark.parametrize(
    ("type_", "code", "refund"),
    [
        ("SPEND-OVERPAYMENT", "800", "APOVERPAYMENTPAYMENT"),
        ("SPEND-PREPAYMENT", "429", "APPREPAYMENTPAYMENT"),
    ],
)
def test_what_was_paid_to_a_supplier_too_early_settles_bills(xero: Client, type_: str, code: str, refund: str) -> None:
    made = transaction(xero, type_, LineItems=[a_line(AccountCode=code)])
    noun = "Overpayment" if "OVER" in type_ else "Prepayment"
    credit_id = made[f"{noun}ID"]
    bill = xero.invoice(Type="ACCPAY", LineItems=[a_line(AccountCode="429")])
    sale = xero.invoice()
    address = f"/{noun}s/{credit_id}/Allocations"

    xero.put(address, {"Invoice": {"InvoiceID": bill["InvoiceID"]}, "Amount": 40})
    refused = xero.refused("PUT", address, {"Invoice": {"InvoiceID": sale["InvoiceID"]}, "Amount": 40})
    paid = xero.put(
        "/Payments",
        {noun: {f"{noun}ID": credit_id}, "Account": {"Code": "090"}, "Date": "2026-10-20", "Amount": 1},
    )["Payments"][0]

    assert refused == ["A credit can only be allocated to invoices of its own contact and kind"]
    assert paid["PaymentType"] == refund


def test_deleting_the_transaction_voids_the_credit_unless_it_is_used(xero: Client) -> None:
    free, used = transaction(xero, "RECEIVE-OVERPAYMENT"), transaction(xero, "RECEIVE-OVERPAYMENT")
    xero.put(
        f"/Overpayments/{used['OverpaymentID']}/Allocations",
        {"Invoice": {"InvoiceID": xero.invoice()["InvoiceID"]}, "Amount": 1},
    )

    xero.post(f"/BankTransactions/{free['BankTransactionID']}", {"Status": "DELETED"})
    refused = xero.refused("POST", f"/BankTransactions/{used['BankTransactionID']}", {"Status": "DELETED"})
    again = xero.refused("POST", f"/BankTransactions/{free['BankTransactionID']}", {"Status": "DELETED"})

    assert xero.get(f"/Overpayments/{free['OverpaymentID']}")["Overpayments"][0]["Status"] == "VOIDED"
    assert refused == [
        "The status DELETED cannot be applied to the bank transaction because it has payments or allocations."
    ]
    assert again == ["Bank transaction not of valid status for modification"]


def test_plain_transactions_can_be_edited_until_they_are_reconciled(xero: Client) -> None:
    made = transaction(xero, "SPEND", LineItems=[a_line(AccountCode="429", UnitAmount=10)])
    address = f"/BankTransactions/{made['BankTransactionID']}"

    edited = xero.post(address, {"Reference": "Tea", "IsReconciled": True})["BankTransactions"][0]

    assert (made["Total"], edited["Reference"], edited["IsReconciled"]) == (12, "Tea", True)
    assert xero.refused("POST", address, {"Reference": "Coffee"}) == [
        "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
    ]
    assert len(xero.get('/BankTransactions?where=Type=="SPEND"&page=1')["BankTransactions"]) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Type": "RECEIVE-TRANSFER"}, "The sandbox imitates bank transactions of these types: "),
        ({"BankAccount": None}, "BankAccount must be specified"),
        ({"BankAccount": {"Code": "200"}}, "BankAccount must be an active account of the type BANK"),
        ({"CurrencyCode": "EUR"}, "CurrencyCode must be the currency of the BankAccount"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": [a_line(AccountCode="200")]}, "Account code '200' is not a valid code for this document."),
        ({"LineItems": [a_line(UnitAmount=-5, AccountCode="610")]}, "The total of a bank transaction must be more"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        ({"Url": "x"}, "Url must be a valid absolute url"),
    ],
)
def test_a_transaction_that_breaks_a_rule_is_refused(xero: Client, changes: Json, message: str) -> None:
    said = xero.refused("PUT", "/BankTransactions", a_transaction("RECEIVE-OVERPAYMENT", **changes))

    assert said[0].startswith(message)


def test_a_batch_pays_its_invoices_and_its_members_stay_together(xero: Client) -> None:
    invoices = [xero.invoice(), xero.invoice()]

    batch = xero.put("/BatchPayments", {"BatchPayments": [a_batch(invoices)]})["BatchPayments"][0]
    member = xero.get(f"/Payments/{batch['Payments'][0]['PaymentID']}")["Payments"][0]
    refused = xero.refused("POST", f"/Payments/{member['PaymentID']}", {"Status": "DELETED"})
    paid = [xero.get(f"/Invoices/{one['InvoiceID']}")["Invoices"][0]["Status"] for one in invoices]

    assert (batch["Type"], batch["TotalAmount"], batch["Status"]) == ("RECBATCH", 240, "AUTHORISED")
    assert member["BatchPaymentID"] == batch["BatchPaymentID"]
    assert refused == ["Payments within a batch cannot be deleted."]
    assert paid == ["PAID", "PAID"]


@pytest.mark.parametrize("on_the_path", [True, False])
def test_a_batch_is_deleted_as_a_whole_and_once(xero: Client, on_the_path: bool) -> None:  # a parameter
    invoice = xero.invoice()
    batch = xero.put("/BatchPayments", a_batch([invoice]))["BatchPayments"][0]
    address = f"/BatchPayments/{batch['BatchPaymentID']}" if on_the_path else "/BatchPayments"
    asked = {"Status": "DELETED", "BatchPaymentID": batch["BatchPaymentID"]}

    deleted = xero.post(address, asked)["BatchPayments"][0]

    assert deleted["Status"] == "DELETED"
    assert xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]["AmountDue"] == 120
    assert xero.refused("POST", address, asked) == ["Batch payment not of valid status for modification"]


def test_batches_that_break_a_rule_are_refused_and_pay_nothing(sandbox: RunningSandbox, xero: Client) -> None:
    invoice, draft = xero.invoice(), xero.invoice(Status="DRAFT")
    bill = xero.invoice(Type="ACCPAY", LineItems=[a_line(AccountCode="429")])

    def said(batch: Json) -> list[str]:
        return xero.refused("PUT", "/BatchPayments", batch)

    assert said(a_batch([])) == ["A batch payment needs at least one payment"]
    assert said(a_batch([invoice, invoice])) == ["A batch payment takes each invoice once"]
    assert said(a_batch([invoice, bill])) == ["A batch payment takes either sales invoices or bills"]
    assert said(a_batch([invoice, draft])) == ["Payments can only be made against Authorised documents"]
    assert said(a_batch([invoice], Account={"Code": "200"})) == ["Account type is invalid for making a payment to/from"]
    assert said(a_batch([invoice], Narrative="x" * 19)) == ["Narrative must not be longer than 18 characters"]
    sandbox.bookkeeper(BRITISH, "set lock date", date="2026-10-31")
    assert said(a_batch([invoice])) == [LOCKED]
    assert xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]["AmountDue"] == 120


def test_lock_dates_hold_at_the_bank(sandbox: RunningSandbox, xero: Client) -> None:
    made = transaction(xero, "RECEIVE-PREPAYMENT", LineItems=[a_line()])
    sandbox.bookkeeper(BRITISH, "set lock date", date="2026-10-31")

    assert xero.refused("PUT", "/BankTransactions", a_transaction("RECEIVE-OVERPAYMENT")) == [LOCKED]
    assert xero.refused("POST", f"/BankTransactions/{made['BankTransactionID']}", {"Status": "DELETED"}) == [LOCKED]
