"""What the database itself keeps, whoever writes to it and however many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from builders import (
    NOW,
    TODAY,
    a_client,
    a_line,
    a_payment,
    a_project,
    a_workspace,
    an_administrator,
    an_invoice,
    an_invoice_draft,
)
from keito_books.invoicing import actions
from keito_books.invoicing.drafts import ContactDetails
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Client, ClientContact, Invoice, InvoiceLine, Payment, Project, State
from keito_books.invoicing.models.base import OfWorkspace
from keito_books.workspaces.models import Membership


@pytest.fixture
def by() -> Membership:
    return an_administrator()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "values", "constraint"),
    [
        (State.OPEN, {"due_amount": Decimal(-1)}, "invoice_due_within_amount"),
        (State.OPEN, {"due_amount": F("amount") + 1}, "invoice_due_within_amount"),
        (State.OPEN, {"due_amount": Decimal(0)}, "invoice_state_fits_figures"),
        (State.OPEN, {"amount": F("amount") + 1}, "invoice_amount_adds_up"),
        (State.OPEN, {"state": "sent"}, "invoice_state"),
        (State.OPEN, {"sent_at": None}, "invoice_state_fits_figures"),
        (State.OPEN, {"issue_date": "2026-12-31"}, "invoice_due_after_issue"),
        (State.OPEN, {"currency": "gbp"}, "invoice_currency_shape"),
        (State.OPEN, {"discount_percent": Decimal(101)}, "invoice_discount_percent"),
        (State.OPEN, {"payment_days": 3}, "invoice_term_known"),
        (State.OPEN, {"number": ""}, "invoice_number_not_empty"),
        (State.PAID, {"due_amount": Decimal(1)}, "invoice_state_fits_figures"),
        (State.DRAFT, {"due_amount": Decimal(1)}, "invoice_state_fits_figures"),
    ],
)
def test_an_invoice_whose_figures_contradict_each_other_is_not_stored(
    by: Membership, state: State, values: dict[str, object], constraint: str
) -> None:
    an_invoice(by, state=state)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invoice.objects.update(**values)


@pytest.mark.django_db
def test_a_number_is_unique_in_its_workspace(by: Membership) -> None:
    first, second = an_invoice(by), an_invoice(by)

    with pytest.raises(IntegrityError, match="invoice_number_unique"), transaction.atomic():
        Invoice.objects.filter(pk=second.pk).update(number=first.number)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"amount": Decimal(0)}, "payment_amount_positive"),
        ({"marker": "KP-OIL"}, "payment_marker_shape"),
        ({"deleted_at": NOW}, "payment_deleted_by_somebody"),
    ],
)
def test_a_payment_that_makes_no_sense_is_not_stored(
    by: Membership, values: dict[str, object], constraint: str
) -> None:
    a_payment(an_invoice(by), by)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Payment.objects.update(**values)


def _commit() -> None:
    """Let the database check what it else checks at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
@pytest.mark.parametrize("table", [Invoice, InvoiceLine, Payment, Client, ClientContact, Project])
def test_a_row_never_points_into_another_workspace(by: Membership, table: type[OfWorkspace]) -> None:
    client = a_client(by)
    actions.add_contact(client, ContactDetails(first_name="Ruth"), by=by, now=NOW)
    line = a_line(project=a_project(by, client))
    a_payment(an_invoice(by, client=client, lines=[line]), by)

    table._default_manager.update(workspace=a_workspace("Elsewhere"))

    with pytest.raises(IntegrityError, match="same_workspace"):
        _commit()


def _all_at_once(work: Callable[[], object], times: int) -> list[str]:
    """Do the same thing in several threads, each with a connection of its own; return how each ended."""

    def attempt(_: int) -> str:
        try:
            work()
        except BooksError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(times) as threads:
        return sorted(threads.map(attempt, range(times)))


@pytest.mark.fault("F60")
@pytest.mark.django_db(transaction=True)
def test_payments_at_the_same_time_never_exceed_the_invoice(by: Membership) -> None:
    invoice = an_invoice(by, lines=[a_line(unit_price="100")])

    endings = _all_at_once(
        lambda: actions.record_payment(invoice, amount=Decimal(40), paid_on=TODAY, by=by, now=NOW), times=4
    )

    assert endings == ["InvalidValue", "InvalidValue", "done", "done"]
    assert Invoice.objects.get().due_amount == Decimal(20)


@pytest.mark.django_db(transaction=True)
def test_invoices_at_the_same_time_get_numbers_of_their_own(by: Membership) -> None:
    draft = an_invoice_draft(a_client(by))

    endings = _all_at_once(lambda: actions.create_draft(draft, by=by, now=NOW), times=4)

    assert endings == ["done"] * 4
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == ["INV-2026-0001", "INV-2026-0002", "INV-2026-0003", "INV-2026-0004"]


@pytest.mark.django_db(transaction=True)
def test_reverting_and_paying_at_the_same_time_never_leave_a_draft_with_a_payment(by: Membership) -> None:
    invoice = an_invoice(by, lines=[a_line(unit_price="100")])
    turns = iter(range(4))

    def either() -> object:
        if next(turns) % 2:
            return actions.revert_to_draft(invoice, by=by, now=NOW)
        return actions.record_payment(invoice, amount=Decimal(10), paid_on=TODAY, by=by, now=NOW)

    _all_at_once(either, times=4)

    kept = Invoice.objects.get()
    assert (kept.state == State.DRAFT) == (kept.due_amount == kept.amount)
    assert kept.amount - kept.due_amount == sum(kept.payments.values_list("amount", flat=True))
