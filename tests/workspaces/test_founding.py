"""Opening a workspace: the one change that nobody's rights allow, so only an operator makes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from builders import a_person
from keito_books.workspaces.errors import InvalidDetail
from keito_books.workspaces.founding import Founder, found_workspace
from keito_books.workspaces.models import AuditEntry, Membership, Person, Role, Workspace

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA = Founder("Ada@Example.com", "Ada Byron", "correct horse battery")


def test_a_founder_signs_in_and_administers_a_business_workspace() -> None:
    member = found_workspace("Lovelace & Co", "gbp", "Europe/London", founder=ADA, now=NOW)

    assert (member.workspace.slug, member.workspace.currency, member.workspace.plan) == (
        "lovelace-co",
        "GBP",
        "business",
    )
    assert member.role == Role.ADMINISTRATOR
    request = RequestFactory().post("/account/login/")
    assert authenticate(request, email="ada@example.com", password=ADA.password) == member.person
    assert [entry.action for entry in AuditEntry.objects.all()] == ["person.added"]


def test_somebody_with_an_account_keeps_name_and_password() -> None:
    known = a_person(email="ada@example.com")
    before = (known.name, known.password)

    member = found_workspace("Second", "NZD", "Pacific/Auckland", founder=ADA, now=NOW)

    known.refresh_from_db()
    assert member.person == known
    assert (known.name, known.password) == before


def test_two_companies_of_one_name_have_two_addresses() -> None:
    slugs = [found_workspace("Acme", "GBP", "Europe/London", founder=ADA, now=NOW).workspace.slug for _ in range(3)]

    assert slugs == ["acme", "acme-2", "acme-3"]


@pytest.mark.parametrize(
    ("name", "currency", "zone", "founder"),
    [
        ("", "GBP", "Europe/London", ADA),
        ("Acme", "pounds", "Europe/London", ADA),
        ("Acme", "GBP", "Middle/Earth", ADA),
        ("Acme", "GBP", "Europe/London", Founder("nobody", "Ada", "correct horse battery")),
        ("Acme", "GBP", "Europe/London", Founder("ada@example.com", "Ada", "short")),
    ],
)
def test_a_refused_detail_leaves_nothing_behind(name: str, currency: str, zone: str, founder: Founder) -> None:
    with pytest.raises(InvalidDetail):
        found_workspace(name, currency, zone, founder=founder, now=NOW)

    assert not Workspace.objects.exists()
    assert not Person.objects.exists()
    assert not Membership.objects.exists()


def test_a_name_without_latin_letters_has_an_address_too() -> None:
    assert found_workspace("株式会社", "JPY", "Asia/Tokyo", founder=ADA, now=NOW).workspace.slug == "workspace"
