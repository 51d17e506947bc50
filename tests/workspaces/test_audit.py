"""The audit trail: complete, in the change's own transaction, and only ever added to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from builders import NOW, a_membership
from keito_books.workspaces import audit
from keito_books.workspaces.audit import Subject
from keito_books.workspaces.models import AuditEntry, Membership


def _record(member: Membership, label: str = "INV-1") -> AuditEntry:
    return audit.record(
        "invoice.sent",
        workspace=member.workspace,
        at=NOW,
        person=member.person,
        subject=Subject("invoice", "42", label),
        details={"to": ["a@example.com"]},
    )


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_object_in_which_request() -> None:
    member = a_membership()
    token = audit.request_id.set("req-7")

    try:
        entry = _record(member, "x" * 300)
    finally:
        audit.request_id.reset(token)

    kept = audit.entries_about(member.workspace, "invoice", "42").get()
    assert kept == entry
    assert (kept.at, kept.person, kept.request_id) == (NOW, member.person, "req-7")
    assert kept.details == {"to": ["a@example.com"]}
    assert len(kept.object_label) == 255


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [lambda: AuditEntry.objects.update(action="invoice.closed"), lambda: AuditEntry.objects.all().delete()]
)
def test_the_database_refuses_to_change_or_delete_an_entry(change: Callable[[], object]) -> None:
    _record(a_membership())

    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        change()

    assert AuditEntry.objects.get().action == "invoice.sent"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_audited_outside_a_transaction() -> None:
    member = a_membership()

    with pytest.raises(RuntimeError, match="outside a transaction"):
        _record(member)


@pytest.mark.django_db(transaction=True)
def test_an_entry_falls_with_the_change_that_it_belongs_to() -> None:
    member = a_membership()

    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        _record(member)
        raise ZeroDivisionError

    assert not AuditEntry.objects.exists()
