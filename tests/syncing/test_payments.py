"""Payments follow their invoice: partial, several, deleted; each once, with the ids of both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_payment
from joined import Joined
from keito_books.accounting.documents import Kind
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.models import State
from keito_books.mapping.models import Preferences
from keito_books.syncing.actions import copy_payment
from keito_books.syncing.models import Job, Link
from keito_books.syncing.status import Status


@pytest.mark.fault("F135")
@pytest.mark.promise("P7", "P22", "P50", "P51", "P52", "P53")
def test_partial_payments_follow_one_after_the_other(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()

    first = a_payment(invoice, joined.by, "30", transaction_id="BACS-4711")
    joined.work()
    [half] = joined.invoices_there(invoice.number)
    second = a_payment(invoice, joined.by, "70", transaction_id="BACS-4711")
    joined.work()

    [whole] = joined.invoices_there(invoice.number)
    links = {link.payment_id: link for link in Link.objects.filter(kind=Kind.PAYMENT)}
    there = joined.there(f"Payments/{links[first.pk].remote_id}")["Payments"][0]
    assert (half["Status"], half["AmountDue"], half["AmountPaid"]) == ("AUTHORISED", Decimal(70), Decimal(30))
    assert (whole["Status"], whole["AmountDue"]) == ("PAID", Decimal(0))
    assert there["Reference"] == f"BACS-4711 {first.marker}"
    assert there["Account"]["AccountID"] == Preferences.objects.get().payment_account_id
    assert links[second.pk].remote_id != links[first.pk].remote_id
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS, Status.SUCCESS]


@pytest.mark.promise("P50")
def test_a_paid_invoice_brings_its_payments_along(joined: Joined) -> None:
    invoice = joined.invoice(state=State.PAID)

    joined.copy(invoice)
    joined.work()

    assert joined.invoices_there(invoice.number)[0]["Status"] == "PAID"


@pytest.mark.promise("P21")
def test_without_a_payment_account_the_invoice_goes_and_the_payment_stays(joined: Joined) -> None:
    Preferences.objects.update(payment_account_id="")
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()

    payment = a_payment(invoice, joined.by, "30")
    joined.work()
    Preferences.objects.update(
        payment_account_id=next(each.id for each in joined.books.payment_accounts if each.currency in ("", "GBP"))
    )
    copy_payment(payment, by=joined.by, now=joined.clock())
    joined.work()

    assert joined.status(invoice).status is Status.SUCCESS
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS]
    assert joined.asked("PUT", "/Payments") == 1


def test_a_payment_of_an_invoice_that_was_never_copied_stays_here(joined: Joined) -> None:
    invoice = joined.invoice(paid="30")

    joined.work()

    assert [each.status for each in joined.payments(invoice)] == [Status.NOT_SYNCED]
    assert not Job.objects.exists()


def test_a_deleted_payment_is_deleted_there_too(joined: Joined) -> None:
    invoice = joined.invoice(state=State.PAID)
    joined.copy(invoice)
    joined.work()
    payment = invoice.payments.get()

    invoicing.delete_payment(payment, by=joined.by, now=joined.clock())
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    gone = joined.there(f"Payments/{Link.objects.get(payment=payment).remote_id}")["Payments"][0]
    assert (there["Status"], there["AmountDue"]) == ("AUTHORISED", Decimal(100))
    assert gone["Status"] == "DELETED"
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS]


@pytest.mark.fault("F98")
def test_a_payment_that_replaces_another_waits_until_that_is_gone(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    wrong = a_payment(invoice, joined.by, "100")
    joined.work()

    invoicing.delete_payment(wrong, by=joined.by, now=joined.clock())
    right = a_payment(invoice, joined.by, "100", transaction_id="BACS-4712")
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    [alive] = there["Payments"]
    assert (there["Status"], there["AmountPaid"]) == ("PAID", Decimal(100))
    assert alive["Reference"] == f"BACS-4712 {right.marker}"
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS, Status.SUCCESS]


@pytest.mark.fault("F98")
def test_a_payment_deleted_before_it_left_is_simply_not_sent(joined: Joined) -> None:
    invoice = joined.invoice(paid="30")
    joined.copy(invoice)
    joined.work()
    payment = a_payment(invoice, joined.by, "20")

    invoicing.delete_payment(payment, by=joined.by, now=joined.clock())
    joined.work()

    assert joined.asked("PUT", "/Payments") == 1
    assert joined.asked("POST", "/Payments") == 0


@pytest.mark.fault("F98")
def test_a_deleted_payment_whose_sending_is_unknown_is_deleted_once_it_is_known(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    joined.sandbox.fault("PUT /Payments", "save and drop the reply", times=1)
    payment = a_payment(invoice, joined.by, "20")
    joined.work()

    invoicing.delete_payment(payment, by=joined.by, now=joined.clock())
    joined.work()
    joined.clock.advance(minutes=11)
    joined.work()
    joined.clock.advance(minutes=2)
    joined.work()

    assert joined.invoices_there(invoice.number)[0]["AmountDue"] == Decimal(100)
    assert joined.asked("PUT", "/Payments") == 1


@pytest.mark.fault("F98")
def test_a_deleted_payment_whose_request_was_lost_ends_and_holds_nobody_up(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    payment = a_payment(invoice, joined.by, "30")
    joined.sandbox.fault("PUT /Payments", "drop the request", times=1)
    joined.work()
    invoicing.delete_payment(payment, by=joined.by, now=joined.clock())

    for _ in range(4):
        joined.clock.advance(minutes=6)
        joined.work()

    states = dict(Job.objects.filter(payment=payment).values_list("kind", "state"))
    assert states == {Kind.PAYMENT: Job.State.STOPPED, Kind.PAYMENT_DELETION: Job.State.DONE}
    assert joined.asked("PUT", "/Payments") == 1


def test_a_reconciled_payment_is_flagged_and_stays_in_xero(joined: Joined) -> None:
    invoice = joined.invoice(state=State.PAID)
    joined.copy(invoice)
    joined.work()
    payment = invoice.payments.get()
    joined.organisation.payments[Link.objects.get(payment=payment).remote_id].is_reconciled = True

    invoicing.delete_payment(payment, by=joined.by, now=joined.clock())
    joined.work()

    [standing] = joined.payments(invoice)
    assert (standing.status, standing.code) == (Status.FAILED, "payment_not_deletable")
    assert "reconciled" in standing.text


@pytest.mark.fault("F58")
def test_an_invoice_paid_by_hand_in_xero_refuses_the_payment_cleanly(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    [there] = joined.invoices_there(invoice.number)
    account = Preferences.objects.get().payment_account_id
    by_hand = {
        "Invoice": {"InvoiceID": there["InvoiceID"]},
        "Account": {"AccountID": account},
        "Date": "2026-03-02",
        "Amount": "100",
    }
    joined.there("Payments", "PUT", by_hand)

    a_payment(invoice, joined.by, "100")
    joined.work()

    [standing] = joined.payments(invoice)
    assert standing.status is Status.FAILED
    assert standing.code in ("overpayment", "invoice_not_payable")


@pytest.mark.fault("F61")
def test_payments_of_a_draft_wait_until_it_is_approved(joined: Joined) -> None:
    Preferences.objects.update(invoices_as="draft")
    invoice = joined.invoice(paid="40")
    joined.copy(invoice)
    joined.work()
    [draft] = joined.invoices_there(invoice.number)
    [waiting] = joined.payments(invoice)

    joined.there(f"Invoices/{draft['InvoiceID']}", "POST", {"Status": "AUTHORISED"})
    joined.clock.advance(minutes=6)
    joined.work()

    assert draft["Status"] == "DRAFT"
    assert waiting.status is Status.PENDING
    assert "approved in Xero" in waiting.text
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS]
    assert joined.invoices_there(invoice.number)[0]["AmountDue"] == Decimal(60)
