"""What an Administrator chooses is checked against the organisation's books, kept, and audited."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from builders import a_category, a_client, a_line, a_project, an_invoice, an_invoice_draft
from keito_books.mapping import actions
from keito_books.mapping.errors import BooksNotRead, ChoiceRefused
from keito_books.mapping.models import AccountOverride, BooksCopy, Preferences, TaxMapping
from keito_books.mapping.queries import choices_of, preferences_of, situations_in_use
from keito_books.mapping.resolve import TrackingRule
from keito_books.mapping.situations import Situation
from keito_books.workspaces.errors import NeedsPlan, NotAllowed
from keito_books.workspaces.models import AuditEntry, Plan, Role
from mapping.conftest import NOW, Chooser

VAT = Situation.of(Decimal(20), None)


def save(chooser: Chooser, revenue: str = "id-200", payment: str = "", as_: str = "awaiting_payment") -> Preferences:
    return actions.save_accounts(
        chooser.connection,
        revenue_account_id=revenue,
        payment_account_id=payment,
        invoices_as=as_,
        by=chooser.by,
        now=NOW,
    )


@pytest.mark.promise("P19", "P20", "P21")
def test_accounts_are_chosen_and_changed_later(chooser: Chooser) -> None:
    save(chooser)
    save(chooser, revenue="id-260", payment="id-090", as_="draft")

    kept = preferences_of(chooser.connection)
    assert (kept.revenue_account_id, kept.payment_account_id, kept.invoices_as) == ("id-260", "id-090", "draft")
    assert AuditEntry.objects.filter(action="mapping.accounts_saved").count() == 2


def test_nothing_is_chosen_unasked(chooser: Chooser) -> None:
    assert preferences_of(chooser.connection).revenue_account_id == ""
    assert not Preferences.objects.exists()


@pytest.mark.parametrize(
    ("revenue", "payment", "as_", "field"),
    [
        ("id-090", "", "draft", "revenue_account"),
        ("gone", "", "draft", "revenue_account"),
        ("id-200", "id-200", "draft", "payment_account"),
        ("id-200", "", "approved", "invoices_as"),
    ],
)
def test_an_account_that_does_not_fit_is_refused_beside_its_field(
    chooser: Chooser, revenue: str, payment: str, as_: str, field: str
) -> None:
    with pytest.raises(ChoiceRefused) as refused:
        save(chooser, revenue, payment, as_)

    assert list(refused.value.problems) == [field]
    assert not Preferences.objects.exists()


@pytest.mark.promise("P6", "P24", "P25", "P63")
def test_a_tax_pair_that_can_not_match_is_refused_with_both_rates(chooser: Chooser) -> None:
    with pytest.raises(ChoiceRefused) as refused:
        actions.save_taxes(chooser.connection, {VAT: "RROUTPUT"}, by=chooser.by, now=NOW)
    with pytest.raises(ChoiceRefused, match="can't be used on revenue"):
        actions.save_taxes(chooser.connection, {VAT: "INPUT2"}, by=chooser.by, now=NOW)

    assert "Keito charges 20 % here and Rroutput is 5 % in Xero" in refused.value.problems["20/-"]
    assert not TaxMapping.objects.exists()


@pytest.mark.promise("P6", "P24")
def test_an_equal_pair_is_kept_replaced_and_forgotten(chooser: Chooser) -> None:
    actions.save_taxes(chooser.connection, {VAT: "OUTPUT2"}, by=chooser.by, now=NOW)
    actions.save_taxes(chooser.connection, {Situation.of(Decimal("20.0000"), None): "OUTPUT2"}, by=chooser.by, now=NOW)

    assert choices_of(chooser.connection).taxes == {VAT: "OUTPUT2"}
    actions.save_taxes(chooser.connection, {VAT: ""}, by=chooser.by, now=NOW)
    assert choices_of(chooser.connection).taxes == {}


@pytest.mark.promise("P26")
def test_tracking_is_mapped_and_switched_off(chooser: Chooser) -> None:
    client = a_client(chooser.by)
    rule = TrackingRule("region", "client", options={str(client.pk): "north"})

    actions.save_tracking(chooser.connection, {"region": rule}, by=chooser.by, now=NOW)
    assert choices_of(chooser.connection).tracking == (rule,)
    gone = TrackingRule("region", "fixed", fixed_option_id="south")
    with pytest.raises(ChoiceRefused, match="no longer in Xero"):
        actions.save_tracking(chooser.connection, {"region": gone}, by=chooser.by, now=NOW)
    actions.save_tracking(chooser.connection, {"region": None}, by=chooser.by, now=NOW)
    assert choices_of(chooser.connection).tracking == ()


def test_projects_and_categories_may_have_their_own_account(chooser: Chooser) -> None:
    project = a_project(chooser.by, a_client(chooser.by))
    category = a_category(chooser.by)

    actions.save_overrides(
        chooser.connection, projects={project: "id-260"}, categories={category: "id-200"}, by=chooser.by, now=NOW
    )
    kept = choices_of(chooser.connection)
    actions.save_overrides(chooser.connection, projects={project: ""}, categories={}, by=chooser.by, now=NOW)

    assert kept.project_accounts == {str(project.pk): "id-260"}
    assert kept.category_accounts == {str(category.pk): "id-200"}
    assert AccountOverride.objects.count() == 1


@pytest.mark.promise("P9", "P11")
def test_only_administrators_on_business_choose(chooser: Chooser) -> None:
    chooser.by.role, chooser.by.may_send_invoices = Role.MANAGER, True
    with pytest.raises(NotAllowed, match="Only Administrators"):
        save(chooser)
    chooser.by.role, chooser.by.workspace.plan = Role.ADMINISTRATOR, Plan.FREE
    with pytest.raises(NeedsPlan, match="Business plan"):
        save(chooser)


def test_without_the_lists_there_is_nothing_to_choose_from(chooser: Chooser) -> None:
    BooksCopy.objects.all().delete()

    with pytest.raises(BooksNotRead):
        save(chooser)


def test_situations_in_use_count_open_invoices_once_each(chooser: Chooser) -> None:
    client = a_client(chooser.by)
    taxed = [a_line("A", taxed=True), a_line("B", taxed=True), a_line("C")]
    for _ in range(2):
        an_invoice(chooser.by, an_invoice_draft(client, lines=taxed, tax_percent="20"))
    an_invoice(
        chooser.by,
        an_invoice_draft(client, lines=[a_line(taxed=True, taxed2=True)], tax_percent="20", tax2_percent="2.5"),
    )

    with CaptureQueriesContext(
        database,
    ) as queries:
        found = {use.situation.key: use.open_invoices for use in situations_in_use(chooser.by.workspace)}

    assert found == {"-/-": 2, "20/-": 2, "20/2.5": 1}
    assert len(queries) == 2
