"""The demo's data: there at once, complete, and left alone afterwards."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from builders import NOW, a_workspace
from keito_books.invoicing.demo import PASSWORD, PEOPLE, seed
from keito_books.invoicing.models import Client, Delivery, Invoice, InvoiceMessage, Payment, State
from keito_books.workspaces.models import AuditEntry, Membership, Person, Plan, Role, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_an_empty_database_gets_two_workspaces_with_all_that_pages_must_bear() -> None:
    summary = seed(NOW)

    assert (summary.was_empty, summary.workspaces) == (True, 2)
    assert summary.clients >= 30
    assert summary.invoices >= 60
    assert set(Workspace.objects.values_list("plan", flat=True)) == {Plan.BUSINESS, Plan.PRO}
    assert set(Invoice.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Invoice.objects.values_list("currency", flat=True)) == {"GBP", "EUR", "USD"}
    assert Invoice.objects.filter(amount=Decimal("12345678.90")).exists()
    assert max(len(client.name) for client in Client.objects.all()) == 120
    assert Invoice.objects.filter(state=State.OPEN, due_date__lt=NOW.date()).count() >= 5
    assert Invoice.objects.filter(tax_amount__gt=0, tax2_amount__gt=0).exists()
    assert Invoice.objects.filter(discount_amount__gt=0).exists()
    assert any(0 < each.due_amount < each.amount for each in Invoice.objects.filter(state=State.OPEN))
    assert Client.objects.exclude(archived_at=None).exists()


def test_everybody_can_sign_in_and_seeding_again_changes_nothing() -> None:
    first = seed(NOW)
    again = seed(NOW)

    assert again.was_empty is False
    assert (again.clients, again.invoices) == (first.clients, first.invoices)
    assert all(Person.objects.get(email=each.email).check_password(PASSWORD) for each in PEOPLE)
    roles = sorted(Membership.objects.values_list("role", flat=True))
    assert roles == [Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.MANAGER, Role.MANAGER, Role.MEMBER]


def test_a_database_with_somebodys_books_is_left_alone() -> None:
    a_workspace("Somebody's own")

    summary = seed(NOW)

    assert (summary.was_empty, summary.workspaces, summary.invoices) == (False, 1, 0)


def test_the_past_is_told_in_order_ends_now_and_mails_nobody(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        seed(NOW)

    entries = AuditEntry.objects.filter(workspace__slug="fernhill", object_kind="invoice")
    times = list(entries.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)
    assert times[-1] <= NOW
    assert not Payment.objects.filter(paid_on__gt=NOW.date()).exists()
    assert mail.outbox == []
    assert not InvoiceMessage.objects.filter(delivery=Delivery.WAITING).exists()
