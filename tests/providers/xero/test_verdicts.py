"""What became of each document: told by its marker, never by its position, and unknown when not clear."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from keito_books.accounting.errors import OutcomeUnknown, ProviderError, Refused
from keito_books.accounting.port import Declined, Done, PreparedWrite
from keito_books.accounting.refusals import RefusalCode
from keito_books.providers.http import Reply
from keito_books.providers.xero.payloads import (
    prepare_contacts,
    prepare_invoices,
    prepare_payment_deletion,
    prepare_payments,
)
from keito_books.providers.xero.replies import NO_ID
from keito_books.providers.xero.verdicts import ends_with_marker, verdicts
from providers.builders import a_contact, a_payment, an_invoice

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def a_reply(body: object, status: int = 200) -> Reply:
    return Reply(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode(), received_at=NOW)


def landed(number: str, **changes: object) -> dict[str, Any]:
    element = {
        "InvoiceID": f"00000000-0000-0000-0000-0000000000{number[-2:]}",
        "InvoiceNumber": number,
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "StatusAttributeString": "OK",
        "DateString": "2026-03-02T00:00:00",
        "Total": 120.0,
        "ValidationErrors": [],
    }
    return {**element, **changes}


def declined(message: str, **fields: object) -> dict[str, Any]:
    return {"InvoiceID": NO_ID, "StatusAttributeString": "ERROR", "ValidationErrors": [{"Message": message}], **fields}


def a_write(*numbers: str) -> PreparedWrite:
    return prepare_invoices([an_invoice(number=each, url=f"https://books.example/{each}") for each in numbers])


def outcome(write: PreparedWrite, reply: Reply) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        verdicts(write, reply)
    return caught.value


@pytest.mark.promise("P46", "P67")
def test_a_document_that_landed_comes_back_as_it_is_there() -> None:
    (verdict,) = verdicts(a_write("INV-01"), a_reply({"Invoices": [landed("INV-01")]}))

    assert isinstance(verdict, Done)
    assert verdict.remote.id == "00000000-0000-0000-0000-000000000001"


@pytest.mark.fault("F37")
def test_elements_are_matched_by_number_in_whatever_order_they_come() -> None:
    reply = a_reply({"Invoices": [landed("INV-03"), landed("INV-01"), landed("INV-02")]})

    found = verdicts(a_write("INV-01", "INV-02", "INV-03"), reply)

    assert [(each.marker, isinstance(each, Done) and each.remote.id[-2:]) for each in found] == [
        ("INV-01", "01"),
        ("INV-02", "02"),
        ("INV-03", "03"),
    ]


@pytest.mark.fault("F36")
def test_a_bad_element_is_declined_and_the_good_ones_are_done() -> None:
    bad = declined("Invoice # must be unique.", InvoiceNumber="INV-02")

    found = verdicts(a_write("INV-01", "INV-02"), a_reply({"Invoices": [bad, landed("INV-01")]}))

    assert [type(each) for each in found] == [Done, Declined]
    assert isinstance(found[1], Declined)
    assert found[1].refusal.code is RefusalCode.NUMBER_TAKEN
    assert found[1].refusal.details == {"marker": "INV-02"}


def test_a_declined_element_without_its_number_is_known_by_our_address() -> None:
    bad = [
        declined("Invoice # must be unique.", Url="https://books.example/INV-02"),
        declined("Account code must be specified", Url="https://books.example/INV-01"),
    ]

    found = verdicts(a_write("INV-01", "INV-02"), a_reply({"Invoices": bad}))

    assert [isinstance(each, Declined) and each.refusal.code for each in found] == [
        RefusalCode.NO_REVENUE_ACCOUNT,
        RefusalCode.NUMBER_TAKEN,
    ]


def test_a_declined_element_that_stands_alone_belongs_to_the_document_that_stands_alone() -> None:
    found = verdicts(a_write("INV-01", "INV-02"), a_reply({"Invoices": [declined("no"), landed("INV-01")]}))

    assert [(each.marker, type(each)) for each in found] == [("INV-01", Done), ("INV-02", Declined)]


def test_two_declined_elements_that_nothing_names_leave_both_documents_unknown() -> None:
    assert verdicts(a_write("INV-01", "INV-02"), a_reply({"Invoices": [declined("no"), declined("no")]})) == ()


@pytest.mark.fault("F23", "F37")
@pytest.mark.parametrize(
    "element",
    [
        landed("INV-01", InvoiceID=NO_ID),
        landed("INV-01", InvoiceID=None),
        landed("INV-01", StatusAttributeString="HALF"),
        landed("INV-01", DateString="soon"),
        landed("INV-01", HasErrors=True),
        landed("INV-99"),
        landed("inv-01"),
        {},
    ],
)
def test_an_element_that_is_not_clearly_ours_and_there_gives_no_verdict(element: object) -> None:
    assert verdicts(a_write("INV-01"), a_reply({"Invoices": [element]})) == ()


@pytest.mark.fault("F37")
def test_a_number_that_comes_twice_gives_no_verdict() -> None:
    assert verdicts(a_write("INV-01"), a_reply({"Invoices": [landed("INV-01"), landed("INV-01")]})) == ()


@pytest.mark.fault("F38")
def test_warnings_are_kept() -> None:
    element = landed("INV-01", StatusAttributeString="WARNING", Warnings=[{"Message": "odd rate"}])

    (verdict,) = verdicts(a_write("INV-01"), a_reply({"Invoices": [element]}))

    assert isinstance(verdict, Done)
    assert verdict.warnings == ("odd rate",)


@pytest.mark.fault("F21", "F23")
@pytest.mark.parametrize(
    "body", [b"", b"<html>OK</html>", b"{}", b"null", b'{"Invoices":null}', b'{"Invoices":[{"InvoiceID":"x"}']
)
def test_a_200_that_is_no_list_of_results_leaves_the_outcome_unknown(body: bytes) -> None:
    assert isinstance(outcome(a_write("INV-01"), a_reply(body)), OutcomeUnknown)


def test_a_400_with_elements_declines_those_that_it_names() -> None:
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Elements": [{"InvoiceNumber": "INV-01", "ValidationErrors": [{"Message": "Invoice # must be unique."}]}],
    }

    found = verdicts(a_write("INV-01", "INV-02"), a_reply(body, 400))

    assert [(each.marker, type(each)) for each in found] == [("INV-01", Declined)]


@pytest.mark.fault("F33")
def test_a_400_about_the_key_leaves_the_outcome_unknown() -> None:
    clash = {"Elements": [{"ValidationErrors": [{"Message": "Idempotency Key: k is used with a different request."}]}]}

    assert isinstance(outcome(a_write("INV-01"), a_reply(clash, 400)), OutcomeUnknown)


def test_a_400_about_the_whole_call_is_refused() -> None:
    body = {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": "Guid should contain 32 digits"}

    error = outcome(a_write("INV-01"), a_reply(body, 400))

    assert isinstance(error, Refused)
    assert error.refusal.messages == ("Guid should contain 32 digits",)


@pytest.mark.promise("P41")
def test_contacts_are_matched_by_their_marker() -> None:
    write = prepare_contacts([a_contact(marker="KC-1"), a_contact(marker="KC-2", name="Beta")])
    body = {
        "Contacts": [
            {"ContactID": "22", "ContactNumber": "KC-2", "Name": "Beta"},
            {
                "ContactID": NO_ID,
                "ContactNumber": "KC-1",
                "HasValidationErrors": True,
                "ValidationErrors": [{"Message": "x"}],
            },
        ]
    }

    found = verdicts(write, a_reply(body))

    assert [(each.marker, type(each)) for each in found] == [("KC-1", Declined), ("KC-2", Done)]


@pytest.mark.promise("P52")
def test_payments_are_matched_by_the_marker_at_the_end_of_their_reference() -> None:
    same = [
        replace(a_payment(marker="KP-1"), transaction_id="tx"),
        replace(a_payment(marker="KP-11"), transaction_id="tx"),
    ]
    paid = {"Date": "/Date(1773014400000+0000)/", "Amount": 10.0, "Status": "AUTHORISED"}
    body = {
        "Payments": [
            {"PaymentID": "p11", "Reference": "tx KP-11", **paid},
            {"PaymentID": "p1", "Reference": "tx KP-1", **paid},
        ]
    }

    found = verdicts(prepare_payments(same), a_reply(body))

    assert [isinstance(each, Done) and (each.marker, each.remote.id) for each in found] == [
        ("KP-1", "p1"),
        ("KP-11", "p11"),
    ]


@pytest.mark.parametrize(
    ("reference", "is_ours"),
    [("KP-1", True), ("tx KP-1", True), ("XKP-1", False), ("tx-KP-1", False), ("KP-1 tx", False), ("KP-11", False)],
)
def test_the_marker_is_the_last_word_of_a_reference(reference: str, is_ours: bool) -> None:
    assert ends_with_marker(reference, "KP-1") is is_ours


def test_a_deleted_payment_is_known_by_its_id() -> None:
    body = {
        "Payments": [{"PaymentID": "AB", "Reference": "KP-1", "Status": "DELETED", "Date": "2026-03-09", "Amount": 1.0}]
    }

    (verdict,) = verdicts(prepare_payment_deletion("ab"), a_reply(body))

    assert isinstance(verdict, Done)


def test_a_payment_to_delete_that_is_gone_is_declined_as_such() -> None:
    (verdict,) = verdicts(prepare_payment_deletion("ab"), a_reply(b"The resource you're looking for", 404))

    assert isinstance(verdict, Declined)
    assert verdict.refusal.code is RefusalCode.DELETED_REMOTELY
