"""Every refusal that the documentation and other people met, and the statuses of whole calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from keito_books.accounting.errors import (
    OutcomeUnknown,
    ProviderError,
    Refused,
    TokenRejected,
    TryAgainLater,
)
from keito_books.accounting.refusals import RefusalCode
from keito_books.providers.http import Reply
from keito_books.providers.retry_after import retry_after
from keito_books.providers.xero.errors import messages_of, read_failure, refusal_of, write_failure

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def a_reply(status: int, body: object = "", **headers: str) -> Reply:
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw, received_at=NOW)


def gateway(status: int, detail: str, **headers: str) -> Reply:
    return a_reply(status, {"Type": None, "Title": "x", "Status": status, "Detail": detail}, **headers)


MESSAGES = [
    ("Invoice # must be unique.", RefusalCode.NUMBER_TAKEN),
    ("Invoice not of valid status for modification", RefusalCode.NUMBER_VOIDED),
    ("Account code must be specified", RefusalCode.NO_REVENUE_ACCOUNT),
    ("The account code or ID must be specified", RefusalCode.NO_REVENUE_ACCOUNT),
    ("Account code '090' is not a valid code for this document.", RefusalCode.ACCOUNT_NOT_VALID),
    (
        "Account code '201' has been archived, or has been deleted. Each line item must reference a valid account.",
        RefusalCode.ACCOUNT_ARCHIVED,
    ),
    ("The TaxType code 'INPUT2' cannot be used with account code '200'.", RefusalCode.TAX_TYPE_NOT_ALLOWED),
    (
        "The TaxType code TAX009 does not exist or cannot be used for this type of transaction.",
        RefusalCode.TAX_TYPE_UNKNOWN,
    ),
    ("The TaxType field is mandatory", RefusalCode.TAX_TYPE_MISSING),
    (
        "The document date cannot be before the period lock date, currently set at 31 March 2026",
        RefusalCode.PERIOD_LOCKED,
    ),
    (
        "The document date cannot be before the end of year lock date, currently set at 31 March 2026",
        RefusalCode.PERIOD_LOCKED,
    ),
    ("The line total 1.00 does not match the expected line total 100.00", RefusalCode.LINE_TOTAL_DIFFERS),
    ("Email address must be valid.", RefusalCode.EMAIL_NOT_VALID),
    (
        (
            "The contact with the specified contact details has been archived. The contact must be un-archived before "
            "creating new invoices or credit notes."
        ),
        RefusalCode.CONTACT_ARCHIVED,
    ),
    ("Organisation is not subscribed to currency EUR", RefusalCode.CURRENCY_NOT_ENABLED),
    ("Users Organisation is not subscribed to currency EUR", RefusalCode.CURRENCY_NOT_ENABLED),
    (
        (
            "The contact name Acme is already assigned to another contact. The contact name must be unique across all "
            "active contacts."
        ),
        RefusalCode.CONTACT_NAME_TAKEN,
    ),
    (
        "The Contact Name already exists. Please enter a different Contact Name.",
        RefusalCode.CONTACT_NAME_TAKEN,
    ),
    (
        (
            "The specified contact details matched an archived contact. "
            "Archived contacts cannot currently be edited via the API."
        ),
        RefusalCode.CONTACT_ARCHIVED,
    ),
    ("Payment amount exceeds the amount outstanding on this document", RefusalCode.OVERPAYMENT),
    ("Payments can only be made against Authorised documents", RefusalCode.INVOICE_NOT_PAYABLE),
    ("Account type is invalid for making a payment to/from", RefusalCode.PAYMENT_ACCOUNT_NOT_VALID),
    ("Payment not of valid status for modification", RefusalCode.PAYMENT_NOT_DELETABLE),
    ("Payments within a batch cannot be deleted.", RefusalCode.PAYMENT_NOT_DELETABLE),
    (
        "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement.",
        RefusalCode.PAYMENT_NOT_DELETABLE,
    ),
    ("An existing Invoice with the specified InvoiceID could not be found", RefusalCode.DELETED_REMOTELY),
    ("The document with the supplied id was not found for this endpoint.", RefusalCode.DELETED_REMOTELY),
    ("You have reached the limit of invoices you can approve", RefusalCode.PLAN_CAP),
    ("Url must be a valid absolute url", RefusalCode.LINK_NOT_VALID),
    ("One or more line items must be specified", RefusalCode.NO_LINES),
    ("Invoice not of valid status for creation", RefusalCode.STATUS_NOT_VALID),
    ("A Contact must be specified for this type of transaction", RefusalCode.CONTACT_MISSING),
    (
        (
            "The Contact must contain at least 1 of the following elements to identify the contact: "
            "Name, ContactID, ContactNumber"
        ),
        RefusalCode.CONTACT_MISSING,
    ),
    (
        "This document cannot be edited as it has a payment or credit note allocated to it.",
        RefusalCode.HAS_PAYMENTS,
    ),
    (
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.",
        RefusalCode.HAS_PAYMENTS,
    ),
    ("Price List Item with Code 'A' already exists", RefusalCode.NAME_IN_USE),
    ("Please enter a unique Name.", RefusalCode.NAME_IN_USE),
    ("Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).", RefusalCode.ID_NOT_VALID),
    ("Something that nobody has met before", RefusalCode.UNKNOWN),
    ("Something that nobody has met", RefusalCode.UNKNOWN),
]


@pytest.mark.promise("P47", "P48")
@pytest.mark.parametrize(("message", "code"), MESSAGES)
def test_each_message_has_its_cause_in_any_letter_case(message: str, code: RefusalCode) -> None:
    assert refusal_of([message]).code is code
    assert refusal_of([message.upper()]).code is code


def test_the_cause_is_found_behind_any_message_and_all_stay_whole() -> None:
    long = "The contact name " + "x" * 300 + " is already assigned to another contact."

    refusal = refusal_of(["Something else", long])

    assert refusal.code is RefusalCode.CONTACT_NAME_TAKEN
    assert refusal.messages == ("Something else", long)
    assert refusal.details["contact"] == "x" * 300


def test_a_paid_invoice_is_told_as_not_payable_rather_than_as_overpaid() -> None:
    both = [
        "Payment amount exceeds the amount outstanding on this document",
        "Payments can only be made against Authorised documents",
    ]

    assert refusal_of(both).code is RefusalCode.INVOICE_NOT_PAYABLE


@pytest.mark.parametrize(
    ("message", "details"),
    [
        ("Account code '201' has been archived, or has been deleted.", {"account": "201"}),
        (
            "The document date cannot be before the period lock date, currently set at 31 March 2026",
            {"locked_until": "31 March 2026"},
        ),
        ("Organisation is not subscribed to currency EUR", {"currency": "EUR"}),
    ],
)
def test_what_a_message_names_makes_the_sentence_concrete(message: str, details: dict[str, str]) -> None:
    assert refusal_of([message]).details == details


@pytest.mark.parametrize("meaning", [read_failure, write_failure])
class TestClearRefusals:
    """Statuses that Xero gives before it looks at the document: nothing was done, whatever was asked."""

    def test_an_expired_token_is_rejected(self, meaning: type) -> None:
        error = meaning(gateway(401, "TokenExpired: token expired at 08/17/2025 11:59:08"))

        assert isinstance(error, TokenRejected)

    @pytest.mark.promise("P64")
    @pytest.mark.parametrize("spelling", ["insufficient_scope", "insufficent_scope"])
    def test_a_missing_scope_is_named_in_both_spellings(self, meaning: type, spelling: str) -> None:
        told = [
            gateway(401, "AuthorizationUnsuccessful", www_authenticate=f'Bearer error="{spelling}"'),
            gateway(403, spelling),
            a_reply(401, {"detail": "authorizationunsuccessful"}),
        ]

        for reply in told:
            error = meaning(reply)
            assert isinstance(error, Refused)
            assert error.refusal.code is RefusalCode.MISSING_SCOPE

    @pytest.mark.promise("P64")
    def test_a_403_is_a_missing_role(self, meaning: type) -> None:
        error = meaning(gateway(403, "AuthorizationUnsuccessful: the user lacks permission for this action"))

        assert isinstance(error, Refused)
        assert error.refusal.code is RefusalCode.MISSING_ROLE
        assert error.refusal.messages == ("AuthorizationUnsuccessful: the user lacks permission for this action",)

    @pytest.mark.fault("F26")
    @pytest.mark.promise("P65")
    @pytest.mark.parametrize(
        ("problem", "reason"),
        [("minute", "limit"), ("day", "day limit"), ("concurrent", "limit"), ("appminute", "limit"), ("", "limit")],
    )
    def test_a_limit_says_which_and_how_long(self, meaning: type, problem: str, reason: str) -> None:
        error = meaning(a_reply(429, "", x_rate_limit_problem=problem, retry_after="26"))

        assert isinstance(error, TryAgainLater)
        assert (error.reason, error.retry_after) == (reason, timedelta(seconds=26))


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (a_reply(503, "The Xero API is currently offline for maintenance", retry_after="60"), "maintenance"),
        (a_reply(500, "oops"), "unreachable"),
        (a_reply(502, "<html>"), "unreachable"),
        (a_reply(302, ""), "unreachable"),
        (a_reply(204, ""), "unreachable"),
    ],
)
def test_a_read_that_fails_over_there_can_be_tried_again(reply: Reply, reason: str) -> None:
    error = read_failure(reply)

    assert isinstance(error, TryAgainLater)
    assert error.reason == reason


@pytest.mark.fault("F22", "F47")
@pytest.mark.parametrize("status", [204, 302, 307, 400, 404, 408, 500, 502, 503, 504])
def test_a_write_without_a_clear_answer_may_have_landed(status: int) -> None:
    assert isinstance(write_failure(a_reply(status, "<html>")), OutcomeUnknown)


@pytest.mark.fault("F33")
@pytest.mark.parametrize(
    "body",
    [
        {"Message": "Idempotency Key: k-1 is used with a different request."},
        {"Elements": [{"ValidationErrors": [{"Message": "Idempotency Key: k-1 is used with a different request."}]}]},
    ],
)
def test_a_key_that_holds_another_request_leaves_the_outcome_unknown(body: object) -> None:
    assert isinstance(write_failure(a_reply(400, body)), OutcomeUnknown)


def test_a_malformed_request_is_refused_in_xero_s_words() -> None:
    body = {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": "The string is not a date"}

    error = write_failure(a_reply(400, body))

    assert isinstance(error, Refused)
    assert error.refusal.messages == ("The string is not a date",)


@pytest.mark.parametrize("body", ["", "<html>", "[]", "1", "null", "[" * 5000])
def test_a_body_without_messages_has_none(body: str) -> None:
    assert messages_of(body.encode()) == ()


@pytest.mark.fault("F26")
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("26", 26),
        ("0", 0),
        ("-5", 0),
        ("1.5", 1.5),
        ("73451", 73451),
        ("999999999999", 86400),
        ("9" * 5000, 86400),
        ("inf", 86400),
        ("Sun, 01 Mar 2026 09:00:30 GMT", 30),
        ("Sun, 01 Mar 2020 09:00:30 GMT", 0),
        ("Sun, 01 Mar 2099 09:00:30 GMT", 86400),
    ],
)
def test_a_wait_is_read_in_every_form_and_stays_between_nothing_and_a_day(text: str, seconds: float) -> None:
    assert retry_after(a_reply(429, "", retry_after=text)) == timedelta(seconds=seconds)


@pytest.mark.fault("F26")
@pytest.mark.parametrize("text", ["", "soon", "nan", "Sun, 99 Foo", "Sun, 01 Mar 99999 09:00:30 GMT", "\x00"])
def test_a_wait_that_makes_no_sense_is_none(text: str) -> None:
    assert retry_after(a_reply(429, "", retry_after=text)) is None


def test_every_error_is_one_that_the_port_knows() -> None:
    errors = [meaning(a_reply(status)) for status in range(200, 600) for meaning in (read_failure, write_failure)]

    assert all(isinstance(error, ProviderError) for error in errors)
