"""A date in a locked period is never moved by itself: somebody says whether to wait, to leave a draft, or to redate."""

from __future__ import annotations

from datetime import date

import pytest

from builders import a_line, a_membership, a_payment, an_invoice_draft
from joined import Joined
from keito_books.invoicing.models import Invoice, Payment
from keito_books.syncing.errors import NotCopyable
from keito_books.syncing.lock_answers import answer_lock, answer_to, version_of
from keito_books.syncing.models import LockAnswer
from keito_books.syncing.status import Status
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import AuditEntry, Role

# The builders date invoices in March 2026.
LOCK = date(2026, 3, 31)


def answer(joined: Joined, document: Invoice | Payment, choice: str, dated: date | None = None) -> LockAnswer:
    seen = version_of(answer_to(document, joined.connection))
    return answer_lock(document, choice=choice, dated=dated, seen=seen, by=joined.by, now=joined.clock())


def refused_for_the_lock(joined: Joined) -> Invoice:
    joined.organisation.end_of_year_lock_date = LOCK
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    assert joined.status(invoice).code == "period_locked"
    return invoice


@pytest.mark.fault("F66")
def test_waiting_goes_on_by_itself_when_the_lock_moves(joined: Joined) -> None:
    invoice = refused_for_the_lock(joined)

    answer(joined, invoice, "wait")
    joined.work()
    waiting = joined.status(invoice)
    joined.organisation.end_of_year_lock_date = None
    joined.clock.advance(minutes=61)
    joined.work()

    assert (waiting.status, waiting.code) == (Status.PENDING, "lock")
    assert joined.status(invoice).status is Status.SUCCESS
    joined.token = joined.sandbox.grant([joined.connection.organisation_name])["access_token"]  # the first is over
    [there] = joined.invoices_there(invoice.number)
    assert there["DateString"][:10] == invoice.issue_date.isoformat()


def test_waiting_asks_xero_for_nothing_but_the_lists(joined: Joined) -> None:
    invoice = refused_for_the_lock(joined)
    answer(joined, invoice, "wait")
    joined.work()
    sent = joined.asked("PUT", "/Invoices")

    for _ in range(3):
        joined.clock.advance(minutes=61)
        joined.work()

    assert joined.asked("PUT", "/Invoices") == sent
    assert joined.status(invoice).status is Status.PENDING


def test_another_date_is_sent_and_both_sides_say_so(joined: Joined) -> None:
    invoice = refused_for_the_lock(joined)

    answer(joined, invoice, "redate", date(2026, 4, 20))
    joined.work()

    done = joined.status(invoice)
    [there] = joined.invoices_there(invoice.number)
    assert done.status is Status.SUCCESS
    assert there["DateString"][:10] == "2026-04-20"
    assert there["DueDateString"][:10] == max(invoice.due_date, date(2026, 4, 20)).isoformat()
    assert "in Keito" in there["Reference"]
    assert any("Dated 20 Apr 2026 in Xero" in words for words in done.repairs)
    assert AuditEntry.objects.filter(action="sync.lock_answered").count() == 1
    invoice.refresh_from_db()
    assert invoice.issue_date <= LOCK


def test_a_draft_that_xero_takes_is_left_there_and_its_payments_wait(joined: Joined) -> None:
    joined.sandbox.sandbox.world.readings.drafts_pass_locks = True
    invoice = refused_for_the_lock(joined)

    answer(joined, invoice, "draft")
    joined.work()
    a_payment(invoice, joined.by, "30")
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    assert joined.status(invoice).status is Status.SUCCESS
    assert (there["Status"], there["DateString"][:10]) == ("DRAFT", invoice.issue_date.isoformat())
    [payment] = joined.payments(invoice)
    assert (payment.status, "approved in Xero" in payment.text) == (Status.PENDING, True)


def test_a_draft_that_xero_declines_can_be_decided_anew(joined: Joined) -> None:
    invoice = refused_for_the_lock(joined)
    answer(joined, invoice, "draft")
    joined.work()
    declined = joined.status(invoice)

    answer(joined, invoice, "redate", date(2026, 4, 20))
    joined.work()

    assert (declined.status, declined.code) == (Status.FAILED, "period_locked")
    assert joined.status(invoice).status is Status.SUCCESS


def test_a_payment_gets_another_date(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    joined.organisation.end_of_year_lock_date = LOCK
    payment = a_payment(invoice, joined.by, "30", transaction_id="BACS-1", paid_on=date(2026, 2, 20))
    joined.work()
    [refused] = joined.payments(invoice)

    answer(joined, payment, "redate", date(2026, 4, 2))
    joined.work()

    [done] = joined.payments(invoice)
    there = joined.there(f"Payments/{done.remote_id}")["Payments"][0]
    assert (refused.status, refused.code) == (Status.FAILED, "period_locked")
    assert done.status is Status.SUCCESS
    assert there["Reference"] == f"BACS-1 (paid 20 Feb 2026) {payment.marker}"


def test_what_makes_no_sense_is_refused_and_changes_nothing(joined: Joined) -> None:
    invoice = refused_for_the_lock(joined)
    joined.copy(invoice)
    joined.work()

    for choice, dated, words in (
        ("redate", None, "Enter the date"),
        ("redate", invoice.issue_date, "later"),
        ("redate", LOCK, "locked up to 31 Mar 2026"),
        ("anything", None, "Choose one"),
    ):
        with pytest.raises(NotCopyable, match=words):
            answer(joined, invoice, choice, dated)

    assert not LockAnswer.objects.exists()


def test_two_people_who_decide_at_once_do_not_overwrite_each_other(joined: Joined) -> None:
    invoice = refused_for_the_lock(joined)
    answer(joined, invoice, "wait")

    with pytest.raises(NotCopyable, match="decided this meanwhile"):
        answer_lock(invoice, choice="draft", dated=None, seen="", by=joined.by, now=joined.clock())

    assert LockAnswer.objects.get().choice == "wait"


def test_an_invoice_that_nothing_holds_is_not_decided_about(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()

    with pytest.raises(NotCopyable, match="no longer waits"):
        answer(joined, invoice, "wait")


def test_only_who_may_copy_decides(joined: Joined) -> None:
    invoice = refused_for_the_lock(joined)
    member = a_membership(joined.workspace, role=Role.MEMBER)

    with pytest.raises(NotAllowed):
        answer_lock(invoice, choice="wait", dated=None, seen="", by=member, now=joined.clock())


@pytest.mark.fault("F64")
def test_a_rate_that_changed_is_noticed_before_sending_once_the_lists_are_an_hour_old(joined: Joined) -> None:
    draft = an_invoice_draft(joined.client(), lines=[a_line(taxed=True)], tax_percent="20")
    invoice = joined.invoice(draft=draft)
    joined.sandbox.bookkeeper(joined.connection.organisation_name, "change tax rate", tax_type="OUTPUT2", rate=17.5)
    joined.clock.advance(minutes=61)

    joined.copy(invoice)
    joined.work()

    refused = joined.status(invoice)
    assert (refused.status, refused.code) == (Status.FAILED, "tax_rate_mismatch")
    assert "17.5 %" in refused.text
    assert joined.asked("PUT", "/Invoices") == 0


def test_the_lists_are_read_once_an_hour_however_much_is_sent(joined: Joined) -> None:
    joined.clock.advance(minutes=61)
    before = joined.asked("GET", "/TaxRates")

    for _ in range(3):
        joined.copy(joined.invoice())
        joined.work()

    assert joined.asked("GET", "/TaxRates") == before + 1
