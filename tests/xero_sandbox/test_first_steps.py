"""The way of an invoice: contact, invoice, payment, deletion."""

from decimal import Decimal

from sandbox_client import Client, an_invoice


def test_an_invoice_is_created_paid_in_two_parts_and_unpaid_again(xero: Client) -> None:
    contact_id = xero.contact("Bramble Books")
    invoice = xero.put("/Invoices", an_invoice(Contact={"ContactID": contact_id}, InvoiceNumber="K-1"))["Invoices"][0]

    assert (invoice["SubTotal"], invoice["TotalTax"], invoice["Total"]) == (100, 20, 120)
    assert invoice["LineItems"][0]["TaxType"] == "OUTPUT2"
    assert invoice["Status"] == "AUTHORISED"

    account = next(one for one in xero.get("/Accounts")["Accounts"] if one["Type"] == "BANK")
    paying = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"AccountID": account["AccountID"]}}
    first = xero.put("/Payments", paying | {"Date": "2026-10-20", "Amount": "50.00"})["Payments"][0]
    second = xero.put("/Payments", paying | {"Date": "2026-10-21", "Amount": "70.00"})["Payments"][0]

    paid = xero.get("/Invoices/K-1")["Invoices"][0]
    assert (paid["Status"], paid["AmountDue"], paid["AmountPaid"]) == ("PAID", 0, 120)
    assert [one["PaymentID"] for one in paid["Payments"]] == [first["PaymentID"], second["PaymentID"]]

    deleted = xero.post(f"/Payments/{second['PaymentID']}", {"Status": "DELETED"})["Payments"][0]
    due = xero.get("/Invoices/K-1")["Invoices"][0]
    assert deleted["Status"] == "DELETED"
    assert (due["Status"], due["AmountDue"]) == ("AUTHORISED", Decimal("70.00"))
