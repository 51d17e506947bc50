"""What Xero's replies become. Shapes are those of its documentation and of public recordings, retold by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keito_books.accounting.documents import RemoteStatus
from keito_books.providers.xero import replies
from keito_books.providers.xero.dates import read_date
from keito_books.providers.xero.replies import BooksReplies, Unreadable

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

INVOICE: dict[str, Any] = {
    "Type": "ACCREC",
    "InvoiceID": "243216c5-369e-4056-ac67-05388f86dc81",
    "InvoiceNumber": "INV-0001",
    "Status": "AUTHORISED",
    "Url": "https://books.example/%78ero/1",
    "Contact": {"ContactID": "025867f1-d741-4d6b-b1af-9ac774b59ba7", "Name": "Acme"},
    "CurrencyCode": "GBP",
    "DateString": "2026-03-02T00:00:00",
    "Date": "/Date(1772409600000+0000)/",
    "DueDate": "/Date(1775001600000+0000)/",
    "SubTotal": 100.00,
    "TotalTax": "20.00",
    "Total": 120.00,
    "AmountDue": 120.00,
    "LineItems": [{"LineItemID": "1"}, {"LineItemID": "2"}],
    "SomethingNew": {"deep": [1]},
}


def as_json(envelope: str, *documents: object) -> bytes:
    return json.dumps({"Id": "x", "Status": "OK", envelope: documents}).encode()


@pytest.mark.fault("F39", "F41")
def test_an_invoice_is_read_with_numbers_that_are_numbers_or_texts() -> None:
    (invoice,) = replies.sales_invoices(as_json("Invoices", INVOICE))

    assert (invoice.subtotal, invoice.tax, invoice.total) == (Decimal(100), Decimal(20), Decimal(120))
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 3, 2), date(2026, 4, 1))
    assert (invoice.status, invoice.line_count) == (RemoteStatus.APPROVED, 2)
    assert invoice.url == "https://books.example/xero/1"


@pytest.mark.fault("F41")
@pytest.mark.parametrize("total", ["120", "120.00", "1.2E+2", '"120.00"', "120.0000000000000000000", "12e1"])
def test_one_amount_in_any_spelling_is_one_amount(total: str) -> None:
    body = as_json("Invoices", INVOICE).replace(b'"Total": 120.0', f'"Total": {total}'.encode())

    (invoice,) = replies.sales_invoices(body)

    assert invoice.total == Decimal(120)


@pytest.mark.fault("F39")
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("DRAFT", RemoteStatus.DRAFT),
        ("SUBMITTED", RemoteStatus.SUBMITTED),
        ("PAID", RemoteStatus.PAID),
        ("VOIDED", RemoteStatus.VOIDED),
        ("DELETED", RemoteStatus.DELETED),
        ("BILLED", RemoteStatus.OTHER),
        ("", RemoteStatus.OTHER),
    ],
)
def test_an_unfamiliar_status_is_other_and_never_a_success(theirs: str, ours: RemoteStatus) -> None:
    (invoice,) = replies.sales_invoices(as_json("Invoices", {**INVOICE, "Status": theirs}))

    assert invoice.status is ours


def test_bills_are_none_of_ours() -> None:
    assert replies.sales_invoices(as_json("Invoices", {**INVOICE, "Type": "ACCPAY"})) == ()


def test_a_contact_is_read_with_nulls_as_nothing() -> None:
    (contact,) = replies.contacts(
        as_json("Contacts", {"ContactID": "c", "Name": "Acme", "ContactNumber": None, "ContactStatus": "ARCHIVED"})
    )

    assert (contact.marker, contact.is_archived, contact.merged_into_id) == ("", True, "")


def test_a_payment_is_read_with_its_invoice_and_its_state() -> None:
    (payment,) = replies.payments(
        as_json(
            "Payments",
            {
                "PaymentID": "p",
                "Date": "/Date(1773014400000+0000)/",
                "Amount": 10.1,
                "Reference": "ch_1 KP-0001",
                "Status": "DELETED",
                "IsReconciled": True,
                "Invoice": {"InvoiceID": "i"},
            },
        )
    )

    assert (payment.paid_on, payment.amount, payment.invoice_id) == (date(2026, 3, 9), Decimal("10.1"), "i")
    assert (payment.is_deleted, payment.is_reconciled) == (True, True)


@pytest.mark.fault("F40")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("/Date(1518685950940+0000)/", date(2018, 2, 15)),
        ("/Date(1772409600000)/", date(2026, 3, 2)),
        ("/Date(-86400000+0000)/", date(1969, 12, 31)),
        ("/Date(1772409600000+1300)/", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T00:00:00", date(2026, 3, 2)),
        ("2026-03-02T00:00:00.1234567", date(2026, 3, 2)),
    ],
)
def test_dates_of_every_form_are_calendar_dates_in_no_zone(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.fault("F40")
@pytest.mark.parametrize("text", ["", "tomorrow", "/Date(99999999999999999999)/", "/Date()/"])
def test_a_date_that_is_none_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_date(text)


@pytest.mark.fault("F21")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"[]",
        b"null",
        b'{"Status":"OK"}',
        b'{"Invoices":{}}',
        b'{"Invoices":[1]}',
        b'{"Invoices":[{"InvoiceID":7}]}',
        b'{"Invoices":[{"InvoiceID":"x","Type":"ACCREC","Date":"soon"}]}',
        b'{"Invoices":[{"InvoiceID":"x","Total":"much"}]}',
        b'{"Invoices":[',
        b"\xff\xfe",
        b'{"Invoices":' + b"[" * 5000,
    ],
)
def test_what_is_no_reply_of_xero_s_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        replies.sales_invoices(body)


@settings(deadline=None)
@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(max_size=5), lambda x: st.lists(x, max_size=3)))
def test_no_reply_at_all_breaks_more_than_itself(body: object) -> None:
    raw = body if isinstance(body, bytes) else json.dumps({"Invoices": body}).encode()
    for read in (replies.sales_invoices, lambda each: replies.elements(each, "Invoices")):
        try:
            read(raw)
        except Unreadable:
            continue


def test_all_messages_of_all_nested_elements_are_found_once() -> None:
    element = {
        "StatusAttributeString": "ERROR",
        "ValidationErrors": [{"Message": "one"}, {"Message": "two"}],
        "LineItems": [{"ValidationErrors": [{"Message": "three"}]}, {"ValidationErrors": [{"Message": "two"}]}],
        "Contact": {"Phones": [{"ValidationErrors": [{"Message": "four"}]}]},
        "Warnings": [{"Message": "only a warning"}],
    }

    (found,) = replies.elements(as_json("Invoices", element), "Invoices")

    assert found.messages == ("one", "two", "three", "four")
    assert found.warnings == ("only a warning",)
    assert found.is_declined


@pytest.mark.parametrize(
    ("marks", "is_declined", "is_sure"),
    [
        ({"HasErrors": False}, False, True),
        ({"StatusAttributeString": "OK"}, False, True),
        ({"StatusAttributeString": "WARNING"}, False, True),
        ({"StatusAttributeString": "ERROR"}, True, True),
        ({"StatusAttributeString": "PARTIAL"}, False, False),
        ({"HasErrors": True}, False, False),
        ({"HasValidationErrors": True, "ValidationErrors": [{"Message": "no"}]}, True, True),
    ],
)
def test_an_element_is_declined_only_when_it_says_so_and_sure_only_when_it_is_familiar(
    marks: dict[str, object], is_declined: bool, is_sure: bool
) -> None:
    (found,) = replies.elements(as_json("Invoices", marks), "Invoices")

    assert (found.is_declined, found.is_sure) == (is_declined, is_sure)


def the_books(**changes: bytes) -> BooksReplies:
    parts = {
        "organisation": as_json(
            "Organisations",
            {
                "OrganisationID": "org",
                "Name": "Demo (UK)",
                "ShortCode": "!23eYt",
                "BaseCurrency": "GBP",
                "CountryCode": "GB",
                "Timezone": "GMTSTANDARDTIME",
                "PeriodLockDate": "/Date(1774915200000+0000)/",
            },
        ),
        "accounts": as_json(
            "Accounts",
            {"AccountID": "1", "Code": "200", "Name": "Sales", "Type": "REVENUE", "Status": "ACTIVE"},
            {
                "AccountID": "2",
                "Code": "090",
                "Name": "Bank",
                "Type": "BANK",
                "Status": "ACTIVE",
                "CurrencyCode": "GBP",
            },
            {"AccountID": "3", "Name": "Till", "Type": "CURRENT", "Status": "ACTIVE", "EnablePaymentsToAccount": True},
            {
                "AccountID": "4",
                "Code": "860",
                "Name": "Rounding",
                "Type": "EXPENSE",
                "Status": "ACTIVE",
                "SystemAccount": "ROUNDING",
            },
            {"AccountID": "5", "Code": "201", "Name": "Old sales", "Type": "REVENUE", "Status": "ARCHIVED"},
            {
                "AccountID": "6",
                "Code": "497",
                "Name": "Currency gains",
                "Type": "REVENUE",
                "Status": "ACTIVE",
                "SystemAccount": "REALISEDCURRENCYGAIN",
            },
        ),
        "tax_rates": as_json(
            "TaxRates",
            {
                "Name": "20% (VAT on Income)",
                "TaxType": "OUTPUT2",
                "EffectiveRate": 20.0,
                "Status": "ACTIVE",
                "CanApplyToRevenue": True,
                "TaxComponents": [{"Name": "VAT", "Rate": 20.0, "IsCompound": False}],
            },
            {"Name": "17.5%", "TaxType": "OUTPUT", "EffectiveRate": 17.5, "Status": "DELETED"},
        ),
        "tracking": as_json(
            "TrackingCategories",
            {
                "TrackingCategoryID": "t",
                "Name": "Region",
                "Status": "ACTIVE",
                "Options": [
                    {"TrackingOptionID": "o1", "Name": "North", "Status": "ACTIVE"},
                    {"TrackingOptionID": "o2", "Name": "South", "Status": "ARCHIVED"},
                ],
            },
        ),
        "currencies": as_json("Currencies", {"Code": "EUR"}, {"Code": "GBP"}),
        "actions": as_json(
            "Actions",
            {"Name": "CreateApprovedInvoice", "Status": "NOT-ALLOWED"},
            {"Name": "CreateInvoicePayment", "Status": "ALLOWED"},
        ),
    }
    return BooksReplies(**{**parts, **changes})


@pytest.mark.promise("P20", "P22")
def test_only_accounts_that_may_take_revenue_or_payments_say_so() -> None:
    books = replies.read_books(the_books(), now=NOW)

    assert [account.code for account in books.accounts if account.takes_revenue] == ["200"]
    assert [account.name for account in books.accounts if account.takes_payments] == ["Bank", "Till"]
    assert [account.code for account in books.accounts if account.is_rounding] == ["860"]


@pytest.mark.promise("P23")
def test_deleted_tax_rates_are_listed_as_inactive() -> None:
    books = replies.read_books(the_books(), now=NOW)

    assert [(rate.tax_type, rate.effective_rate, rate.is_active) for rate in books.tax_rates] == [
        ("OUTPUT2", Decimal(20), True),
        ("OUTPUT", Decimal("17.5"), False),
    ]


def test_the_organisation_tells_its_lock_dates_currencies_and_rights() -> None:
    books = replies.read_books(the_books(), now=NOW)

    organisation = books.organisation
    assert (organisation.period_locked_until, organisation.year_locked_until) == (date(2026, 3, 31), None)
    assert (organisation.may_create_invoices, organisation.may_record_payments) == (False, True)
    assert books.currencies == ("GBP", "EUR")
    assert [option.is_active for option in books.tracking[0].options] == [True, False]
    assert books.read_at == NOW


def test_where_xero_does_not_tell_rights_they_are_assumed() -> None:
    organisation = replies.read_books(the_books(actions=b""), now=NOW).organisation

    assert (organisation.may_create_invoices, organisation.may_record_payments) == (True, True)
