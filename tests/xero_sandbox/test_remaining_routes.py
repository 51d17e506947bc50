"""The routes that no other test takes, one by one, so that each reply is compared with the specification."""

import pytest

from sandbox_client import Client, Json, a_line


def a_credit_note(xero: Client) -> str:
    asked: Json = {
        "Type": "ACCRECCREDIT",
        "Contact": {"Name": "Bluebell Bakeries Ltd"},
        "Date": "2026-10-05",
        "Status": "AUTHORISED",
        "LineItems": [a_line()],
    }
    made: str = xero.put("/CreditNotes", asked)["CreditNotes"][0]["CreditNoteID"]
    return made


def holder(xero: Client, plural: str) -> str:
    """Return the path of something that carries files."""
    if plural == "Accounts":
        return f"/Accounts/{xero.get('/Accounts')['Accounts'][0]['AccountID']}"
    if plural == "Contacts":
        return f"/Contacts/{xero.contact()}"
    return f"/CreditNotes/{a_credit_note(xero)}"


@pytest.mark.parametrize("plural", ["Accounts", "Contacts", "CreditNotes"])
def test_files_are_written_over_and_read_by_name_and_id(xero: Client, plural: str) -> None:
    address = f"{holder(xero, plural)}/Attachments"

    attached = xero.call("POST", f"{address}/a.txt", b"text", Content_Type="text/plain").json()["Attachments"][0]

    by_name = xero.call("GET", f"{address}/a.txt", Accept="text/plain")
    by_id = xero.call("GET", f"{address}/{attached['AttachmentID']}", Accept="text/plain")
    assert (by_name.content, by_id.content) == (b"text", b"text")


def test_a_credit_note_has_a_history_and_a_pdf(xero: Client) -> None:
    address = f"/CreditNotes/{a_credit_note(xero)}"

    xero.put(f"{address}/History", {"HistoryRecords": [{"Details": "Agreed by telephone"}]})

    assert "Agreed by telephone" in [one["Details"] for one in xero.get(f"{address}/History")["HistoryRecords"]]
    assert xero.call("GET", f"{address}/pdf", Accept="application/pdf").content.startswith(b"%PDF")


def test_a_group_is_listed_and_emptied(xero: Client) -> None:
    group = xero.put("/ContactGroups", {"Name": "Bakers"})["ContactGroups"][0]["ContactGroupID"]
    xero.put(f"/ContactGroups/{group}/Contacts", {"Contacts": [{"ContactID": xero.contact()}]})

    emptied = xero.call("DELETE", f"/ContactGroups/{group}/Contacts")

    assert emptied.status_code == 204
    assert "Bakers" in [one["Name"] for one in xero.get("/ContactGroups")["ContactGroups"]]
    assert xero.get(f"/ContactGroups/{group}")["ContactGroups"][0]["Contacts"] == []


def test_an_item_is_changed_by_its_id_and_listed(xero: Client) -> None:
    made = xero.put("/Items", {"Code": "DAY", "Name": "Day"})["Items"][0]["ItemID"]

    xero.post(f"/Items/{made}", {"Code": "DAY", "Name": "Long day"})

    assert [one["Name"] for one in xero.get("/Items")["Items"] if one["Code"] == "DAY"] == ["Long day"]


def test_a_payment_may_be_posted(xero: Client) -> None:
    invoice = xero.invoice()
    bank = next(one for one in xero.get("/Accounts")["Accounts"] if one["Type"] == "BANK")["AccountID"]
    asked = {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"AccountID": bank},
        "Date": "2026-10-20",
        "Amount": "50.00",
    }

    assert xero.post("/Payments", asked)["Payments"][0]["Amount"] == 50


def test_a_tax_rate_and_a_category_are_found_alone(xero: Client) -> None:
    category = xero.get("/TrackingCategories")["TrackingCategories"][0]

    assert xero.get("/TaxRates/OUTPUT2")["TaxRates"][0]["EffectiveRate"] == 20
    found = xero.get(f"/TrackingCategories/{category['TrackingCategoryID']}")["TrackingCategories"]
    assert found[0]["Name"] == category["Name"]
