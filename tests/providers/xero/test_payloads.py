"""The bytes that Xero gets."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keito_books.accounting.documents import Address, ContactDocument, Kind, TrackingChoice
from keito_books.accounting.errors import Refused
from keito_books.accounting.port import PreparedWrite
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.providers.xero.payloads import (
    payment_reference,
    prepare_contacts,
    prepare_invoices,
    prepare_payment_deletion,
    prepare_payments,
)
from providers.builders import NO_TAX, ROUNDING_ID, a_contact, a_line, a_payment, an_invoice, the_totals


def the_only(write: PreparedWrite) -> dict[str, Any]:
    (documents,) = json.loads(write.body, parse_float=Decimal).values()
    (document,) = documents
    found: dict[str, Any] = document
    return found


def refusal(prepare: object) -> Refusal:
    with pytest.raises(Refused) as caught:
        prepare()  # type: ignore[operator]  # a lambda of the test
    return caught.value.refusal


@pytest.mark.promise("P30", "P31", "P32", "P33", "P34", "P35", "P36")
def test_an_invoice_carries_number_contact_lines_tax_dates_and_the_way_back() -> None:
    region = TrackingChoice("cat-1", "Region", "opt-1", "North")
    invoice = an_invoice(a_line("1.5", "80.00", tracking=(region,)), totals=the_totals("120.00", "24.00"))

    write = prepare_invoices([invoice])

    assert (write.method, write.path) == ("PUT", "/Invoices?summarizeErrors=false&unitdp=4")
    assert (write.kind, write.markers, write.repairs, write.line_counts) == (Kind.INVOICE, ("INV-0001",), (), (1,))
    assert the_only(write) == {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": "con"},
        "InvoiceNumber": "INV-0001",
        "Date": "2026-03-02",
        "DueDate": "2026-04-01",
        "CurrencyCode": "GBP",
        "LineAmountTypes": "Exclusive",
        "LineItems": [
            {
                "Description": "Consulting",
                "Quantity": Decimal("1.5"),
                "UnitAmount": 80,
                "TaxType": "OUTPUT2",
                "AccountID": "acc",
                "Tracking": [
                    {
                        "Name": "Region",
                        "Option": "North",
                        "TrackingCategoryID": "cat-1",
                        "TrackingOptionID": "opt-1",
                    }
                ],
            }
        ],
        "Reference": "PO-7",
        "Url": "https://books.example/invoices/INV-0001",
    }


def test_equal_documents_give_equal_bytes() -> None:
    assert prepare_invoices([an_invoice()]) == prepare_invoices([an_invoice()])


def test_amounts_are_numbers_and_keep_every_digit() -> None:
    write = prepare_invoices(
        [an_invoice(a_line("1", "9999999999.99", tax=NO_TAX), totals=the_totals("9999999999.99", "0"))]
    )

    assert b'"UnitAmount":9999999999.99,' in write.body


def test_a_draft_is_sent_as_a_draft() -> None:
    assert the_only(prepare_invoices([replace(an_invoice(), as_draft=True)]))["Status"] == "DRAFT"


def test_a_line_without_an_account_id_names_its_code() -> None:
    line = the_only(prepare_invoices([an_invoice(a_line(account_id=""))]))["LineItems"][0]

    assert (line["AccountCode"], "AccountID" in line) == ("200", False)


def test_a_rounding_line_is_counted_and_untaxed() -> None:
    write = prepare_invoices([an_invoice(totals=the_totals("99.98", "20.00"), rounding_account_id=ROUNDING_ID)])

    assert write.line_counts == (2,)
    assert the_only(write)["LineItems"][1] == {
        "Description": "Rounding",
        "Quantity": 1,
        "UnitAmount": Decimal("-0.02"),
        "TaxType": "NONE",
        "AccountID": ROUNDING_ID,
    }
    assert write.repairs == (("INV-0001", "A rounding line of -0.02 GBP is added on Xero's rounding account."),)


@pytest.mark.parametrize("description", ["", "   ", "\n"])
def test_a_line_without_words_is_called_service(description: str) -> None:
    write = prepare_invoices([an_invoice(a_line(description=description))])

    assert the_only(write)["LineItems"][0]["Description"] == "Service"


@pytest.mark.fault("F125")
def test_control_characters_become_visible_and_paragraphs_stay() -> None:
    write = prepare_invoices([an_invoice(a_line(description="One\x00\r\nTwo\x1b[31m 🧾 שלום"))])

    assert the_only(write)["LineItems"][0]["Description"] == "One�\nTwo�[31m 🧾 שלום"


@pytest.mark.fault("F126")
def test_a_description_of_four_thousand_characters_goes_and_one_more_is_refused() -> None:
    prepare_invoices([an_invoice(a_line(description="x" * 4000))])

    declined = refusal(lambda: prepare_invoices([an_invoice(a_line(description="x" * 4001))]))

    assert declined.code is RefusalCode.TEXT_TOO_LONG
    assert declined.details == {
        "field": "The description of a line",
        "limit": "4000",
        "length": "4001",
        "marker": "INV-0001",
    }


@pytest.mark.fault("F126")
def test_a_reference_longer_than_xero_s_is_refused() -> None:
    declined = refusal(lambda: prepare_invoices([replace(an_invoice(), reference="x" * 256)]))

    assert (declined.code, declined.details["limit"]) == (RefusalCode.TEXT_TOO_LONG, "255")


@pytest.mark.fault("F124")
def test_a_document_beyond_the_size_of_a_call_is_refused_before_sending() -> None:
    lines = [a_line("1", "1", description="é" * 4000, tax=NO_TAX)] * 450

    declined = refusal(lambda: prepare_invoices([an_invoice(*lines, totals=the_totals("450.00", "0"))]))

    assert (declined.code, declined.details["limit"]) == (RefusalCode.TEXT_TOO_LONG, "3500000")


@pytest.mark.parametrize(
    ("ours", "sent"),
    [
        ("https://books.example/integrations/xero/1", "https://books.example/integrations/%78ero/1"),
        ("https://books.example/Xero?next=/xero", "https://books.example/%58ero?next=/%78ero"),
        ("https://xero.books.example/1", None),
        ("/invoices/1", None),
    ],
)
def test_an_address_never_names_xero_and_is_left_out_where_it_must(ours: str, sent: str | None) -> None:
    assert the_only(prepare_invoices([an_invoice(url=ours)])).get("Url") == sent


@pytest.mark.promise("P37", "P39", "P40")
def test_a_contact_carries_name_details_and_terms() -> None:
    contact = ContactDocument(
        marker="KC-1",
        name="Søren & Sons",
        first_name="Søren",
        last_name="Holm",
        email="soren@example.com",
        phone="+45 12 34 56 78",
        address=Address("1 High Street\nFlat 2", "London", "Greater London", "N1 9GU", "United Kingdom"),
        tax_number="GB123456789",
        currency="GBP",
        terms_days=30,
    )

    address = {
        "AddressLine1": "1 High Street",
        "AddressLine2": "Flat 2",
        "City": "London",
        "Region": "Greater London",
        "PostalCode": "N1 9GU",
        "Country": "United Kingdom",
    }
    assert the_only(prepare_contacts([contact])) == {
        "ContactNumber": "KC-1",
        "Name": "Søren & Sons",
        "FirstName": "Søren",
        "LastName": "Holm",
        "EmailAddress": "soren@example.com",
        "TaxNumber": "GB123456789",
        "DefaultCurrency": "GBP",
        "Addresses": [{"AddressType": "POBOX", **address}, {"AddressType": "STREET", **address}],
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "+45 12 34 56 78"}],
        "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
    }


def test_an_empty_contact_carries_only_its_marker_and_name() -> None:
    assert the_only(prepare_contacts([a_contact()])) == {"ContactNumber": "KC-0001", "Name": "Acme Ltd"}


def test_a_name_in_another_form_is_changed_and_said() -> None:
    write = prepare_contacts([a_contact(name="  <b>Acme</b>   Ltd\x00 ")])

    assert the_only(write)["Name"] == "‹b›Acme‹/b› Ltd�"
    assert write.repairs == (("KC-0001", "The name is written “‹b›Acme‹/b› Ltd�” in Xero, which takes no other form."),)


def test_a_street_of_six_lines_keeps_every_word_in_four() -> None:
    contact = replace(a_contact(), address=Address(street="a\nb\nc\nd\ne\nf"))

    assert the_only(prepare_contacts([contact]))["Addresses"][0]["AddressLine4"] == "d, e, f"


def test_a_country_is_written_in_plain_letters() -> None:
    contact = replace(a_contact(), address=Address(city="Abidjan", country="Côte d'Ivoire"))

    assert the_only(prepare_contacts([contact]))["Addresses"][0]["Country"] == "Cote dIvoire"


@pytest.mark.fault("F126")
@pytest.mark.parametrize(("field", "limit"), [("name", 255), ("email", 255), ("tax_number", 50), ("phone", 50)])
def test_a_contact_s_text_is_refused_beyond_its_limit_and_never_cut(field: str, limit: int) -> None:
    fits = replace(a_contact(), **{field: "x" * limit})  # type: ignore[arg-type]  # all four are texts
    too_long = replace(a_contact(), **{field: "x" * (limit + 1)})  # type: ignore[arg-type]  # the same

    prepare_contacts([fits])

    assert refusal(lambda: prepare_contacts([too_long])).code is RefusalCode.TEXT_TOO_LONG


@pytest.mark.promise("P50", "P52")
def test_a_payment_carries_invoice_account_date_amount_and_the_transaction_id() -> None:
    write = prepare_payments([a_payment(amount="10.10", transaction_id="ch_3PqR")])

    assert write.path == "/Payments?summarizeErrors=false&unitdp=4"
    assert the_only(write) == {
        "Invoice": {"InvoiceID": "inv"},
        "Account": {"AccountID": "bank"},
        "Date": "2026-03-09",
        "Amount": Decimal("10.1"),
        "Reference": "ch_3PqR KP-0001",
    }


def test_a_payment_without_a_transaction_id_carries_the_marker_alone() -> None:
    assert the_only(prepare_payments([a_payment()]))["Reference"] == "KP-0001"


@settings(deadline=None)
@given(st.text(max_size=400))
def test_whatever_the_transaction_id_the_marker_stands_whole_at_the_end(transaction_id: str) -> None:
    reference = payment_reference(transaction_id, "KP-0001")

    assert len(reference) <= 255
    assert reference == "KP-0001" or reference.endswith(" KP-0001")


def test_a_payment_is_deleted_by_its_id() -> None:
    write = prepare_payment_deletion("b7c1")

    assert (write.method, write.path, write.body) == ("POST", "/Payments/b7c1", b'{"Status":"DELETED"}')
    assert write.markers == ("b7c1",)


def test_a_rate_of_ours_goes_with_six_decimals_and_none_leaves_it_to_xero() -> None:
    invoice = replace(an_invoice(), currency="EUR", currency_rate=Decimal("1.1523455"))
    payment = replace(a_payment(), currency_rate=Decimal("1.15"))

    assert b'"CurrencyRate":1.152346' in prepare_invoices([invoice]).body
    assert b'"CurrencyRate":1.15' in prepare_payments([payment]).body
    assert b"CurrencyRate" not in prepare_invoices([an_invoice()]).body
    assert b"CurrencyRate" not in prepare_payments([a_payment()]).body
