"""Before a mapping is saved, it shows which invoices it would change and what a line comes to on both sides."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from builders import a_line, an_invoice_draft
from joined import Joined
from keito_books.mapping.queries import choices_of
from keito_books.mapping.situations import Situation
from keito_books.syncing.lab import Sample, effect_of, tried

VAT = Situation.of(Decimal(20), None)
BOTH = Situation.of(Decimal(20), Decimal(5))


def taxed_at(joined: Joined, percent: str) -> str:
    rates = joined.books.revenue_rates
    return next(each.tax_type for each in rates if each.effective_rate == Decimal(percent))


def sample(joined: Joined, situation: Situation, tax_type: str, *, price: str = "100", discount: str = "0") -> Sample:
    return Sample(Decimal(1), Decimal(price), Decimal(discount), situation, tax_type, "GBP")


def test_a_change_names_what_waits_and_what_is_there_under_the_old_choice(joined: Joined) -> None:
    def vat_invoice() -> object:
        draft = an_invoice_draft(joined.client(), lines=[a_line(taxed=True)], tax_percent="20")
        return joined.invoice(draft=draft)

    there, waits, untaxed = vat_invoice(), vat_invoice(), joined.invoice()
    joined.copy(there)  # type: ignore[arg-type]  # an invoice
    joined.work()
    before = choices_of(joined.connection)

    effect = effect_of(joined.connection, before, replace(before, taxes={**before.taxes, VAT: "OTHER"}))
    none = effect_of(joined.connection, before, before)
    every = effect_of(joined.connection, before, replace(before, revenue_account_id="another"))

    assert [each.id for each in effect.waiting] == [waits.pk]  # type: ignore[attr-defined]  # an invoice
    assert [each.id for each in effect.synced] == [there.pk]  # type: ignore[attr-defined]  # an invoice
    assert (none.waiting, none.synced) == ((), ())
    assert untaxed.pk in {each.id for each in every.waiting}


def test_the_number_of_queries_does_not_grow_with_the_invoices(joined: Joined) -> None:
    before = choices_of(joined.connection)
    after = replace(before, revenue_account_id="another")
    counts = []
    for _ in range(2):
        for _ in range(3):
            joined.invoice()
        with CaptureQueriesContext(
            database,
        ) as queries:
            effect_of(joined.connection, before, after)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_equal_rate_comes_to_equal_figures(joined: Joined) -> None:
    found = tried(sample(joined, VAT, taxed_at(joined, "20"), price="19.99"), joined.connection, joined.books)

    # 20 % of 19.99 is 3.998, so 4.00 on either side.
    assert found.is_equal
    assert (found.ours.tax, found.ours.total) == (Decimal("4.00"), Decimal("23.99"))


def test_a_wrong_rate_shows_both_totals_and_why_it_would_fail(joined: Joined) -> None:
    found = tried(sample(joined, VAT, taxed_at(joined, "5")), joined.connection, joined.books)

    assert not found.is_equal
    assert (found.ours.total, found.theirs.total) == (Decimal("120.00"), Decimal("105.00"))
    assert found.problem is not None


def test_two_taxes_that_round_each_for_itself_are_made_equal_and_it_is_told(joined: Joined) -> None:
    rate = next(each for each in joined.books.revenue_rates if each.effective_rate == Decimal(20))
    content = joined.books.content
    both = replace(
        rate,
        tax_type="BOTH",
        effective_rate=Decimal(25),
        components=(
            replace(rate.components[0], rate=Decimal(20)),
            replace(rate.components[0], name="Levy", rate=Decimal(5)),
        ),
    )
    books = type(joined.books)(replace(content, tax_rates=(*content.tax_rates, both)))

    found = tried(sample(joined, BOTH, "BOTH", price="0.10"), joined.connection, books)

    # Here 20 % of 0.10 is 0.02 and 5 % is 0.005, so 0.01: 0.03. There 25 % at once is 0.025, so 0.03.
    assert (found.ours.tax, found.theirs.tax) == (Decimal("0.03"), Decimal("0.03"))
    # 20 % of 0.62 is 0.124, so 0.12; 5 % is 0.031, so 0.03: 0.15. There 0.155, so 0.16.
    other = tried(sample(joined, BOTH, "BOTH", price="0.62"), joined.connection, books)
    assert (other.ours.tax, other.theirs.tax) == (Decimal("0.15"), Decimal("0.16"))
    assert (other.problem, len(other.repairs)) == (None, 1)


@pytest.mark.parametrize("price", ["0", "-5", "0.000001", "999999999"])
def test_odd_samples_end_in_figures_or_words(joined: Joined, price: str) -> None:
    found = tried(sample(joined, VAT, "NO SUCH RATE", price=price, discount="100"), joined.connection, joined.books)

    assert found.ours.total == 0 or found.problem is not None
