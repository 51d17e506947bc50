"""Credit notes: their rules, their allocations and their refunds, over HTTP."""

import pytest

from sandbox_client import Client, Json, a_line
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"


def a_credit_note(**changes: object) -> Json:
    note: Json = {
        "Type": "ACCRECCREDIT",
        "Contact": {"Name": "Bluebell Bakeries Ltd"},
        "Date": "2026-10-06",
        "Status": "AUTHORISED",
        "LineItems": [a_line(UnitAmount=50)],
    }
    return {name: value for name, value in (note | changes).items() if value is not None}


def credit_note(xero: Client, **changes: object) -> Json:
    """Create an approved credit note of 50.00 plus VAT, or what the changes make of it."""
    made: Json = xero.put("/CreditNotes", a_credit_note(**changes))["CreditNotes"][0]
    return made


def an_allocation(invoice: Json, amount: str) -> Json:
    return {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": amount, "Date": "2026-10-07"}


def a_refund(note: Json, amount: str) -> Json:
    return {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
        "Account": {"Code": "090"},
        "Date": "2026-10-20",
        "Amount": amount,
    }


def read(xero: Client, note: Json) -> Json:
    found: Json = xero.get(f"/CreditNotes/{note['CreditNoteID']}")["CreditNotes"][0]
    return found


def test_a_credit_note_adds_up_as_an_invoice_does(xero: Client) -> None:
    made = credit_note(xero)

    assert made["CreditNoteNumber"] == "CN-0001"
    assert (made["SubTotal"], made["TotalTax"], made["Total"], made["RemainingCredit"]) == (50, 10, 60, 60)
    assert made["Status"] == "AUTHORISED"
    assert made["HasErrors"] is False


def test_a_supplier_credit_needs_no_number_and_posts_to_expenses(xero: Client) -> None:
    made = credit_note(xero, Type="ACCPAYCREDIT", Contact={"Name": "Paper Mill"}, LineItems=[a_line(AccountCode="429")])

    assert made["CreditNoteNumber"] == ""
    assert made["Total"] == 120


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Type": "ACCREC"}, "Credit Note Type must be ACCRECCREDIT or ACCPAYCREDIT"),
        ({"Status": "PAID"}, "Credit Note not of valid status for creation"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": [a_line(DiscountRate=10)]}, "Discounts are available for sales invoices only"),
        ({"LineItems": [a_line(AccountCode="610")]}, "Account code '610' is not a valid code for this document."),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        ({"CurrencyCode": "SEK"}, "Organisation is not subscribed to currency SEK"),
        ({"LineItems": [a_line(UnitAmount=-1)]}, "The total of an invoice must not be negative"),
    ],
)
def test_a_credit_note_that_breaks_a_rule_is_refused(xero: Client, changes: Json, message: str) -> None:
    assert xero.refused("PUT", "/CreditNotes", a_credit_note(**changes)) == [message]


def test_a_number_is_taken_once_for_put_and_names_the_credit_note_for_post(xero: Client) -> None:
    first = credit_note(xero, CreditNoteNumber="K-CN-1")

    refused = xero.refused("PUT", "/CreditNotes", a_credit_note(CreditNoteNumber="k-cn-1"))
    posted = xero.post("/CreditNotes", a_credit_note(CreditNoteNumber="K-CN-1", Reference="again"))["CreditNotes"][0]

    assert refused == ["Credit Note # must be unique."]
    assert (posted["CreditNoteID"], posted["Reference"]) == (first["CreditNoteID"], "again")


def test_an_allocation_settles_the_invoice_without_a_payment(xero: Client) -> None:
    invoice, note = xero.invoice(), credit_note(xero)

    replied = xero.put(
        f"/CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [an_allocation(invoice, "40")]}
    )
    after = xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]

    assert replied["Allocations"][0]["Amount"] == 40
    assert (after["AmountDue"], after["AmountPaid"], after["AmountCredited"]) == (80, 0, 40)
    assert after["Payments"] == []
    assert [(one["CreditNoteNumber"], one["AppliedAmount"]) for one in after["CreditNotes"]] == [("CN-0001", 40)]
    assert read(xero, note)["RemainingCredit"] == 20
    assert read(xero, note)["Allocations"][0]["Invoice"]["InvoiceNumber"] == invoice["InvoiceNumber"]


