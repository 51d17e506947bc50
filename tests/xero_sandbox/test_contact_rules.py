"""What the rules of contacts let through and what they refuse, over HTTP."""

import pytest

from sandbox_client import Client, Json
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)


def test_a_name_in_use_is_refused_whatever_its_letter_case(xero: Client) -> None:
    reply = xero.call("PUT", "/Contacts", {"Name": "BLUEBELL bakeries ltd"})

    element = reply.json()["Elements"][0]
    assert reply.status_code == 400
    assert element["ContactID"] == "00000000-0000-0000-0000-000000000000"
    assert element["ValidationErrors"] == [
        {
            "Message": "The contact name BLUEBELL bakeries ltd is already assigned to another contact. "
            "The contact name must be unique across all active contacts."
        }
    ]


def test_the_name_of_an_archived_contact_is_free(xero: Client) -> None:
    assert xero.contact("Thornbury & Daughters")


def test_post_matches_by_id_then_number_then_name(sandbox: RunningSandbox, xero: Client) -> None:
    made = xero.put("/Contacts", {"Name": "Bramble Books", "ContactNumber": "C-7"})["Contacts"][0]

    by_number = xero.post("/Contacts", {"ContactNumber": "C-7", "Name": "Bramble & Sons"})["Contacts"][0]
    by_name = xero.post("/Contacts", {"Name": "bramble & sons", "EmailAddress": "a@b.example"})["Contacts"][0]
    sandbox.door("PUT", "/readings", {"post_contact_by_name_updates": False})
    refused = xero.refused("POST", "/Contacts", {"Name": "bramble & sons"})

    assert by_number["ContactID"] == by_name["ContactID"] == made["ContactID"]
    assert (by_number["Name"], by_name["EmailAddress"]) == ("Bramble & Sons", "a@b.example")
    assert "already assigned" in refused[0]


def test_an_archived_contact_cannot_be_edited_nor_restored(xero: Client) -> None:
    contact_id = xero.contact()
    archived = xero.post(f"/Contacts/{contact_id}", {"ContactStatus": "ARCHIVED"})["Contacts"][0]

    assert archived["ContactStatus"] == "ARCHIVED"
    assert xero.refused("POST", f"/Contacts/{contact_id}", {"ContactStatus": "ACTIVE"}) == [ARCHIVED]


def test_lists_leave_archived_contacts_out_unless_asked(xero: Client) -> None:
    names = [one["Name"] for one in xero.get("/Contacts")["Contacts"]]
    all_names = [one["Name"] for one in xero.get("/Contacts?INCLUDEARCHIVED=True")["Contacts"]]

    assert "Thornbury & Daughters" not in names
    assert "Thornbury & Daughters" in all_names


def test_an_update_keeps_what_it_does_not_name_and_merges_by_type(xero: Client) -> None:
    made = xero.put("/Contacts", {
        "Name": "Bramble Books", "EmailAddress": "a@bramble.example",
        "Addresses": [{"AddressType": "STREET", "AddressLine1": "1 High Street", "City": "Ely"}],
        "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "07700 900123"}],
    })["Contacts"][0]  # fmt: skip

    changed = xero.post("/Contacts", {
        "ContactID": made["ContactID"], "Addresses": [{"AddressType": "POBOX", "City": "March"}],
    })["Contacts"][0]  # fmt: skip

    assert changed["EmailAddress"] == "a@bramble.example"
    assert [(one["AddressType"], one["City"]) for one in changed["Addresses"]] == [
        ("STREET", "Ely"),
        ("POBOX", "March"),
    ]
    assert [one["PhoneType"] for one in changed["Phones"]] == ["DEFAULT", "DDI", "FAX", "MOBILE"]
    assert changed["Phones"][3]["PhoneNumber"] == "07700 900123"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"EmailAddress": "no at sign"}, "Email address must be valid."),
        ({"EmailAddress": "jörg@bücher.example"}, "Email address must be valid."),
        ({"Name": ""}, "Contact Name must be specified"),
        ({"Name": "<b>Bold</b>"}, "Contact Name must not hold < or >"),
        ({"Name": "n" * 256}, "Name must not be longer than 255 characters"),
        ({"ContactNumber": "n" * 51}, "ContactNumber must not be longer than 50 characters"),
        ({"ContactPersons": [{"FirstName": str(one)} for one in range(6)]},
         "A contact takes at most 5 contact persons"),
        ({"Addresses": [{"AddressType": "STREET", "Country": "Area 51"}]}, "Country must hold letters only"),
        ({"DefaultCurrency": "SEK"}, "Organisation is not subscribed to currency SEK"),
    ],
)  # fmt: skip
def test_a_contact_that_breaks_a_rule_is_refused(xero: Client, changes: Json, message: str) -> None:
    assert xero.refused("PUT", "/Contacts", {"Name": "Bramble Books"} | changes) == [message]


def test_outer_and_doubled_spaces_are_not_kept(xero: Client) -> None:
    made = xero.put("/Contacts", {"Name": "  Bramble   Books "})["Contacts"][0]

    assert made["Name"] == "Bramble Books"


def test_a_merged_contact_points_at_the_one_that_took_over(sandbox: RunningSandbox, xero: Client) -> None:
    loser, winner = xero.contact("Bramble Books"), xero.contact("Bramble & Sons")
    invoice = xero.invoice(Contact={"ContactID": loser})
    sandbox.bookkeeper(BRITISH, "merge contacts", contact="Bramble Books", into="Bramble & Sons")

    merged = xero.get(f"/Contacts/{loser}")["Contacts"][0]
    moved = xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]

    assert (merged["ContactStatus"], merged["MergedToContactID"]) == ("ARCHIVED", winner)
    assert moved["Contact"]["ContactID"] == winner


def test_names_in_any_script_come_back_as_sent(xero: Client) -> None:
    name = "Ñandú 株式会社 🦤 بيت \"&' Ltd"

    assert xero.put("/Contacts", {"Name": name})["Contacts"][0]["Name"] == name


def test_a_contact_says_what_it_owes(xero: Client) -> None:
    contact_id = xero.contact("Owing Ltd")
    xero.invoice(Contact={"ContactID": contact_id}, DueDate="2026-10-20")
    xero.invoice(Contact={"ContactID": contact_id}, DueDate="2030-10-20", CurrencyCode="EUR", CurrencyRate="1.2")
    xero.invoice(Contact={"ContactID": contact_id}, Status="DRAFT")

    [shown] = xero.get(f"/Contacts?IDs={contact_id}&page=1")["Contacts"]

    assert shown["Balances"]["AccountsReceivable"] == {"Outstanding": 220, "Overdue": 120}
    assert shown["Balances"]["AccountsPayable"] == {"Outstanding": 0, "Overdue": 0}
