"""Equal to the cent: what is done so that Xero's totals are the customer's, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keito_books.accounting.documents import InvoiceDocument, TaxChoice, TaxComponent
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import RefusalCode
from keito_books.invoicing.totals import Item
from keito_books.providers.xero.arithmetic import decimals, sums_of
from keito_books.providers.xero.repair import ROUNDING_MAX, Plan, plan_invoice
from providers.builders import (
    NO_TAX,
    ROUNDING_ID,
    a_line,
    an_invoice,
    an_invoice_as_keito_adds_it_up,
    the_totals,
)


def refusal(invoice: InvoiceDocument) -> Refused:
    with pytest.raises(Refused) as caught:
        plan_invoice(invoice)
    return caught.value


def plan_or_code(invoice: InvoiceDocument) -> Plan | RefusalCode:
    try:
        return plan_invoice(invoice)
    except Refused as error:
        return error.refusal.code


@pytest.mark.promise("P33", "P34")
def test_an_ordinary_invoice_needs_no_repair() -> None:
    plan = plan_invoice(an_invoice(a_line("2", "50.00"), a_line("1.25", "80.00"), totals=the_totals("200.00", "40.00")))

    assert plan.repairs == ()
    assert [(line.quantity, line.unit_amount) for line in plan.lines] == [
        (Decimal(2), Decimal("50.00")),
        (Decimal("1.25"), Decimal("80.00")),
    ]


@pytest.mark.promise("P34")
def test_a_price_of_four_decimals_goes_as_it_is() -> None:
    plan = plan_invoice(an_invoice(a_line("1000", "0.0333"), totals=the_totals("33.30", "6.66")))

    assert plan.repairs == ()
    assert plan.lines[0].unit_amount == Decimal("0.0333")


@pytest.mark.fault("F129")
@pytest.mark.promise("P33", "P34")
def test_a_quantity_of_six_decimals_keeps_four_where_the_amount_stays() -> None:
    # 1.333333 x 90 = 119.99997, so 120.00; 1.3333 x 90 = 119.997, so 120.00 as well.
    tracked = a_line("1.333333", "90", amount="120.00", description="Support")

    plan = plan_invoice(an_invoice(tracked, totals=the_totals("120.00", "24.00")))

    assert [(line.quantity, line.unit_amount) for line in plan.lines] == [(Decimal("1.3333"), Decimal(90))]
    assert plan.repairs == (
        "The quantity of line 1 is sent with four decimals, as many as Xero keeps. The amount is the same.",
    )


@pytest.mark.fault("F129")
def test_a_quantity_of_six_decimals_is_folded_into_one_piece_that_tells_it() -> None:
    folded = a_line("0.333333", "12.34567", amount="4.12", description="Support")

    plan = plan_invoice(an_invoice(folded, totals=the_totals("4.12", "0.82")))

    line = plan.lines[0]
    assert (line.quantity, line.unit_amount, line.amount) == (Decimal(1), Decimal("4.12"), Decimal("4.12"))
    assert line.description == "Support (0.333333 × 12.34567)"
    assert plan.repairs[0].startswith("Line 1 is sent as one piece")


@pytest.mark.promise("P34")
def test_a_discount_that_rounds_alike_stays_a_percentage() -> None:
    plan = plan_invoice(
        an_invoice(a_line("3", "100.00"), discount="10", totals=the_totals("270.00", "54.00", discount="30.00"))
    )

    assert plan.lines[0].discount_rate == Decimal(10)
    assert plan.repairs == ()


@pytest.mark.fault("F130")
@pytest.mark.promise("P34")
def test_a_discount_that_would_round_otherwise_is_spread_as_amounts() -> None:
    # Three lines of 0.05 less 10 %: Xero would make 0.05 of each (0.045), 0.15 in all; the customer was told 0.13.
    three = [a_line("1", "0.05", tax=NO_TAX)] * 3

    plan = plan_invoice(an_invoice(*three, discount="10", totals=the_totals("0.13", "0.00", discount="0.02")))

    assert [line.discount_amount for line in plan.lines] == [Decimal("0.01"), Decimal("0.01"), None]
    assert plan.sums.subtotal == Decimal("0.13")
    assert "10 % discount" in plan.repairs[0]


@pytest.mark.fault("F128")
@pytest.mark.promise("P25", "P34")
def test_tax_that_rounds_otherwise_is_set_on_as_few_lines_as_possible() -> None:
    # Three lines of 0.33 at 20 %: 0.066 each, which Xero rounds to 0.07, 0.21 in all; once for the rate it is 0.20.
    three = [a_line("1", "0.33")] * 3

    plan = plan_invoice(an_invoice(*three, totals=the_totals("0.99", "0.20")))

    assert sorted(line.tax for line in plan.lines) == [Decimal("0.06"), Decimal("0.07"), Decimal("0.07")]
    assert [line.tax_amount for line in plan.lines].count(None) == 2
    assert plan.repairs[0].startswith("The tax of 1 line is set to the amount on the invoice")


@pytest.mark.promise("P63")
def test_a_wrong_rate_is_refused_and_never_papered_over() -> None:
    wrong = TaxChoice("OUTPUT2", (TaxComponent("GST", Decimal(15)),))

    error = refusal(an_invoice(a_line(tax=wrong), rounding_account_id=ROUNDING_ID))

    assert error.refusal.code is RefusalCode.TOTALS_DIFFER
    assert error.refusal.details == {"marker": "INV-0001", "ours": "120.00 GBP", "theirs": "115.00 GBP"}


@pytest.mark.fault("F128")
@pytest.mark.parametrize(("subtotal", "amount"), [("100.05", "0.05"), ("99.95", "-0.05"), ("100.01", "0.01")])
def test_up_to_five_cents_go_on_a_rounding_line(subtotal: str, amount: str) -> None:
    plan = plan_invoice(an_invoice(totals=the_totals(subtotal, "20.00"), rounding_account_id=ROUNDING_ID))

    assert plan.rounding == Decimal(amount)
    assert plan.sums.subtotal == Decimal(subtotal)
    assert plan.repairs == (f"A rounding line of {amount} GBP is added on Xero's rounding account.",)


@pytest.mark.fault("F128")
@pytest.mark.parametrize(
    ("subtotal", "account"),
    [("100.06", ROUNDING_ID), ("99.94", ROUNDING_ID), ("100.01", "")],
    ids=["six cents more", "six cents less", "no rounding account"],
)
def test_more_than_five_cents_or_no_rounding_account_is_refused(subtotal: str, account: str) -> None:
    error = refusal(an_invoice(totals=the_totals(subtotal, "20.00"), rounding_account_id=account))

    assert error.refusal.code is RefusalCode.TOTALS_DIFFER


@pytest.mark.fault("F132")
def test_a_yen_line_that_is_not_whole_in_xero_is_folded() -> None:
    plan = plan_invoice(an_invoice(a_line("1.5", "333", amount="500"), totals=the_totals("500", "100"), currency="JPY"))

    assert (plan.lines[0].unit_amount, plan.sums.total) == (Decimal(500), Decimal(600))


@pytest.mark.fault("F132")
def test_yen_tax_is_set_in_whole_yen() -> None:
    # 10 % of 333 and of 334 is 33.30 and 33.40 in Xero; in yen it is 67 once for the rate.
    ten = TaxChoice("OUTPUT", (TaxComponent("JCT", Decimal(10)),))
    lines = [a_line("1", "333", amount="333", tax=ten), a_line("1", "334", amount="334", tax=ten)]

    plan = plan_invoice(an_invoice(*lines, totals=the_totals("667", "67"), currency="JPY"))

    assert [line.tax for line in plan.lines] == [Decimal(33), Decimal(34)]


@pytest.mark.fault("F132")
def test_a_dinar_amount_with_a_third_decimal_is_refused() -> None:
    error = refusal(
        an_invoice(a_line("1", "1.234", amount="1.234", tax=NO_TAX), totals=the_totals("1.234", "0"), currency="KWD")
    )

    assert error.refusal.code is RefusalCode.TOTALS_DIFFER
    assert error.refusal.details["theirs"] == "1.23 KWD"


def test_a_dinar_amount_of_two_decimals_goes() -> None:
    plan = plan_invoice(
        an_invoice(a_line("1", "1.230", amount="1.230", tax=NO_TAX), totals=the_totals("1.230", "0"), currency="KWD")
    )

    assert plan.sums.total == Decimal("1.23")


@pytest.mark.fault("F127")
def test_a_negative_total_is_refused_as_such() -> None:
    error = refusal(an_invoice(a_line("-1", "100"), totals=the_totals("-100.00", "-20.00")))

    assert error.refusal.code is RefusalCode.NEGATIVE_TOTAL


def test_an_amount_beyond_xero_s_is_refused_with_its_limit() -> None:
    error = refusal(an_invoice(a_line("1", "10000000000", tax=NO_TAX), totals=the_totals("10000000000.00", "0")))

    assert error.refusal.details["theirs"] == "9999999999.99 GBP"


def test_a_discount_on_a_credit_line_is_folded_because_xero_takes_no_negative_discounts() -> None:
    lines = [a_line("1", "10.05", tax=NO_TAX), a_line("-1", "0.05", tax=NO_TAX)]

    plan = plan_invoice(an_invoice(*lines, discount="12.345", totals=the_totals("8.77", "0", discount="1.23")))

    assert [line.discount_amount for line in plan.lines] == [Decimal("1.24"), None]
    assert plan.lines[1].amount == Decimal("-0.04")
    assert plan.sums.subtotal == Decimal("8.77")


quantities = st.one_of(
    st.integers(1, 500).map(Decimal),
    st.integers(1, 40_000).map(lambda quarters: Decimal(quarters) / 4),
    st.decimals("0.000001", "1000", places=6),
    st.decimals("-20", "-0.01", places=2),
)
prices = st.one_of(
    st.decimals("0", "2000", places=2), st.decimals("0.0001", "50", places=4), st.decimals("0.000001", "50", places=6)
)
items = st.builds(Item, quantity=quantities, unit_price=prices, taxed=st.booleans(), taxed2=st.booleans())
percents = st.one_of(
    st.sampled_from([Decimal(each) for each in ("5", "7", "9.975", "10", "15", "20", "8.875")]),
    st.decimals("0.001", "30", places=3),
)
discounts = st.one_of(st.just(Decimal(0)), st.integers(1, 100).map(Decimal), st.decimals("0.001", "99", places=3))


@pytest.mark.fault("F128", "F129", "F130")
@pytest.mark.promise("P25", "P34")
@settings(max_examples=400, deadline=None)
@given(
    some=st.lists(items, min_size=1, max_size=40),
    currency=st.sampled_from(["GBP", "JPY", "KWD"]),
    discount=discounts,
    tax=st.none() | percents,
    tax2=st.none() | percents,
)
def test_whatever_keito_adds_up_arrives_equal_or_is_refused(
    some: list[Item], currency: str, discount: Decimal, tax: Decimal | None, tax2: Decimal | None
) -> None:
    invoice = an_invoice_as_keito_adds_it_up(some, currency=currency, discount=discount, tax=tax, tax2=tax2)

    plan = plan_or_code(invoice)

    if isinstance(plan, RefusalCode):
        assert currency == "KWD" or plan is RefusalCode.NEGATIVE_TOTAL
        return
    sums = sums_of(plan.lines)
    assert sums.subtotal + plan.rounding == invoice.totals.subtotal
    assert sums.tax == invoice.totals.tax
    assert abs(plan.rounding) <= ROUNDING_MAX
    assert all(max(decimals(line.quantity), decimals(line.unit_amount)) <= 4 for line in plan.lines)