def test_a_used_up_credit_note_and_a_covered_invoice_are_both_paid_until_it_is_taken_back(xero: Client) -> None:
    invoice, note = xero.invoice(LineItems=[a_line(UnitAmount=50)]), credit_note(xero)
    address = f"/CreditNotes/{note['CreditNoteID']}/Allocations"
    allocation = xero.put(address, an_allocation(invoice, "60"))["Allocations"][0]
    paid = [read(xero, note)["Status"], xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]["Status"]]

    undone = xero.call("DELETE", f"{address}/{allocation['AllocationID']}").json()
    after = xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]

    assert paid == ["PAID", "PAID"]
    assert undone["IsDeleted"] is True
    assert (after["Status"], after["AmountDue"], after["CreditNotes"]) == ("AUTHORISED", 60, [])
    assert (read(xero, note)["Status"], read(xero, note)["RemainingCredit"]) == ("AUTHORISED", 60)


def test_the_second_allocation_of_a_batch_sees_the_first(xero: Client) -> None:
    invoice, note = xero.invoice(), credit_note(xero)
    address = f"/CreditNotes/{note['CreditNoteID']}/Allocations?summarizeErrors=false"

    replied = xero.put(address, {"Allocations": [an_allocation(invoice, "40"), an_allocation(invoice, "40")]})

    assert [one["StatusAttributeString"] for one in replied["Allocations"]] == ["OK", "ERROR"]
    assert read(xero, note)["RemainingCredit"] == 20


def test_allocations_that_cannot_be_are_refused(xero: Client) -> None:
    note, draft = credit_note(xero), credit_note(xero, Status="DRAFT")
    invoice, small = xero.invoice(), xero.invoice(LineItems=[a_line(UnitAmount=10)])
    other = xero.invoice(Contact={"Name": "Someone Else"})
    drafted = xero.invoice(Status="DRAFT")
    address = f"/CreditNotes/{note['CreditNoteID']}/Allocations"

    def said(body: Json, path: str = address) -> list[str]:
        return xero.refused("PUT", path, body)

    assert said(an_allocation(invoice, "60.01")) == ["Allocation amount exceeds the remaining credit"]
    assert said(an_allocation(small, "12.01")) == ["Allocation amount exceeds the amount outstanding on the invoice"]
    assert said(an_allocation(invoice, "0")) == ["Allocation amount must be more than 0"]
    assert said(an_allocation(other, "1")) == ["A credit can only be allocated to invoices of its own contact and kind"]
    assert said(an_allocation(drafted, "1")) == ["Credits can only be allocated to AUTHORISED invoices"]
    assert said({"Amount": 1}) == ["An existing Invoice with the specified InvoiceID could not be found"]
    assert said(an_allocation(invoice, "1"), f"/CreditNotes/{draft['CreditNoteID']}/Allocations") == [
        "Only AUTHORISED credits can be allocated"
    ]


def test_credits_hold_their_documents_fast(xero: Client) -> None:
    invoice, note = xero.invoice(), credit_note(xero)
    xero.put(f"/CreditNotes/{note['CreditNoteID']}/Allocations", an_allocation(invoice, "10"))

    assert xero.refused("POST", f"/CreditNotes/{note['CreditNoteID']}", {"Status": "VOIDED"}) == [
        "The status VOIDED cannot be applied to the credit note because it has payments or allocations."
    ]
    assert xero.refused("POST", f"/Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"}) == [
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
    ]
    assert xero.refused("POST", f"/Invoices/{invoice['InvoiceID']}", {"Contact": {"Name": "Someone Else"}}) == [
        "This document cannot be edited as it has a payment or credit note allocated to it."
    ]
    assert xero.refused("POST", f"/CreditNotes/{note['CreditNoteID']}", {"LineItems": [a_line()]}) == [
        "This document cannot be edited as it has a payment or credit note allocated to it."
    ]


def test_a_voided_credit_note_is_closed(xero: Client) -> None:
    note = credit_note(xero)

    voided = xero.post(f"/CreditNotes/{note['CreditNoteID']}", {"Status": "VOIDED"})["CreditNotes"][0]

    assert (voided["Status"], voided["RemainingCredit"]) == ("VOIDED", 0)
    assert xero.refused("POST", f"/CreditNotes/{note['CreditNoteID']}", {"Reference": "x"}) == [
        "Credit Note not of valid status for modification"
    ]


