"""Our account, tax and tracking of a line become theirs, or the refusal says what to mend."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from keito_books.accounting.documents import (
    RemoteAccount,
    RemoteBooks,
    RemoteOrganisation,
    RemoteTaxRate,
    RemoteTrackingCategory,
    RemoteTrackingOption,
    TaxComponent,
)
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import RefusalCode
from keito_books.mapping.books import Books, from_json, to_json
from keito_books.mapping.proposals import proposed_options, proposed_payment_account, proposed_revenue_account
from keito_books.mapping.resolve import Choices, LineFacts, TrackingRule, payment_account, resolve_line
from keito_books.mapping.situations import Situation, can_match, proposal

VAT = Situation.of(Decimal(20), None)
NO_TAX = Situation.of(None, None)


def account(
    code: str, name: str, *, active: bool = True, revenue: bool = True, payments: bool = False, currency: str = ""
) -> RemoteAccount:
    return RemoteAccount(f"id-{code}", code, name, "SALES", active, revenue, payments, currency=currency)


def rate(tax_type: str, percent: str, *, active: bool = True, revenue: bool = True) -> RemoteTaxRate:
    parts = (TaxComponent("VAT", Decimal(percent)),)
    return RemoteTaxRate(tax_type, f"Rate {tax_type}", Decimal(percent), parts, active, revenue)


def the_books(*, accounts: tuple[RemoteAccount, ...] = (), rates: tuple[RemoteTaxRate, ...] = ()) -> Books:
    region = RemoteTrackingCategory(
        "region",
        "Region",
        is_active=True,
        options=(RemoteTrackingOption("north", "North"), RemoteTrackingOption("old", "Old", is_active=False)),
    )
    return Books(
        RemoteBooks(
            organisation=RemoteOrganisation("org", "Harbour & Finch"),
            accounts=(account("200", "Sales"), account("260", "Consulting"), *accounts),
            tax_rates=(rate("OUTPUT2", "20"), rate("NONE", "0"), *rates),
            tracking=(region,),
            currencies=("GBP",),
            read_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
    )


def choices(**changes: object) -> Choices:
    usual = {"revenue_account_id": "id-200", "taxes": {VAT: "OUTPUT2", NO_TAX: "NONE"}}
    return Choices(**{**usual, **changes})  # type: ignore[arg-type]  # a test says only what matters


def refusal_of(chosen: Choices, books: Books, situation: Situation = VAT, **facts: str) -> RefusalCode:
    with pytest.raises(Refused) as refused:
        resolve_line(LineFacts(situation, "client-1", **facts), chosen, books)
    return refused.value.refusal.code


@pytest.mark.promise("P20", "P24")
def test_a_line_gets_the_default_account_and_the_mapped_rate() -> None:
    resolved = resolve_line(LineFacts(VAT, "client-1"), choices(), the_books())

    assert resolved.account.code == "200"
    assert resolved.tax.tax_type == "OUTPUT2"
    assert resolved.tracking == ()


def test_the_most_specific_account_wins() -> None:
    books = the_books(accounts=(account("270", "Websites"),))
    chosen = choices(project_accounts={"p": "id-270"}, category_accounts={"c": "id-260"})

    by_project = resolve_line(LineFacts(VAT, "x", project_id="p", category_id="c"), chosen, books)
    by_category = resolve_line(LineFacts(VAT, "x", project_id="other", category_id="c"), chosen, books)

    assert by_project.account.code == "270"
    assert by_category.account.code == "260"


@pytest.mark.promise("P62")
def test_without_a_revenue_account_the_refusal_says_so() -> None:
    assert refusal_of(choices(revenue_account_id=""), the_books()) is RefusalCode.NO_REVENUE_ACCOUNT
    assert refusal_of(choices(revenue_account_id="gone"), the_books()) is RefusalCode.NO_REVENUE_ACCOUNT


@pytest.mark.fault("F62")
def test_an_archived_account_is_named() -> None:
    books = the_books(accounts=(account("299", "Old sales", active=False),))

    assert refusal_of(choices(revenue_account_id="id-299"), books) is RefusalCode.ACCOUNT_ARCHIVED


@pytest.mark.fault("F64")
@pytest.mark.promise("P25", "P63")
def test_a_rate_that_changed_in_xero_is_caught_before_anything_is_sent() -> None:
    changed = Books(
        RemoteBooks(
            organisation=RemoteOrganisation("org", "x"),
            accounts=(account("200", "Sales"),),
            tax_rates=(rate("OUTPUT2", "22"),),
            tracking=(),
            currencies=("GBP",),
            read_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
    )

    assert refusal_of(choices(), changed) is RefusalCode.TAX_RATE_MISMATCH
    assert refusal_of(choices(taxes={}), the_books()) is RefusalCode.TAX_MAPPING_MISSING


@pytest.mark.promise("P26")
def test_tracking_comes_from_the_client_the_project_or_one_fixed_option() -> None:
    by_client = TrackingRule("region", "client", options={"client-1": "north"})
    fixed = TrackingRule("region", "fixed", fixed_option_id="north")

    mapped = resolve_line(LineFacts(VAT, "client-1"), choices(tracking=(by_client,)), the_books())
    unmapped = resolve_line(LineFacts(VAT, "client-2"), choices(tracking=(by_client,)), the_books())
    always = resolve_line(LineFacts(VAT, "client-2"), choices(tracking=(fixed,)), the_books())

    assert [each.option_name for each in mapped.tracking] == ["North"]
    assert unmapped.tracking == ()
    assert [each.category_name for each in always.tracking] == ["Region"]


@pytest.mark.fault("F65")
def test_a_removed_tracking_option_is_refused() -> None:
    rule = TrackingRule("region", "fixed", fixed_option_id="old")

    assert refusal_of(choices(tracking=(rule,)), the_books()) is RefusalCode.TRACKING_NOT_VALID


@pytest.mark.fault("F63")
def test_a_payment_account_must_take_payments_in_the_currency() -> None:
    books = the_books(accounts=(account("090", "Euro account", revenue=False, payments=True, currency="EUR"),))

    with pytest.raises(Refused) as other_currency:
        payment_account(choices(payment_account_id="id-090"), books, currency="GBP")
    with pytest.raises(Refused) as no_payments:
        payment_account(choices(payment_account_id="id-200"), books, currency="GBP")

    assert other_currency.value.refusal.code is RefusalCode.PAYMENT_CURRENCY
    assert no_payments.value.refusal.code is RefusalCode.PAYMENT_ACCOUNT_NOT_VALID
    assert payment_account(choices(payment_account_id="id-090"), books, currency="EUR").code == "090"


def test_two_taxes_need_a_rate_of_their_sum() -> None:
    both = Situation.of(Decimal(20), Decimal("2.5"))

    assert both.rate == Decimal("22.5")
    assert can_match(both, rate("TAX001", "22.5"))
    assert not can_match(both, rate("TAX001", "22"))
    assert not can_match(both, rate("TAX001", "22.5", active=False))
    assert not can_match(both, rate("TAX001", "22.5", revenue=False))


@pytest.mark.parametrize("key", ["-/-", "20/-", "-/2.5", "20/2.5", "0/-"])
def test_a_situation_survives_being_a_form_field(key: str) -> None:
    assert Situation.from_key(key).key == key


def test_equal_percentages_are_one_situation_however_they_are_written() -> None:
    assert Situation.of(Decimal("20.0000"), None) == Situation.of(Decimal(20), None)
    assert Situation.of(Decimal("0.00"), None) != NO_TAX


def test_only_one_clear_rate_is_proposed() -> None:
    twins = [rate("A", "0"), rate("B", "0")]

    assert proposal(VAT, [rate("OUTPUT2", "20"), rate("RR", "5")]) == "OUTPUT2"
    assert proposal(NO_TAX, twins) is None
    assert proposal(NO_TAX, twins, account_tax_type="B") == "B"
    assert proposal(Situation.of(Decimal(7), None), twins) is None


def test_one_clear_sales_account_is_proposed() -> None:
    found = proposed_revenue_account(the_books())

    assert found is not None
    assert found.code == "200"
    assert proposed_payment_account(the_books(), currency="GBP") is None


def test_tracking_options_are_proposed_by_equal_names() -> None:
    category = the_books().content.tracking[0]

    assert proposed_options([("a", " north"), ("b", "South"), ("c", "Old")], category) == {"a": "north"}


def test_the_copy_of_the_books_loses_nothing() -> None:
    books = the_books().content

    assert from_json(to_json(books)) == books
