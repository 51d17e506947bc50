"""Every figure of what was sent is compared with what is there, each by name and with both figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from keito_books.accounting.documents import RemoteInvoice, RemoteStatus
from keito_books.syncing.verification import expected_invoice, invoice_differences
from providers.builders import DUE, ISSUED, an_invoice

SENT = an_invoice()
THERE = RemoteInvoice(
    id="remote",
    number="INV-0001",
    status=RemoteStatus.APPROVED,
    url=SENT.url,
    contact_id="con",
    currency="GBP",
    issued_on=ISSUED,
    due_on=DUE,
    subtotal=Decimal("100.00"),
    tax=Decimal("20.00"),
    total=Decimal("120.00"),
    amount_due=Decimal("120.00"),
    line_count=1,
    currency_rate=Decimal("1.000000"),
)


def test_an_equal_invoice_has_no_differences() -> None:
    assert invoice_differences(THERE, expected_invoice(SENT, line_count=1)) == []


@pytest.mark.promise("P30", "P31", "P34", "P36")
@pytest.mark.parametrize(
    ("there", "told"),
    [
        (replace(THERE, subtotal=Decimal("100.01")), "subtotal after discount is 100.01 there and 100.00 here"),
        (replace(THERE, tax=Decimal("19.99")), "tax is 19.99 there and 20.00 here"),
        (replace(THERE, total=Decimal("1119.99")), "total is 1,119.99 there and 120.00 here"),
        (replace(THERE, total=Decimal("120.004")), "total is 120.004 there and 120.00 here"),
        (replace(THERE, number="INV-0002"), "number is INV-0002 there and INV-0001 here"),
        (replace(THERE, contact_id="other"), "contact is other there and con here"),
        (replace(THERE, currency="EUR"), "currency is EUR there and GBP here"),
        (replace(THERE, issued_on=date(2026, 3, 3)), "date is 2026-03-03 there and 2026-03-02 here"),
        (replace(THERE, due_on=date(2026, 4, 2)), "due date is 2026-04-02 there and 2026-04-01 here"),
        (replace(THERE, due_on=None), "due date is empty there and 2026-04-01 here"),
        (replace(THERE, line_count=2), "number of lines is 2 there and 1 here"),
        (replace(THERE, status=RemoteStatus.VOIDED), "it is voided"),
    ],
)
def test_each_difference_is_told_with_both_figures(there: RemoteInvoice, told: str) -> None:
    assert invoice_differences(there, expected_invoice(SENT, line_count=1)) == [told]


def test_subtotal_and_tax_that_stray_by_the_same_cent_are_not_a_success() -> None:
    there = replace(THERE, subtotal=Decimal("99.99"), tax=Decimal("20.01"))

    assert len(invoice_differences(there, expected_invoice(SENT, line_count=1))) == 2


def test_what_an_earlier_release_froze_is_compared_without_a_subtotal() -> None:
    frozen = expected_invoice(SENT, line_count=1)
    del frozen["subtotal"]

    assert invoice_differences(THERE, frozen) == []


@pytest.mark.parametrize(
    ("ours", "there"),
    [("1.15234", "1.152340"), ("1.15234", "1.1523400000"), ("1.15234", "1.15234"), ("1.1523455", "1.152346")],
)
def test_a_rate_of_ours_is_equal_to_six_decimals(ours: str, there: str) -> None:
    expected = expected_invoice(replace(SENT, currency_rate=Decimal(ours)), line_count=1)

    assert invoice_differences(replace(THERE, currency_rate=Decimal(there)), expected) == []


@pytest.mark.parametrize(("there", "shown"), [(Decimal("1.152342"), "1.152342"), (None, "empty")])
def test_another_exchange_rate_than_ours_is_a_difference(there: Decimal | None, shown: str) -> None:
    expected = expected_invoice(replace(SENT, currency_rate=Decimal("1.152340")), line_count=1)

    assert invoice_differences(replace(THERE, currency_rate=there), expected) == [
        f"exchange rate is {shown} there and 1.152340 here"
    ]


def test_without_a_rate_of_ours_whatever_rate_is_there_is_right() -> None:
    there = replace(THERE, currency_rate=Decimal("0.884510"))

    assert invoice_differences(there, expected_invoice(SENT, line_count=1)) == []
