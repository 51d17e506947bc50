"""People and their memberships."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from builders import a_membership, a_person, a_workspace
from keito_books.workspaces.models import Membership, Person, Workspace

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def test_an_address_is_kept_in_lower_case_and_found_in_any() -> None:
    person = a_person(email=" Ada@Example.COM ")

    assert person.email == "ada@example.com"
    assert Person.objects.get_by_natural_key("ADA@example.com") == person


def test_one_address_belongs_to_one_person() -> None:
    a_person(email="ada@example.com")

    with pytest.raises(IntegrityError, match="person_email_unique"), transaction.atomic():
        a_person(email="ADA@example.com")


def test_the_database_refuses_an_address_with_capitals() -> None:
    person = a_person()

    with pytest.raises(IntegrityError, match="person_email_lower_case"), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(email="Ada@example.com")


def test_a_person_signs_in_with_address_and_password() -> None:
    person = a_person(email="ada@example.com", password=PASSWORD)
    request = RequestFactory().post("/account/login/")

    assert authenticate(request, email="Ada@example.com", password=PASSWORD) == person
    assert authenticate(request, email="ada@example.com", password="wrong") is None
    assert not EmailAddress.objects.exists()


def test_a_person_without_a_password_or_no_longer_active_does_not_sign_in() -> None:
    a_person(email="new@example.com")
    gone = a_person(email="gone@example.com", password=PASSWORD)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    request = RequestFactory().post("/account/login/")

    assert authenticate(request, email="new@example.com", password="") is None
    assert authenticate(request, email="gone@example.com", password=PASSWORD) is None


def test_a_person_is_a_member_of_a_workspace_once() -> None:
    member = a_membership()

    with pytest.raises(IntegrityError, match="membership_once_per_workspace"), transaction.atomic():
        a_membership(member.workspace, person=member.person)


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (Workspace, {"slug": "Not a slug"}, "workspace_slug_shape"),
        (Workspace, {"plan": "gold"}, "workspace_plan_known"),
        (Workspace, {"currency": "£"}, "workspace_currency_shape"),
        (Membership, {"role": "owner"}, "membership_role_known"),
    ],
)
def test_unknown_words_are_not_stored(
    model: type[Workspace] | type[Membership], values: dict[str, str], constraint: str
) -> None:
    a_membership(a_workspace())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**values)
