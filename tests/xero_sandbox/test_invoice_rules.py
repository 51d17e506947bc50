"""What the rules of invoices let through and what they refuse, over HTTP."""

from decimal import Decimal

import pytest

from sandbox_client import Client, Json, a_line, an_invoice
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
CONTACT_NOT_IDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
ACCOUNT_ARCHIVED = (
    "Account code '215' has been archived, or has been deleted. Each line item must reference a valid account."
)
CONTACT_ARCHIVED = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes."
)


def test_put_refuses_a_number_in_use_and_post_overwrites_that_invoice(xero: Client) -> None:
    first = xero.invoice(InvoiceNumber="K-7")

    refused = xero.refused("PUT", "/Invoices", an_invoice(InvoiceNumber="k-7"))
    overwritten = xero.post("/Invoices", an_invoice(InvoiceNumber="K-7", Reference="other"))["Invoices"][0]

    assert refused == ["Invoice # must be unique."]
    assert overwritten["InvoiceID"] == first["InvoiceID"]
    assert overwritten["Reference"] == "other"


def test_a_voided_number_stays_taken_for_put_and_post(xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-8")
    xero.post(f"/Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"})

    assert xero.refused("PUT", "/Invoices", an_invoice(InvoiceNumber="K-8")) == ["Invoice # must be unique."]
    assert xero.refused("POST", "/Invoices", an_invoice(InvoiceNumber="K-8")) == [
        "Invoice not of valid status for modification"
    ]


def test_bills_may_share_a_number_and_post_still_matches_the_first(xero: Client) -> None:
    bill = an_invoice(Type="ACCPAY", InvoiceNumber="B-1", LineItems=[a_line(AccountCode="429")])
    first = xero.put("/Invoices", bill)["Invoices"][0]
    second = xero.put("/Invoices", bill)["Invoices"][0]
    posted = xero.post("/Invoices", bill)["Invoices"][0]

    assert first["InvoiceID"] != second["InvoiceID"]
    assert posted["InvoiceID"] == first["InvoiceID"]
    assert "Reference" not in posted


def test_an_invoice_without_a_number_gets_the_next_of_the_series(xero: Client) -> None:
    assert xero.invoice()["InvoiceNumber"] == "HF-0039"
    assert xero.invoice()["InvoiceNumber"] == "HF-0040"


def test_the_reply_to_a_void_keeps_the_amount_due_and_lists_show_none(xero: Client) -> None:
    invoice = xero.invoice()

    voided = xero.post(f"/Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"})["Invoices"][0]
    listed = xero.get(f"/Invoices?page=1&IDs={invoice['InvoiceID']}")["Invoices"][0]

    assert (voided["Status"], voided["AmountDue"]) == ("VOIDED", 120)
    assert (listed["Status"], listed["AmountDue"]) == ("VOIDED", 0)


def test_lines_with_ids_change_lines_without_are_added_and_missing_ones_go(xero: Client) -> None:
    made = xero.invoice(LineItems=[a_line(Description="one"), a_line(Description="two")])
    kept = made["LineItems"][0]["LineItemID"]

    changed = xero.post(
        f"/Invoices/{made['InvoiceID']}",
        {"LineItems": [{"LineItemID": kept, "Description": "one more"}, a_line(Description="three")]},
    )["Invoices"][0]

    assert [one["Description"] for one in changed["LineItems"]] == ["one more", "three"]
    assert changed["LineItems"][0]["LineItemID"] == kept
    assert changed["LineItems"][0]["LineAmount"] == 100
    assert changed["Total"] == 240


