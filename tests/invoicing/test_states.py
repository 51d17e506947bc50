"""The four states and the ways between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.dispatch import Signal

from builders import (
    NOW,
    a_line,
    a_membership,
    a_payment,
    an_administrator,
    an_invoice,
    send,
)
from keito_books.invoicing import actions, queries, signals
from keito_books.invoicing.errors import NumberTaken, RevertBlocked, WrongState
from keito_books.invoicing.models import Invoice, MessageKind, State
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Membership:
    return an_administrator()


@contextmanager
def _listening(signal: Signal, receiver: Callable[..., None]) -> Iterator[None]:
    signal.connect(receiver)
    try:
        yield
    finally:
        signal.disconnect(receiver)


def _object(**_: Any) -> None:
    raise RevertBlocked("It has been copied to Xero.")


def test_the_first_send_opens_the_invoice(by: Membership) -> None:
    sent = send(an_invoice(by, state=State.DRAFT), by)

    assert (sent.state, sent.sent_at) == (State.OPEN, NOW)


def test_sending_again_keeps_the_state_and_adds_a_message(by: Membership) -> None:
    invoice = an_invoice(by)

    again = send(invoice, by)

    assert again.state == State.OPEN
    assert again.messages.count() == 2
    assert queries.history(invoice)[0].action == "invoice.sent_again"


@pytest.mark.fault("F127")
def test_an_invoice_without_lines_can_not_be_sent(by: Membership) -> None:
    invoice = an_invoice(by, lines=[], state=State.DRAFT)

    with pytest.raises(WrongState, match="has no lines"):
        send(invoice, by)


@pytest.mark.fault("F127")
def test_an_invoice_with_nothing_to_pay_is_paid_as_soon_as_it_is_sent(by: Membership) -> None:
    sent = send(an_invoice(by, lines=[a_line(unit_price="0")], state=State.DRAFT), by)

    assert (sent.state, sent.paid_at) == (State.PAID, NOW)


def test_a_draft_gets_no_reminder(by: Membership) -> None:
    invoice = an_invoice(by, state=State.DRAFT)

    with pytest.raises(WrongState, match="still a draft"):
        send(invoice, by, MessageKind.REMINDER)


def test_a_closed_invoice_is_not_sent_again(by: Membership) -> None:
    with pytest.raises(WrongState, match="is Closed"):
        send(an_invoice(by, state=State.CLOSED), by)


def test_closing_keeps_what_is_due_but_no_longer_counts_it(by: Membership) -> None:
    invoice = an_invoice(by, lines=[a_line(unit_price="100")], paid="40")

    closed = actions.close_invoice(invoice, by=by, now=NOW)

    assert (closed.state, closed.due_amount, closed.closed_at) == (State.CLOSED, Decimal(60), NOW)
    assert queries.receivables(queries.invoices_visible_to(by), today=NOW.date()) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.PAID, State.CLOSED])
def test_only_open_invoices_can_be_closed_or_reverted(by: Membership, state: State) -> None:
    invoice = an_invoice(by, state=state)

    with pytest.raises(WrongState, match="only Open invoices can be closed"):
        actions.close_invoice(invoice, by=by, now=NOW)
    with pytest.raises(WrongState, match="only Open invoices can be reverted"):
        actions.revert_to_draft(invoice, by=by, now=NOW)


def test_an_open_unpaid_invoice_can_be_reverted_and_sent_again(by: Membership) -> None:
    invoice = an_invoice(by)

    draft = actions.revert_to_draft(invoice, by=by, now=NOW)
    again = send(draft, by)

    assert (draft.state, draft.sent_at) == (State.DRAFT, None)
    assert again.state == State.OPEN


def test_a_partly_paid_invoice_can_not_be_reverted_until_its_payment_is_deleted(by: Membership) -> None:
    payment = a_payment(an_invoice(by), by)

    with pytest.raises(WrongState, match="has payments"):
        actions.revert_to_draft(payment.invoice, by=by, now=NOW)
    actions.delete_payment(payment, by=by, now=NOW)

    assert actions.revert_to_draft(payment.invoice, by=by, now=NOW).state == State.DRAFT


def test_another_room_may_object_to_reverting_and_then_nothing_changes(by: Membership) -> None:
    invoice = an_invoice(by)

    with _listening(signals.reverting_to_draft, _object), pytest.raises(RevertBlocked, match="copied to Xero"):
        actions.revert_to_draft(invoice, by=by, now=NOW)

    assert Invoice.objects.get().state == State.OPEN
    assert queries.history(invoice)[0].action == "invoice.sent"


def test_an_open_invoice_can_get_another_number(by: Membership) -> None:
    invoice = an_invoice(by)

    renumbered = actions.renumber_invoice(invoice, "INV-2026-0001-B", by=by, now=NOW)

    assert Invoice.objects.get().number == renumbered.number == "INV-2026-0001-B"


def test_a_number_in_use_or_an_objection_stops_renumbering(by: Membership) -> None:
    taken, invoice = an_invoice(by), an_invoice(by)

    with pytest.raises(NumberTaken):
        actions.renumber_invoice(invoice, taken.number, by=by, now=NOW)
    with _listening(signals.renumbering, _object), pytest.raises(RevertBlocked):
        actions.renumber_invoice(invoice, "NEW-1", by=by, now=NOW)

    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["INV-2026-0001", "INV-2026-0002"]


@pytest.mark.parametrize("state", [State.PAID, State.CLOSED])
def test_a_settled_invoice_keeps_its_number(by: Membership, state: State) -> None:
    with pytest.raises(WrongState, match="number can't be changed"):
        actions.renumber_invoice(an_invoice(by, state=state), "NEW-1", by=by, now=NOW)


def test_a_receiver_that_fails_undoes_the_payment(by: Membership) -> None:
    invoice = an_invoice(by, lines=[a_line(unit_price="100")])

    with _listening(signals.payment_recorded, _object), pytest.raises(RevertBlocked):
        a_payment(invoice, by, "40")

    assert Invoice.objects.get().due_amount == Decimal(100)
    assert not invoice.payments.exists()


def test_other_rooms_hear_of_each_step_after_it_is_saved(by: Membership) -> None:
    heard: list[tuple[str, str]] = []

    def on_send(invoice: Invoice, **_: Any) -> None:
        heard.append(("sent", Invoice.objects.get(pk=invoice.pk).state))

    def on_close(invoice: Invoice, **_: Any) -> None:
        heard.append(("closed", Invoice.objects.get(pk=invoice.pk).state))

    with _listening(signals.invoice_sent, on_send), _listening(signals.invoice_closed, on_close):
        an_invoice(by, state=State.CLOSED)

    assert heard == [("sent", State.OPEN), ("closed", State.CLOSED)]


@pytest.mark.parametrize(("role", "may_send"), [(Role.MANAGER, False), (Role.MEMBER, True)])
def test_without_the_toggle_nobody_sends_closes_reverts_or_renumbers(
    by: Membership, role: Role, may_send: bool
) -> None:
    invoice = an_invoice(by)
    member = a_membership(by.workspace, role=role, may_draft_invoices=True, may_send_invoices=may_send)

    attempts: list[Callable[[], object]] = [
        lambda: send(invoice, member),
        lambda: actions.close_invoice(invoice, by=member, now=NOW),
        lambda: actions.revert_to_draft(invoice, by=member, now=NOW),
        lambda: actions.renumber_invoice(invoice, "N", by=member, now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed, match="may send and change invoices"):
            attempt()
