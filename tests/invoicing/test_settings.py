"""Invoice settings, numbering patterns and item categories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_category, a_membership, a_workspace, an_administrator, an_invoice
from keito_books.invoicing import actions, queries
from keito_books.invoicing.drafts import SettingsDetails
from keito_books.invoicing.errors import InvalidValue
from keito_books.invoicing.numbering import check_pattern, fill
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership, Role

DETAILS = SettingsDetails(number_pattern="R{YYYY}/{##}", next_number=41, email_subject="Invoice", email_body="Hello")


@pytest.fixture
def by() -> Membership:
    return an_administrator()


@pytest.mark.parametrize(
    ("pattern", "count", "expected"),
    [
        ("INV-{YYYY}-{####}", 7, "INV-2026-0007"),
        ("INV-{YYYY}-{####}", 12345, "INV-2026-12345"),
        ("{##}", 7, "07"),
        ("A{#}B", 7, "A7B"),
    ],
)
def test_a_pattern_is_filled_with_year_and_count(pattern: str, count: int, expected: str) -> None:
    assert fill(pattern, count, date(2026, 3, 2)) == expected


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_two_counts_never_make_the_same_number(one: int, other: int) -> None:
    numbers = {fill("INV-{YYYY}-{####}", count, date(2026, 1, 1)) for count in (one, other)}

    assert len(numbers) == len({one, other})


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("INV-{YYYY}", "needs {####} once"),
        ("{####}-{####}", "needs {####} once"),
        ("{MM}-{####}", "not {MM}"),
        ("Rechnung №{####}", "letters A to Z"),
        ("", "is missing"),
        ("x" * 61 + "{##}", "at most 64"),
    ],
)
def test_a_pattern_that_can_not_number_invoices_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence) as refusal:
        check_pattern(pattern)

    assert refusal.value.field == "number_pattern"


@pytest.mark.django_db
def test_new_invoices_follow_the_new_pattern_and_counter(by: Membership) -> None:
    actions.update_settings(DETAILS, by=by, now=NOW)

    assert [an_invoice(by).number for _ in range(2)] == ["R2026/41", "R2026/42"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (replace(DETAILS, next_number=0), "next_number"),
        (replace(DETAILS, next_number=10**10), "next_number"),
        (replace(DETAILS, tax_percent=Decimal(200)), "tax_percent"),
        (replace(DETAILS, tax2_label="x" * 51), "tax2_label"),
        (replace(DETAILS, email_subject=""), "email_subject"),
        (replace(DETAILS, payment_term="custom"), "payment_days"),
    ],
)
def test_settings_that_can_not_work_are_refused(by: Membership, changed: SettingsDetails, field: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        actions.update_settings(changed, by=by, now=NOW)

    assert refusal.value.field == field


@pytest.mark.django_db
def test_a_workspace_starts_with_three_categories_once() -> None:
    workspace = a_workspace()

    actions.open_books(workspace)

    member = a_membership(workspace)
    assert [str(each) for each in queries.categories_in_use(member)] == ["Expense", "Product", "Service"]


@pytest.mark.django_db
def test_a_category_is_renamed_archived_and_restored(by: Membership) -> None:
    category = a_category(by)

    assert actions.rename_category(category, "Advice", by=by, now=NOW).name == "Advice"
    actions.archive_category(category, by=by, now=NOW)
    assert "Advice" not in [str(each) for each in queries.categories_in_use(by)]
    actions.restore_category(category, by=by, now=NOW)
    assert "Advice" in [str(each) for each in queries.categories_in_use(by)]


@pytest.mark.django_db
def test_two_categories_can_not_share_a_name(by: Membership) -> None:
    with pytest.raises(InvalidValue, match="already a category named SERVICE"):
        a_category(by, "SERVICE")


@pytest.mark.django_db
def test_only_administrators_change_settings_and_categories(by: Membership) -> None:
    manager = a_membership(by.workspace, role=Role.MANAGER, may_send_invoices=True)

    with pytest.raises(NotAllowed, match="Only Administrators may change invoice settings"):
        actions.update_settings(DETAILS, by=manager, now=NOW)
    with pytest.raises(NotAllowed):
        a_category(manager)