def test_leaving_lines_out_leaves_them_alone(xero: Client) -> None:
    made = xero.invoice()

    changed = xero.post(f"/Invoices/{made['InvoiceID']}", {"Reference": "PO 12"})["Invoices"][0]

    assert changed["Reference"] == "PO 12"
    assert changed["LineItems"] == made["LineItems"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Status": "VOIDED"}, "Invoice not of valid status for creation"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        (
            {"Contact": {"EmailAddress": "a@b.example"}},
            CONTACT_NOT_IDENTIFIED,
        ),
        ({"LineItems": [a_line(AccountCode=None)]}, "Account code must be specified"),
        ({"LineItems": [a_line(AccountCode="999")]}, "Account code '999' is not a valid code for this document."),
        ({"LineItems": [a_line(AccountCode="090")]}, "Account code '090' is not a valid code for this document."),
        ({"LineItems": [a_line(AccountCode="610")]}, "Account code '610' is not a valid code for this document."),
        (
            {"LineItems": [a_line(AccountCode="215")]},
            ACCOUNT_ARCHIVED,
        ),
        (
            {"LineItems": [a_line(TaxType="INPUT2")]},
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
        ),
        (
            {"LineItems": [a_line(TaxType="TAX009")]},
            "The TaxType code TAX009 does not exist or cannot be used for this type of transaction.",
        ),
        (
            {"LineItems": [a_line(TaxType="SROUTPUT")]},
            "The TaxType code SROUTPUT does not exist or cannot be used for this type of transaction.",
        ),
        (
            {"LineItems": [a_line(LineAmount=1)]},
            "The line total 1.00 does not match the expected line total 100.00",
        ),
        ({"Url": "invoices/7"}, "Url must be a valid absolute url"),
        (
            {"Contact": {"Name": "Thornbury & Daughters"}},
            CONTACT_ARCHIVED,
        ),
        ({"CurrencyCode": "SEK"}, "Organisation is not subscribed to currency SEK"),
        ({"DueDate": None}, "DueDate must be specified"),
        ({"LineItems": [a_line(Description="")]}, "Description must be specified"),
        ({"LineItems": [a_line(Description="x" * 4001)]}, "Description must not be longer than 4000 characters"),
        ({"InvoiceNumber": "№ 7"}, "InvoiceNumber must be printable ASCII"),
        ({"Reference": "r" * 256}, "Reference must not be longer than 255 characters"),
        ({"Type": "SALE"}, "Invoice Type must be ACCREC or ACCPAY"),
        ({"LineItems": [a_line(UnitAmount=-100)]}, "The total of an invoice must not be negative"),
        ({"LineItems": [a_line(Tracking=[{"Name": "Region", "Option": "Moon"}])]},
         "The tracking category 'Region' with the option 'Moon' could not be found or is archived"),
        ({"InvoiceID": "1c9a7b52-0f4e-4b8e-8a3d-6d5e2f10ab11"},
         "PUT creates: InvoiceID must not be given. Use POST to update"),
    ],
)  # fmt: skip
def test_a_new_invoice_that_breaks_a_rule_is_refused_in_its_words(xero: Client, changes: Json, message: str) -> None:
    assert xero.refused("PUT", "/Invoices", an_invoice(**changes)) == [message]


def test_a_draft_may_be_incomplete(xero: Client) -> None:
    draft = xero.invoice(Status="DRAFT", DueDate=None, LineItems=[{"Description": "to be priced"}])

    assert draft["Status"] == "DRAFT"
    assert draft["Total"] == 0


def test_lock_dates_close_what_is_dated_on_or_before_them(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(Date="2026-09-30")
    sandbox.bookkeeper(BRITISH, "set lock date", date="2026-09-30")
    said = "The document date cannot be before the end of year lock date, currently set at 30 September 2026"

    assert xero.refused("PUT", "/Invoices", an_invoice(Date="2026-09-30")) == [said]
    assert xero.refused("POST", f"/Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"}) == [said]
    assert xero.invoice(Date="2026-10-01")["Status"] == "AUTHORISED"
    assert xero.get("/Organisation")["Organisations"][0]["EndOfYearLockDate"] == "/Date(1790726400000+0000)/"


def test_advisers_may_post_before_the_period_lock_and_others_may_not(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "set lock date", date="2026-10-31", **{"for": "all but advisers"})

    as_adviser = xero.invoice()
    sandbox.bookkeeper(BRITISH, "set role", role="standard")
    refused = xero.refused("PUT", "/Invoices", an_invoice())

    assert as_adviser["Status"] == "AUTHORISED"
    assert refused == ["The document date cannot be before the period lock date, currently set at 31 October 2026"]


def test_a_part_paid_invoice_takes_a_new_reference_but_no_new_amounts(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-9")
    sandbox.bookkeeper(BRITISH, "pay invoice", invoice="K-9", amount=20)
    line = invoice["LineItems"][0] | {"UnitAmount": 90, "LineAmount": None}

    renamed = xero.post(f"/Invoices/{invoice['InvoiceID']}", {"Reference": "PO 3", "DueDate": "2026-12-01"})
    refused = xero.refused("POST", f"/Invoices/{invoice['InvoiceID']}", {"LineItems": [line]})
    voided = xero.refused("POST", f"/Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"})

    assert renamed["Invoices"][0]["Reference"] == "PO 3"
    assert refused == ["This document cannot be edited as it has a payment or credit note allocated to it."]
    assert voided == [
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
    ]


def test_an_approved_invoice_cannot_be_deleted_and_the_refusal_echoes_the_wish(xero: Client) -> None:
    invoice = xero.invoice()

    reply = xero.post(f"/Invoices/{invoice['InvoiceID']}?summarizeErrors=false", {"Status": "DELETED"})["Invoices"][0]

    assert (reply["Status"], reply["StatusAttributeString"], reply["HasErrors"]) == ("DELETED", "ERROR", True)
    assert reply["ValidationErrors"] == [{"Message": "Invoice not of valid status for modification"}]
    assert "InvoiceNumber" not in reply
    assert "AmountDue" not in reply
    assert xero.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]["Status"] == "AUTHORISED"


