"""What would be refused later is said now, by the same code and without a call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from builders import TODAY, a_line, an_invoice_draft
from joined import Joined
from keito_books.accounting.documents import Kind
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.drafts import ClientDetails
from keito_books.invoicing.models import Client, Invoice, InvoiceLine, State
from keito_books.mapping.books import to_json
from keito_books.mapping.models import BooksCopy, Preferences
from keito_books.syncing.explanations import refusal_to_json
from keito_books.syncing.models import Job
from keito_books.syncing.preview import Preview, preview
from keito_books.syncing.queue import enqueue


def look(joined: Joined) -> Preview:
    asked = joined.sandbox.requests()
    found = preview(Invoice.objects.order_by("number"), joined.connection, now=joined.clock())
    assert len(joined.sandbox.requests()) == len(asked)
    return found


def sentences(found: Preview) -> list[str]:
    return [cause.explanation.sentence for cause in found.causes]


@pytest.mark.promise("P68")
def test_each_invoice_stands_in_the_group_that_it_belongs_to(joined: Joined) -> None:
    there = joined.invoice()
    joined.copy(there)
    joined.work()
    joined.copy(moving := joined.invoice())
    ready, draft, closed = joined.invoice(), joined.invoice(state=State.DRAFT), joined.invoice(state=State.CLOSED)
    paid = joined.invoice(state=State.PAID)

    found = look(joined)

    assert [item.id for item in found.done] == [there.pk]
    assert [item.id for item in found.moving] == [moving.pk]
    assert [item.id for item in found.ready] == [ready.pk, paid.pk]
    assert [item.id for item in found.apart] == [draft.pk, closed.pk]
    assert (found.blocked, found.count) == ([], 6)
    assert found.sums == [("GBP", Decimal("200.000"))]


@pytest.mark.promise("P62", "P63")
def test_a_missing_account_or_tax_rate_is_told_once_for_all_invoices_behind_it(joined: Joined) -> None:
    client = joined.client()
    draft = an_invoice_draft(client, lines=[a_line(taxed=True)], tax_percent="5")
    for _ in range(2):
        joined.invoice(draft=draft)
    joined.invoice(client=client)

    [cause] = look(joined).causes
    assert (len(cause.items), cause.explanation.button) == (2, "Map tax rates")
    Preferences.objects.update(revenue_account_id="")
    account, tax = look(joined).causes
    assert (len(account.items), account.explanation.button) == (3, "Choose accounts")
    assert (len(tax.items), tax.explanation.button) == (2, "Map tax rates")


def test_what_the_provider_would_not_write_is_told(joined: Joined) -> None:
    client = joined.client()
    long_reference = replace(an_invoice_draft(client), purchase_order="P" * 255)
    joined.invoice(draft=long_reference)
    assert look(joined).causes == []
    # Xero takes plain letters only: each of these signs becomes three, sixty in all.
    Client.objects.filter(pk=client.pk).update(country="\N{LATIN SMALL LIGATURE FFI}" * 20)

    assert sentences(look(joined)) == ["The country is longer than the 50 characters that Xero takes."]
    Client.objects.filter(pk=client.pk).update(country="")
    InvoiceLine.objects.update(amount=Decimal("99.995"), unit_price=Decimal("99.995"))
    assert "no rounding can close the gap" in sentences(look(joined))[0]


def test_a_locked_year_is_told_and_the_first_day_after_it_is_ready(joined: Joined) -> None:
    joined.invoice()
    content = replace(
        joined.books.content, organisation=replace(joined.books.content.organisation, year_locked_until=TODAY)
    )
    BooksCopy.objects.update(content=to_json(content))

    assert "locked up to 2 Mar 2026" in sentences(look(joined))[0]
    other = replace(content, organisation=replace(content.organisation, year_locked_until=date(2026, 3, 1)))
    BooksCopy.objects.update(content=to_json(other))
    assert look(joined).causes == []


def test_a_client_that_needs_a_decision_holds_its_invoices_back_until_it_is_changed(joined: Joined) -> None:
    client = joined.client()
    joined.invoice(client=client)
    job = enqueue(joined.connection, Kind.CONTACT, client, by=None, now=joined.clock())
    refusal = refusal_to_json(Refusal(RefusalCode.CONTACT_NAME_TAKEN))
    Job.objects.filter(pk=job.pk).update(state="failed", refusal=refusal, finished_at=joined.clock())

    assert "another contact with this name" in sentences(look(joined))[0]
    joined.clock.advance(minutes=1)
    invoicing.update_client(client, ClientDetails(name="Blue Fern Bristol"), by=joined.by, now=joined.clock())
    assert len(look(joined).ready) == 1


def test_one_that_failed_before_is_ready_again_and_says_so(joined: Joined) -> None:
    invoice = joined.invoice()
    job = joined.copy(invoice)
    refusal = refusal_to_json(Refusal(RefusalCode.MISSING_ROLE))
    Job.objects.filter(pk=job.pk).update(state="failed", refusal=refusal, finished_at=joined.clock())

    found = look(joined)

    assert (len(found.ready), found.failed_before) == (1, 1)


def test_the_number_of_queries_does_not_grow_with_the_invoices(
    joined: Joined, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        joined.invoice()

    with django_assert_max_num_queries(23):
        assert len(preview(Invoice.objects.order_by("number"), joined.connection, now=joined.clock()).ready) == 12
