"""What would be refused, needs an answer or is good to know is said before sending, and Xero is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from builders import TODAY, a_line, a_membership, a_payment, an_invoice_draft
from joined import Joined
from keito_books.accounting.documents import RemoteBooks, RemoteContact
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice, InvoiceLine
from keito_books.mapping.books import to_json
from keito_books.mapping.models import BooksCopy, CurrencyChoice, Preferences, TaxMapping, TrackingMapping
from keito_books.syncing.explanations import Place, refusal_to_json
from keito_books.syncing.models import ContactsCopy, Job, Link, LockAnswer, Search, Sighting
from keito_books.syncing.preflight import Finding, Severity, check
from keito_books.workspaces.models import Role


def look(joined: Joined, *invoices: Invoice, **how: Any) -> list[tuple[Finding, ...]]:
    """Return the findings of each; prove on the way that Xero was not asked."""
    asked = len(joined.sandbox.requests())
    connection = Connection.objects.get(pk=joined.connection.pk)
    fresh = [Invoice.objects.select_related("client").get(pk=each.pk) for each in invoices]
    found = check(fresh, connection, now=joined.clock(), **how)
    assert len(joined.sandbox.requests()) == asked
    return [found[each.pk] for each in invoices]


def codes(joined: Joined, invoice: Invoice, **how: Any) -> list[tuple[str, str]]:
    return [(each.severity.value, each.code) for each in look(joined, invoice, **how)[0]]


def change_books(joined: Joined, *, organisation: dict[str, Any] | None = None, **parts: Any) -> None:
    content: RemoteBooks = replace(joined.books.content, **parts)
    content = replace(content, organisation=replace(content.organisation, **(organisation or {})))
    BooksCopy.objects.update(content=to_json(content))


def test_a_common_invoice_is_ready_with_one_remark_about_its_new_contact(joined: Joined) -> None:
    [found] = look(joined, joined.invoice())

    assert [(each.code, each.holds_back) for each in found] == [("contact_looked_up", False)]


def test_every_cause_of_every_line_is_told_once_and_the_gravest_first(joined: Joined) -> None:
    lines = [a_line(taxed=True), a_line(taxed=True, taxed2=True), a_line()]
    invoice = joined.invoice(draft=an_invoice_draft(joined.client(), lines=lines, tax_percent="5", tax2_percent="2"))
    Preferences.objects.update(revenue_account_id="")

    found = codes(joined, invoice)

    assert found == [
        ("will_fail", "no_revenue_account"),
        ("will_fail", "tax_mapping_missing"),
        ("will_fail", "tax_mapping_missing"),
        ("information", "contact_looked_up"),
    ]


@pytest.mark.promise("P62", "P63")
def test_account_tax_and_tracking_are_checked_against_the_lists(joined: Joined) -> None:
    invoice = joined.invoice(draft=an_invoice_draft(joined.client(), lines=[a_line(taxed=True)], tax_percent="20"))
    accounts = [
        replace(each, is_active=each.name != "Sales", takes_revenue=each.name != "Sales" and each.takes_revenue)
        for each in joined.books.content.accounts
    ]
    rates = [
        replace(each, effective_rate=Decimal("17.5")) if each.effective_rate == 20 else each
        for each in joined.books.content.tax_rates
    ]
    TrackingMapping.objects.create(
        connection=joined.connection, category_id="gone", source="fixed", fixed_option_id="north"
    )
    change_books(joined, accounts=tuple(accounts), tax_rates=tuple(rates))

    found = [each for each in look(joined, invoice)[0] if each.holds_back]

    assert [each.code for each in found] == ["account_archived", "tax_rate_mismatch", "tracking_not_valid"]
    assert [each.explanation.place for each in found] == [Place.ACCOUNTS, Place.TAXES, Place.TRACKING]
    assert "Keito charges 20 %, and 20% (VAT on Income) in Xero is 17.5 %" in found[1].explanation.sentence
    assert not any("Nothing was sent" in each.explanation.sentence for each in found)
    assert not any("retry" in each.explanation.fix.lower() for each in found)


def test_who_may_not_copy_a_lost_connection_and_unread_lists_are_told(joined: Joined) -> None:
    invoice = joined.invoice()
    member = a_membership(joined.workspace, role=Role.MEMBER)

    assert ("will_fail", "not_allowed") in codes(joined, invoice, by=member)
    BooksCopy.objects.all().delete()
    assert ("will_fail", "lists_not_read") in codes(joined, invoice)
    Connection.objects.update(state="expired")
    assert ("will_fail", "connection_expired") in codes(joined, invoice)


def test_the_role_of_the_xero_user_is_known_from_the_lists(joined: Joined) -> None:
    invoice = joined.invoice()
    change_books(joined, organisation={"may_create_invoices": False})

    assert codes(joined, invoice)[0] == ("will_fail", "missing_role")


@pytest.mark.promise("P38", "P42")
def test_the_contact_is_linked_new_matched_unclear_or_archived(joined: Joined) -> None:
    invoice = joined.invoice(client=joined.client("Blue Fern Ltd"))

    def with_contacts(*contacts: RemoteContact) -> list[tuple[str, str]]:
        a_copy_of_contacts(joined, contacts)
        return codes(joined, invoice)

    fern = RemoteContact(id="c-1", name="Blue Fern Ltd")
    assert with_contacts() == [("information", "contact_new")]
    assert with_contacts(fern) == [("information", "contact_matched")]
    assert with_contacts(fern, replace(fern, id="c-2")) == [("needs_answer", "contact_ambiguous")]
    assert with_contacts(replace(fern, is_archived=True)) == [("will_fail", "contact_archived")]
    Link.objects.create(
        connection=joined.connection, kind="contact", client=invoice.client, remote_id="c-1", made_at=joined.clock()
    )
    assert with_contacts(fern) == []
    assert with_contacts(replace(fern, is_archived=True)) == [("will_fail", "contact_archived")]
    merged = replace(fern, is_archived=True, merged_into_id="c-2")
    assert with_contacts(merged, replace(fern, id="c-2")) == []


@pytest.mark.fault("F48")
def test_a_number_is_taken_by_a_search_or_by_what_was_refused_before(joined: Joined) -> None:
    invoice, other = joined.invoice(), joined.invoice()
    now = joined.clock()
    search = Search.objects.create(
        workspace=joined.workspace,
        connection=joined.connection,
        epoch=joined.connection.epoch,
        requested_by=joined.by.person,
        requested_at=now,
        issued_from=TODAY,
        issued_to=TODAY,
        wanted=[],
        next_at=now,
    )
    seen = {"search": search, "remote_id": "r", "total": Decimal(5), "currency": "GBP", "is_ours": False}
    Sighting.objects.create(invoice=invoice, status="voided", **seen)
    job = joined.copy(other)
    kept = refusal_to_json(Refusal(RefusalCode.NUMBER_TAKEN, details={"number": other.number}))
    Job.objects.filter(pk=job.pk).update(state="failed", refusal=kept, finished_at=now)

    assert ("needs_answer", "number_voided") in codes(joined, invoice)
    assert ("needs_answer", "number_taken") in codes(joined, other)
    Invoice.objects.filter(pk=other.pk).update(number="INV-NEW-1")
    Sighting.objects.update(status="approved", is_ours=True)
    assert ("needs_answer", "number_taken") not in codes(joined, other)
    assert codes(joined, invoice) == [("information", "contact_looked_up")]


def test_a_locked_year_asks_and_a_locked_period_informs_until_it_is_answered(joined: Joined) -> None:
    invoice = joined.invoice()

    change_books(joined, organisation={"year_locked_until": TODAY})
    assert codes(joined, invoice)[0] == ("needs_answer", "period_locked")
    LockAnswer.objects.create(
        connection=joined.connection,
        invoice=invoice,
        about=TODAY,
        choice="draft",
        decided_by=joined.by.person,
        decided_at=joined.clock(),
    )
    assert ("information", "lock_answered") in codes(joined, invoice)
    LockAnswer.objects.all().delete()
    change_books(joined, organisation={"period_locked_until": TODAY})
    assert ("information", "period_may_be_locked") in codes(joined, invoice)
    change_books(joined, organisation={"period_locked_until": date(2026, 3, 1)})
    assert codes(joined, invoice) == [("information", "contact_looked_up")]


def test_a_currency_is_enabled_and_its_rate_is_said(joined: Joined) -> None:
    foreign = joined.invoice(client=joined.client(currency="EUR"))

    change_books(joined, currencies=("GBP",))
    assert ("will_fail", "currency_not_enabled") in codes(joined, foreign)
    change_books(joined, currencies=("GBP", "EUR"))
    assert ("information", "rate_of_the_day") in codes(joined, foreign)
    CurrencyChoice.objects.create(connection=joined.connection, currency="EUR", rate=Decimal("1.17"))
    [fixed] = [each for each in look(joined, foreign)[0] if each.code == "rate_fixed"]
    assert "1.17" in fixed.explanation.sentence


def test_payments_that_cannot_follow_are_told_and_hold_no_invoice_back(joined: Joined) -> None:
    invoice = joined.invoice(paid="10")
    sales = joined.account("Sales")

    Preferences.objects.update(payment_account_id="")
    assert ("information", "payments_stay") in codes(joined, invoice)
    Preferences.objects.update(payment_account_id=sales)
    [problem] = [each for each in look(joined, invoice)[0] if each.code == "payment_account_not_valid"]
    assert (problem.severity, problem.holds_back) == (Severity.WILL_FAIL, False)


def test_the_plan_cap_is_remembered_for_its_month_until_something_arrives(joined: Joined) -> None:
    refused, waiting, arrived = joined.invoice(), joined.invoice(), joined.invoice()
    job = joined.copy(refused)
    kept = refusal_to_json(Refusal(RefusalCode.PLAN_CAP))
    Job.objects.filter(pk=job.pk).update(state="failed", refusal=kept, finished_at=joined.clock())

    assert ("information", "plan_cap_met") in codes(joined, waiting)
    later = joined.copy(arrived)
    joined.clock.advance(minutes=1)
    Job.objects.filter(pk=later.pk).update(state="done", finished_at=joined.clock())
    assert ("information", "plan_cap_met") not in codes(joined, waiting)


def test_what_is_adjusted_for_xero_is_told_beforehand(joined: Joined) -> None:
    odd = a_line(quantity="0.333333", unit_price="1.005")

    [found] = look(joined, joined.invoice(draft=an_invoice_draft(joined.client(), lines=[odd])))

    assert any("decimals" in each.explanation.sentence for each in found if each.code == "adjusted")


@pytest.mark.parametrize("dated", [date(1899, 12, 31), date(2999, 12, 31)])
def test_a_date_many_years_away_is_pointed_at(joined: Joined, dated: date) -> None:
    invoice = joined.invoice()
    Invoice.objects.filter(pk=invoice.pk).update(issue_date=dated, due_date=dated)

    assert ("information", "date_far_away") in codes(joined, invoice)


def test_hostile_texts_and_a_thousand_lines_pass_or_are_told(joined: Joined) -> None:
    hostile = ["\x07\u202eevil</script>", "{client|x}{told}", "'; DROP TABLE x; --", "\U0001f4a9" * 500, "ل" * 400]
    client = joined.client("{contact|<script>alert(1)</script>} Ltd")
    invoice = joined.invoice(client=client)
    # More than may be entered by hand; older rows or an import may have them.
    nothing = {"quantity": Decimal(0), "unit_price": Decimal(0), "amount": Decimal(0), "workspace": joined.workspace}
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, position=place, description=hostile[place % len(hostile)], **nothing)
        for place in range(2, 1001)
    )

    [found] = look(joined, invoice)

    assert not any(each.holds_back for each in found)
    assert any("{contact|<script>" in each.explanation.sentence for each in found)
    InvoiceLine.objects.filter(invoice=invoice).update(description="ل" * 4000)
    [too_large] = [each for each in look(joined, invoice)[0] if each.holds_back]
    assert "The whole document is longer than" in too_large.explanation.sentence


def test_a_negative_total_is_advised_to_be_a_credit_note(joined: Joined) -> None:
    invoice = joined.invoice()
    invoice.amount = Decimal("-0.01")

    found = check([invoice], joined.connection, now=joined.clock())[invoice.pk]

    assert found[0].code == "negative_total"
    assert found[0].explanation.fix == "Enter it as a credit note in Xero."


def test_a_missing_line_is_told(joined: Joined) -> None:
    invoice = joined.invoice()
    InvoiceLine.objects.all().delete()

    assert codes(joined, invoice)[0] == ("will_fail", "no_lines")


def test_what_is_linked_has_nothing_to_be_checked(joined: Joined) -> None:
    invoice = joined.invoice()
    Preferences.objects.update(revenue_account_id="")
    Link.objects.create(
        connection=joined.connection, kind="invoice", invoice=invoice, remote_id="r-1", made_at=joined.clock()
    )

    assert codes(joined, invoice) == []


def test_a_client_that_is_too_long_for_xero_holds_its_invoices_back(joined: Joined) -> None:
    client = joined.client()
    invoices = [joined.invoice(client=client) for _ in range(2)]
    Client.objects.filter(pk=client.pk).update(country="\N{LATIN SMALL LIGATURE FFI}" * 20)

    assert [found[0].code for found in look(joined, *invoices)] == ["text_too_long"] * 2


@pytest.mark.parametrize("number", [1, 25])
def test_the_number_of_queries_does_not_depend_on_the_number_of_invoices(joined: Joined, number: int) -> None:
    for _ in range(number):
        a_payment(joined.invoice(), joined.by)
    invoices = list(Invoice.objects.all())

    with CaptureQueriesContext(database) as captured:
        assert len(check(invoices, joined.connection, now=joined.clock(), by=joined.by)) == number

    assert len(captured) == 19


def a_copy_of_contacts(joined: Joined, contacts: Sequence[RemoteContact]) -> None:
    content = msgspec.json.encode(tuple(contacts)).decode()
    ContactsCopy.objects.update_or_create(
        connection=joined.connection, defaults={"content": content, "read_at": joined.clock()}
    )


def test_tax_mappings_are_what_the_sending_uses(joined: Joined) -> None:
    invoice = joined.invoice(draft=an_invoice_draft(joined.client(), lines=[a_line(taxed=True)], tax_percent="20"))
    TaxMapping.objects.all().delete()

    before = [each.code for each in look(joined, invoice)[0] if each.holds_back]
    joined.copy(invoice)
    joined.work()

    assert before == [joined.status(invoice).code] == ["tax_mapping_missing"]
