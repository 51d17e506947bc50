"""A number that is taken in Xero: both are compared, then linked, renumbered or skipped, by a person alone."""

from __future__ import annotations

from typing import Any

import pytest

from builders import an_invoice_draft
from joined import Joined
from keito_books.invoicing.models import Invoice
from keito_books.syncing import collisions
from keito_books.syncing.errors import NotLinkable
from keito_books.syncing.health import health_of
from keito_books.syncing.models import Link
from keito_books.syncing.status import Status


def a_collision(joined: Joined, *, price: int) -> Invoice:
    """Return an invoice of 100.00 that failed, since somebody entered one with its number in Xero for its client."""
    client = joined.client()
    joined.copy(joined.invoice(client=client))
    joined.work()
    invoice = joined.invoice(draft=an_invoice_draft(client, number="INV-77"))
    theirs: dict[str, Any] = {
        "Type": "ACCREC",
        "InvoiceNumber": "INV-77",
        "Contact": {"ContactID": Link.objects.get(client=client).remote_id},
        "Date": invoice.issue_date.isoformat(),
        "DueDate": invoice.due_date.isoformat(),
        "CurrencyCode": invoice.currency,
        "LineItems": [
            {"Description": "Typed", "Quantity": 1, "UnitAmount": price, "AccountCode": "200", "TaxType": "NONE"}
        ],
        "Status": "AUTHORISED",
    }
    joined.there("Invoices", "PUT", theirs)
    joined.copy(invoice)
    joined.work()
    return invoice


def compared(joined: Joined, invoice: Invoice) -> collisions.Collision:
    found = collisions.collision_of(invoice, joined.connection)
    assert found is not None
    return found


@pytest.mark.fault("F48")
def test_an_equal_one_is_linked_by_a_person_and_then_compared(joined: Joined) -> None:
    invoice = a_collision(joined, price=100)
    found = compared(joined, invoice)

    for _ in range(2):
        collisions.link_invoice(invoice, remote_id=found.remote_id, by=joined.by, now=joined.clock())
    joined.work()

    assert (found.why_not_link, joined.status(invoice).status) == ("", Status.SUCCESS)
    assert Link.objects.get(invoice=invoice).origin == "chosen"
    assert len(joined.invoices_there("INV-77")) == 1


@pytest.mark.fault("F48")
def test_another_total_is_never_linked(joined: Joined) -> None:
    invoice = a_collision(joined, price=5)
    found = compared(joined, invoice)

    with pytest.raises(NotLinkable, match="total"):
        collisions.link_invoice(invoice, remote_id=found.remote_id, by=joined.by, now=joined.clock())

    assert [row.label for row in found.rows if not row.is_equal] == ["Contact", "Total"] or not found.is_equal
    assert not Link.objects.filter(invoice=invoice).exists()


@pytest.mark.fault("F48")
def test_a_renumbered_invoice_is_copied_once_and_a_second_tab_changes_nothing(joined: Joined) -> None:
    invoice = a_collision(joined, price=5)
    number = collisions.proposed_number(invoice)

    new: dict[str, Any] = {"number": number, "instead_of": "INV-77", "by": joined.by, "now": joined.clock()}
    collisions.renumber_and_copy(invoice, **new)
    with pytest.raises(NotLinkable, match="meanwhile"):
        collisions.renumber_and_copy(invoice, **new)
    joined.work()

    assert joined.status(invoice).status is Status.SUCCESS
    assert len(joined.invoices_there(number)) == 1
    assert len(joined.invoices_there("INV-77")) == 1


def test_a_skipped_one_stays_failed_and_is_not_counted(joined: Joined) -> None:
    invoice = a_collision(joined, price=5)
    before = health_of(joined.connection, now=joined.clock()).failed

    collisions.skip(invoice, by=joined.by, now=joined.clock())

    assert before == 1
    assert health_of(joined.connection, now=joined.clock()).failed == 0
    assert joined.status(invoice).status is Status.FAILED