def test_a_refund_uses_the_credit_up_and_deleting_it_brings_it_back(xero: Client) -> None:
    note = credit_note(xero)

    assert xero.refused("PUT", "/Payments", a_refund(note, "60.01")) == [
        "Payment amount exceeds the amount outstanding on this document"
    ]
    refund = xero.put("/Payments", a_refund(note, "60"))["Payments"][0]
    paid = read(xero, note)
    xero.post(f"/Payments/{refund['PaymentID']}", {"Status": "DELETED"})

    assert refund["PaymentType"] == "ARCREDITPAYMENT"
    assert refund["CreditNote"]["CreditNoteNumber"] == "CN-0001"
    assert (paid["Status"], paid["RemainingCredit"], paid["Payments"][0]["Amount"]) == ("PAID", 0, 60)
    assert (read(xero, note)["Status"], read(xero, note)["RemainingCredit"]) == ("AUTHORISED", 60)
    assert len(xero.get('/Payments?where=PaymentType=="ARCREDITPAYMENT"')["Payments"]) == 1


def test_unknown_credit_notes_are_named_in_bodies_and_404_in_paths(xero: Client) -> None:
    nobody = "7be578f5-63af-45c8-9b00-dcc4732baf0b"
    said = "An existing Credit Note with the specified CreditNoteID could not be found"

    assert xero.refused("POST", "/CreditNotes", a_credit_note(CreditNoteID=nobody)) == [said]
    assert xero.refused("PUT", "/Payments", a_refund({"CreditNoteID": nobody}, "1")) == [said]
    assert xero.call("GET", f"/CreditNotes/{nobody}").status_code == 404
    assert xero.call("PUT", f"/CreditNotes/{nobody}/Allocations", {"Amount": 1}).status_code == 404


def test_credit_notes_are_listed_as_invoices_are(xero: Client) -> None:
    note = credit_note(xero, Reference="PO 9")
    credit_note(xero, Status="DRAFT")

    unpaged = xero.get("/CreditNotes")
    paged = xero.get('/CreditNotes?page=1&where=Reference=="PO 9"&unitdp=4')
    light = xero.get('/CreditNotes?summaryOnly=true&where=Status=="DRAFT"')

    assert [one["LineItems"] for one in unpaged["CreditNotes"]] == [[], []]
    assert "pagination" not in unpaged
    assert paged["pagination"]["itemCount"] == 1
    assert paged["CreditNotes"][0]["LineItems"][0]["LineItemID"] == note["LineItems"][0]["LineItemID"]
    assert "LineItems" not in light["CreditNotes"][0]
    assert xero.get("/CreditNotes/CN-0001")["CreditNotes"][0]["CreditNoteID"] == note["CreditNoteID"]


def test_lock_dates_hold_for_credit_notes_and_allocations(sandbox: RunningSandbox, xero: Client) -> None:
    invoice, note = xero.invoice(), credit_note(xero)
    sandbox.bookkeeper(BRITISH, "set lock date", date="2026-10-31")
    said = "The document date cannot be before the end of year lock date, currently set at 31 October 2026"

    assert xero.refused("PUT", "/CreditNotes", a_credit_note()) == [said]
    assert xero.refused("PUT", f"/CreditNotes/{note['CreditNoteID']}/Allocations", an_allocation(invoice, "1")) == [
        said
    ]


def test_reading_and_writing_credit_notes_needs_the_scope_of_invoices(sandbox: RunningSandbox) -> None:
    reader = Client(sandbox, scopes="accounting.invoices.read offline_access")

    reading, writing = reader.call("GET", "/CreditNotes"), reader.call("PUT", "/CreditNotes", a_credit_note())
    reader.http.close()

    assert (reading.status_code, writing.status_code) == (200, 401)


def test_a_refused_batch_leaves_no_credit_note_behind(xero: Client) -> None:
    xero.refused("PUT", "/CreditNotes", {"CreditNotes": [a_credit_note(), a_credit_note(Type="x")]})

    assert xero.get("/CreditNotes")["CreditNotes"] == []
    assert credit_note(xero)["CreditNoteNumber"] == "CN-0001"