def test_old_plans_approve_only_so_many_sales_invoices_a_month(sandbox: RunningSandbox, xero: Client) -> None:
    today = sandbox.now().date().isoformat()
    sandbox.bookkeeper(BRITISH, "cap approvals", invoices=3)

    refusals = [xero.call("PUT", "/Invoices", an_invoice(Date=today)).status_code for _ in range(4)]

    assert refusals[-1] == 400
    assert xero.refused("PUT", "/Invoices", an_invoice(Date=today)) == [
        "You have reached the limit of invoices you can approve"
    ]
    assert xero.invoice(Date=today, Status="DRAFT")["Status"] == "DRAFT"


class TestBatches:
    def test_with_summarised_errors_one_bad_element_refuses_all(self, xero: Client) -> None:
        batch = {"Invoices": [an_invoice(InvoiceNumber="K-1"), an_invoice(InvoiceNumber="K-2", LineItems=[])]}

        refused = xero.call("PUT", "/Invoices", batch)

        assert refused.status_code == 400
        assert (refused.json()["ErrorNumber"], refused.json()["Type"]) == (10, "ValidationException")
        assert [one["InvoiceNumber"] for one in refused.json()["Elements"]] == ["K-2"]
        assert xero.call("GET", "/Invoices/K-1").status_code == 404

    def test_the_other_reading_saves_the_good_ones(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.door("PUT", "/readings", {"mixed_batch_saves_good": True})
        batch = {"Invoices": [an_invoice(InvoiceNumber="K-1"), an_invoice(InvoiceNumber="K-2", LineItems=[])]}

        assert xero.call("PUT", "/Invoices", batch).status_code == 400
        assert xero.call("GET", "/Invoices/K-1").status_code == 200

    def test_without_it_each_element_says_how_it_went(self, xero: Client) -> None:
        batch = {"invoices": [an_invoice(InvoiceNumber="K-1"), an_invoice(InvoiceNumber="K-2", LineItems=[])]}

        replied = xero.put("/Invoices?SummarizeErrors=False", batch)["Invoices"]

        assert [one["StatusAttributeString"] for one in replied] == ["OK", "ERROR"]
        assert [one["HasErrors"] for one in replied] == [False, True]
        assert replied[1]["InvoiceID"] == "00000000-0000-0000-0000-000000000000"

    def test_a_number_used_twice_in_a_batch_is_taken_for_the_second(self, xero: Client) -> None:
        batch = {"Invoices": [an_invoice(InvoiceNumber="K-1"), an_invoice(InvoiceNumber="K-1")]}

        replied = xero.put("/Invoices?summarizeErrors=false", batch)["Invoices"]

        assert [one["StatusAttributeString"] for one in replied] == ["OK", "ERROR"]

    def test_a_plain_success_has_no_grade(self, xero: Client) -> None:
        invoice = xero.invoice()

        assert "StatusAttributeString" not in invoice
        assert invoice["HasErrors"] is False


class TestAmounts:
    def test_prices_keep_two_decimals_unless_four_are_asked_for(self, xero: Client) -> None:
        line = a_line(Quantity=3, UnitAmount="33.3333")

        two = xero.put("/Invoices", an_invoice(LineItems=[line]))["Invoices"][0]
        four = xero.put("/Invoices?unitdp=4", an_invoice(LineItems=[line]))["Invoices"][0]
        read_again = xero.get(f"/Invoices/{four['InvoiceID']}")["Invoices"][0]

        assert (two["LineItems"][0]["UnitAmount"], two["SubTotal"]) == (Decimal("33.33"), Decimal("99.99"))
        assert (four["LineItems"][0]["UnitAmount"], four["SubTotal"]) == (Decimal("33.3333"), Decimal("100.00"))
        assert read_again["LineItems"][0]["UnitAmount"] == Decimal("33.33")

    def test_tax_is_rounded_half_up_on_each_line(self, xero: Client) -> None:
        lines = [a_line(UnitAmount="0.13", TaxType="RROUTPUT"), a_line(UnitAmount="0.10", TaxType="RROUTPUT")]

        invoice = xero.invoice(LineItems=lines)

        # 5 % of 0.13 is 0.0065, of 0.10 is 0.005: 0.01 each, though 5 % of 0.23 would be 0.01.
        assert [one["TaxAmount"] for one in invoice["LineItems"]] == [Decimal("0.01"), Decimal("0.01")]
        assert (invoice["TotalTax"], invoice["Total"]) == (Decimal("0.02"), Decimal("0.25"))

    def test_inclusive_amounts_hold_their_tax(self, sandbox: RunningSandbox) -> None:
        xero = Client(sandbox, "Kōwhai Studio")

        invoice = xero.invoice(
            Contact={"Name": "Rimutaka Outdoor Co"},
            LineAmountTypes="Inclusive",
            LineItems=[a_line(UnitAmount="541.25")],
        )
        xero.http.close()

        # 541.25 with 15 % in it, as recorded from the live API.
        assert (invoice["SubTotal"], invoice["TotalTax"], invoice["Total"]) == (
            Decimal("470.65"), Decimal("70.60"), Decimal("541.25"),
        )  # fmt: skip

    def test_without_tax_lines_turn_to_none(self, xero: Client) -> None:
        invoice = xero.invoice(LineAmountTypes="NoTax")

        assert (invoice["LineItems"][0]["TaxType"], invoice["TotalTax"], invoice["Total"]) == ("NONE", 0, 100)

    def test_discounts_come_off_the_line(self, xero: Client) -> None:
        lines = [a_line(UnitAmount="99.95", DiscountRate="12.5"), a_line(DiscountAmount="10")]

        invoice = xero.invoice(LineItems=lines)

        # 99.95 less 12.5 % is 87.45625, so 87.46 with 17.49 tax; 90.00 with 18.00 tax.
        assert [one["LineAmount"] for one in invoice["LineItems"]] == [Decimal("87.46"), Decimal("90.00")]
        assert invoice["Total"] == Decimal("212.95")
        assert invoice["TotalDiscount"] == Decimal("22.49")

    def test_a_given_tax_amount_wins(self, xero: Client) -> None:
        invoice = xero.invoice(LineItems=[a_line(TaxAmount="20.01")])

        assert invoice["Total"] == Decimal("120.01")

    def test_a_line_amount_and_one_factor_give_the_other(self, xero: Client) -> None:
        invoice = xero.invoice(LineItems=[a_line(UnitAmount=None, Quantity=4, LineAmount=90)])

        assert invoice["LineItems"][0]["UnitAmount"] == Decimal("22.50")

    def test_a_rounding_amount_must_reconcile(self, xero: Client) -> None:
        right = {"RoundingAmount": "0.05", "SubTotal": "100.00", "TotalTax": "20.00", "Total": "120.05"}

        assert xero.invoice(**right)["Total"] == Decimal("120.05")
        assert xero.refused("PUT", "/Invoices", an_invoice(**(right | {"Total": "120.00"})))
        assert xero.refused("PUT", "/Invoices", an_invoice(**(right | {"RoundingAmount": "0.11"})))

    def test_foreign_invoices_take_the_rate_of_the_day_and_warn_of_an_odd_one(self, xero: Client) -> None:
        plain = xero.invoice(CurrencyCode="EUR")
        asked = an_invoice(CurrencyCode="EUR", CurrencyRate=9)
        odd = xero.put("/Invoices?summarizeErrors=false", asked)["Invoices"][0]

        assert plain["CurrencyRate"] == Decimal("1.152340")
        assert odd["StatusAttributeString"] == "WARNING"
        assert odd["Warnings"]


class TestContactsInInvoices:
    def test_an_unknown_name_makes_a_contact(self, xero: Client) -> None:
        invoice = xero.invoice(Contact={"Name": "Never Seen Ltd"})

        found = xero.get('/Contacts?where=Name=="never seen ltd"')["Contacts"]
        assert [one["ContactID"] for one in found] == [invoice["Contact"]["ContactID"]]

    def test_saying_more_than_the_id_edits_the_contact_and_drops_its_persons(self, xero: Client) -> None:
        person = {"FirstName": "Ada", "EmailAddress": "ada@bramble.example"}
        made = xero.put("/Contacts", {"Name": "Bramble Books", "ContactPersons": [person]})["Contacts"][0]

        xero.invoice(Contact={"ContactID": made["ContactID"], "EmailAddress": "new@bramble.example"})
        after = xero.get(f"/Contacts/{made['ContactID']}")["Contacts"][0]

        assert after["EmailAddress"] == "new@bramble.example"
        assert after["ContactPersons"] == []

    def test_a_customer_is_one_after_the_first_sale(self, xero: Client) -> None:
        contact_id = xero.contact()

        before = xero.get(f"/Contacts/{contact_id}")["Contacts"][0]["IsCustomer"]
        xero.invoice(Contact={"ContactID": contact_id})
        after = xero.get(f"/Contacts/{contact_id}")["Contacts"][0]["IsCustomer"]

        assert (before, after) == (False, True)
