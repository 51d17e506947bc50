"""Payments: partial, full, refused and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from builders import (
    NOW,
    TODAY,
    a_client,
    a_line,
    a_membership,
    a_payment,
    a_workspace,
    an_administrator,
    an_invoice,
    an_invoice_draft,
)
from keito_books.invoicing import actions, queries
from keito_books.invoicing.errors import InvalidValue, WrongState
from keito_books.invoicing.models import Invoice, Payment, State
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Membership:
    return an_administrator()


@pytest.fixture
def invoice(by: Membership) -> Invoice:
    return an_invoice(by, lines=[a_line(unit_price="100")])


def test_a_part_leaves_the_invoice_open_with_the_rest_due(by: Membership, invoice: Invoice) -> None:
    payment = a_payment(invoice, by, "30.25", transaction_id="TX-1")

    assert payment.invoice.state == State.OPEN
    assert payment.invoice.due_amount == Decimal("69.75")
    assert payment.transaction_id == "TX-1"


@pytest.mark.fault("F135")
def test_the_part_that_covers_the_rest_makes_it_paid(by: Membership, invoice: Invoice) -> None:
    a_payment(invoice, by, "30.25")

    settled = a_payment(invoice, by, "69.75").invoice

    assert (settled.state, settled.due_amount, settled.paid_at) == (State.PAID, Decimal(0), NOW)


def test_deleting_a_payment_opens_a_paid_invoice_again_and_keeps_the_row(by: Membership, invoice: Invoice) -> None:
    payment = a_payment(invoice, by, "100")

    deleted = actions.delete_payment(payment, by=by, now=NOW)

    assert (deleted.invoice.state, deleted.invoice.due_amount) == (State.OPEN, Decimal(100))
    assert deleted.invoice.paid_at is None
    assert Payment.objects.get(pk=payment.pk).deleted_by == by.person


def test_deleting_a_payment_twice_gives_the_money_back_once(by: Membership, invoice: Invoice) -> None:
    payment = a_payment(invoice, by, "40")

    actions.delete_payment(payment, by=by, now=NOW)
    again = actions.delete_payment(payment, by=by, now=NOW)

    assert again.invoice.due_amount == Decimal(100)


@pytest.mark.fault("F60")
def test_more_than_what_is_due_is_refused_with_both_figures(by: Membership, invoice: Invoice) -> None:
    a_payment(invoice, by, "30")

    with pytest.raises(InvalidValue, match=r"GBP 70\.01.*GBP 70\.00") as refusal:
        a_payment(invoice, by, "70.01")

    assert refusal.value.field == "amount"


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "must be more than zero"),
        ("-5", "must be more than zero"),
        ("10.001", "GBP has 2 decimals"),
        ("NaN", "must be a number"),
        ("Infinity", "must be a number"),
        ("1E+13", r"must be below GBP 10,000,000,000,000\.00"),
        ("1000000000000", "more than what is still due"),
        ("1E-400", "too many decimals"),
    ],
)
def test_an_amount_that_nobody_can_pay_is_refused(by: Membership, invoice: Invoice, amount: str, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence) as refusal:
        a_payment(invoice, by, amount)

    assert refusal.value.field == "amount"
    assert not Payment.objects.exists()


def test_yen_are_paid_without_decimals(by: Membership) -> None:
    draft = an_invoice_draft(a_client(by, currency="JPY"), lines=[a_line(unit_price="1000")])
    invoice = an_invoice(by, draft)

    with pytest.raises(InvalidValue, match="JPY has no decimals"):
        a_payment(invoice, by, "10.5")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(State.DRAFT, "still a draft"), (State.PAID, "already paid in full"), (State.CLOSED, "is Closed")],
)
def test_only_an_open_invoice_takes_payments(by: Membership, state: State, sentence: str) -> None:
    invoice = an_invoice(by, state=state)

    with pytest.raises(WrongState, match=sentence):
        a_payment(invoice, by, "1")


def test_a_payment_of_tomorrow_is_refused(by: Membership, invoice: Invoice) -> None:
    with pytest.raises(InvalidValue, match="in the future") as refusal:
        a_payment(invoice, by, paid_on=TODAY + timedelta(days=1))

    assert refusal.value.field == "paid_on"


@pytest.mark.fault("F134")
def test_a_payment_in_the_year_1899_is_refused(by: Membership, invoice: Invoice) -> None:
    with pytest.raises(InvalidValue, match="year 1899"):
        a_payment(invoice, by, paid_on=date(1899, 12, 31))


@pytest.mark.fault("F93", "F105")
def test_the_same_form_sent_twice_records_one_payment(by: Membership, invoice: Invoice) -> None:
    form = uuid4()

    first, second = (
        actions.record_payment(invoice, amount=Decimal(40), paid_on=TODAY, by=by, now=NOW, submission_id=form)
        for _ in range(2)
    )

    assert first == second
    assert second.invoice.due_amount == Decimal(60)


def test_payments_of_a_closed_invoice_stay_as_they_are(by: Membership) -> None:
    invoice = an_invoice(by, lines=[a_line(unit_price="100")], state=State.CLOSED, paid="40")

    with pytest.raises(WrongState, match="Closed"):
        actions.delete_payment(invoice.payments.get(), by=by, now=NOW)


@pytest.mark.parametrize(("role", "may_send"), [(Role.MEMBER, True), (Role.MANAGER, False)])
def test_members_and_managers_without_the_toggle_may_not_record(role: Role, may_send: bool) -> None:
    workspace = a_workspace()
    invoice = an_invoice(an_administrator(workspace))
    outsider = a_membership(workspace, role=role, may_send_invoices=may_send)

    with pytest.raises(NotAllowed, match="Only Administrators, and Managers with “Send/edit invoices”"):
        a_payment(invoice, outsider)


def test_an_administrator_of_another_workspace_may_not_record(invoice: Invoice) -> None:
    stranger = an_administrator(a_workspace("Elsewhere"))

    with pytest.raises(NotAllowed, match="another workspace"):
        a_payment(invoice, stranger)


def test_the_history_shows_a_running_balance_with_deleted_payments(by: Membership, invoice: Invoice) -> None:
    first = a_payment(invoice, by, "30")
    a_payment(invoice, by, "20")
    actions.delete_payment(first, by=by, now=NOW)

    steps = queries.payment_steps(invoice)

    assert sorted((step.payment.amount, step.payment.is_deleted) for step in steps) == [
        (Decimal(20), False),
        (Decimal(30), True),
    ]
    assert steps[-1].due_after == Decimal(80)
