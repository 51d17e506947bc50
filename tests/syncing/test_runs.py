"""Many invoices at once: each is sent once, and a person may hold back what has not left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from builders import a_membership, a_workspace
from joined import ORGANISATION, Joined, a_connection
from keito_books.accounting.documents import Kind
from keito_books.connections import signals as connection_signals
from keito_books.connections.models import Connection
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.models import Invoice, State
from keito_books.syncing import runs
from keito_books.syncing.errors import NotConnectedNow, NotCopyable
from keito_books.syncing.models import BULK, CLICK, Job, Run
from keito_books.syncing.progress import progress_of
from keito_books.syncing.queue import enqueue
from keito_books.syncing.status import Status, with_status
from keito_books.workspaces.errors import NeedsPlan, NotAllowed
from keito_books.workspaces.models import AuditEntry, Plan, Role


def start(joined: Joined, *invoices: Invoice) -> Run:
    return runs.start_run([invoice.pk for invoice in invoices], by=joined.by, now=joined.clock())


def states(run: Run) -> list[str]:
    return sorted(Job.objects.filter(run=run, kind="invoice").values_list("state", flat=True))


def three(joined: Joined) -> list[Invoice]:
    client = joined.client()
    return [joined.invoice(client=client) for _ in range(3)]


@pytest.mark.fault("F103")
@pytest.mark.promise("P1", "P4", "P46")
def test_a_run_brings_each_invoice_over_once_with_its_contact(joined: Joined) -> None:
    invoices = three(joined)

    run = start(joined, *invoices)
    joined.work()

    assert {joined.status(each).status for each in invoices} == {Status.SUCCESS}
    assert [len(joined.invoices_there(each.number)) for each in invoices] == [1, 1, 1]
    assert joined.asked("PUT", "/Contacts") == 1
    assert (run.invoices, runs.is_open(run)) == (3, False)


def test_a_run_goes_behind_clicks_and_is_in_the_history_of_each_invoice(joined: Joined) -> None:
    first, second, third = three(joined)

    run = start(joined, first, second)
    joined.copy(third)

    assert set(run.jobs.values_list("priority", flat=True)) == {BULK, CLICK}  # the click hurried their contact
    assert set(run.jobs.filter(kind="invoice").values_list("priority", flat=True)) == {BULK}
    entries = AuditEntry.objects.filter(action="sync.requested", object_label=first.number)
    assert [entry.person for entry in entries] == [joined.by.person]
    assert AuditEntry.objects.get(action="sync.run_started").object_label == "2 invoices"


@pytest.mark.promise("P66", "P68")
def test_a_second_start_takes_only_what_the_first_left(joined: Joined) -> None:
    first, second, third = three(joined)
    run = start(joined, first, second)

    other = start(joined, first, second, third)
    with pytest.raises(runs.NothingToCopy) as nothing:
        start(joined, first, second, third)

    assert (run.jobs.filter(kind="invoice").count(), other.jobs.filter(kind="invoice").count()) == (2, 1)
    assert nothing.value.run in (run, other)
    assert Run.objects.count() == 2


def test_drafts_closed_and_foreign_invoices_are_left_out(joined: Joined) -> None:
    mine = joined.invoice()
    others = [joined.invoice(state=State.DRAFT), joined.invoice(state=State.CLOSED)]
    stranger = a_membership(a_workspace())
    joined.by, foreign_by = stranger, joined.by
    foreign = joined.invoice()
    joined.by = foreign_by

    run = start(joined, mine, *others, foreign)

    assert list(run.jobs.filter(kind="invoice").values_list("invoice", flat=True)) == [mine.pk]


@pytest.mark.fault("F103")
@pytest.mark.promise("P45")
def test_pause_holds_back_what_was_not_sent_and_resume_lets_it_go_on(joined: Joined) -> None:
    invoices = three(joined)
    run = start(joined, *invoices)

    runs.pause_run(run, by=joined.by, now=joined.clock())
    joined.work()

    assert states(run) == ["held"] * 3
    assert joined.asked("PUT", "/") == 0
    standing = joined.status(invoices[0])
    assert (standing.status, standing.run_id) == (Status.PENDING, run.pk)
    assert standing.text.startswith("Held back")
    assert with_status(Invoice.objects.all(), joined.workspace, Status.PENDING).count() == 3
    runs.resume_run(run, by=joined.by, now=joined.clock())
    joined.work()
    assert states(run) == ["done"] * 3


def test_pause_leaves_alone_what_may_have_arrived(joined: Joined) -> None:
    invoice = joined.invoice()
    run = start(joined, invoice)
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply")
    joined.work()
    assert states(run) == ["sending"]

    runs.pause_run(run, by=joined.by, now=joined.clock())

    assert states(run) == ["sending"]
    for _ in range(8):
        joined.clock.advance(minutes=3)
        joined.work()
    assert states(run) == ["done"]
    assert len(joined.invoices_there(invoice.number)) == 1


def test_a_click_frees_one_invoice_of_a_paused_run_and_its_contact(joined: Joined) -> None:
    first, second, _ = invoices = three(joined)
    run = start(joined, *invoices)
    runs.pause_run(run, by=joined.by, now=joined.clock())

    joined.copy(first)
    joined.work()

    assert joined.status(first).status is Status.SUCCESS
    assert joined.status(second).status is Status.PENDING
    progress = progress_of(run, now=joined.clock())
    assert (progress.left, progress.held, progress.apart) == (2, 2, 1)


def test_a_held_invoice_may_be_reverted_to_draft_and_stays_here_on_resume(joined: Joined) -> None:
    first, second, third = three(joined)
    run = start(joined, first, second, third)
    runs.pause_run(run, by=joined.by, now=joined.clock())

    invoicing.revert_to_draft(first, by=joined.by, now=joined.clock())
    runs.resume_run(run, by=joined.by, now=joined.clock())
    joined.work()

    assert states(run) == ["done", "done", "stopped"]
    assert joined.status(first).status is Status.NOT_SYNCED
    assert joined.invoices_there(first.number) == []


def test_cancel_stops_what_was_not_sent_and_nothing_else(joined: Joined) -> None:
    first, second, third = three(joined)
    started = start(joined, first)
    joined.work()
    run = start(joined, second, third)

    stopped = runs.cancel_run(run, by=joined.by, now=joined.clock())
    joined.work()

    assert stopped == 2
    assert (states(started), states(run)) == (["done"], ["stopped", "stopped"])
    assert [joined.status(each).status for each in (second, third)] == [Status.NOT_SYNCED] * 2
    assert runs.cancel_run(run, by=joined.by, now=joined.clock()) == 0
    again = start(joined, second, third)
    joined.work()
    assert states(again) == ["done", "done"]


def test_retry_takes_the_failed_ones_and_leaves_the_rest(joined: Joined) -> None:
    invoices = three(joined)
    joined.sandbox.bookkeeper(ORGANISATION, "withdraw invoice permission")
    run = start(joined, *invoices)
    joined.work()
    failed = progress_of(run, now=joined.clock())
    assert (failed.failed, failed.causes[0].count) == (3, 3)
    assert "may not create invoices" in failed.causes[0].explanation.sentence
    joined.sandbox.bookkeeper(ORGANISATION, "give invoice permission")

    assert runs.retry_failed(run, by=joined.by, now=joined.clock()) == 3
    joined.work()

    assert states(run) == ["done"] * 3
    assert runs.retry_failed(run, by=joined.by, now=joined.clock()) == 0


@pytest.mark.promise("P58")
def test_disconnecting_stops_what_is_held_back_too(joined: Joined) -> None:
    run = start(joined, *three(joined))
    runs.pause_run(run, by=joined.by, now=joined.clock())

    connection_signals.disconnected.send(sender=Connection, connection=joined.connection, now=joined.clock())

    assert states(run) == ["stopped"] * 3


def test_nothing_is_resumed_while_the_connection_is_expired(joined: Joined) -> None:
    run = start(joined, joined.invoice())
    runs.pause_run(run, by=joined.by, now=joined.clock())
    Connection.objects.update(state=Connection.State.EXPIRED)

    with pytest.raises(NotConnectedNow, match="Reconnect"):
        runs.resume_run(run, by=joined.by, now=joined.clock())
    with pytest.raises(NotConnectedNow):
        start(joined, joined.invoice())


def test_what_is_held_back_outlives_a_reconnect(joined: Joined) -> None:
    run = start(joined, joined.invoice())
    runs.pause_run(run, by=joined.by, now=joined.clock())
    joined.connection.epoch += 1
    joined.connection.save(update_fields=["epoch"])

    connection_signals.connected.send(sender=Connection, connection=joined.connection, now=joined.clock())

    assert states(run) == ["held"]
    runs.resume_run(run, by=joined.by, now=joined.clock())
    joined.work()
    assert states(run) == ["done"]


def test_retry_asks_to_resume_first(joined: Joined) -> None:
    run = start(joined, *three(joined))
    runs.pause_run(run, by=joined.by, now=joined.clock())

    with pytest.raises(NotCopyable, match="Resume it first"):
        runs.retry_failed(run, by=joined.by, now=joined.clock())


@pytest.mark.promise("P9", "P11")
def test_only_who_may_copy_one_may_copy_many(joined: Joined) -> None:
    run = start(joined, joined.invoice())
    manager = a_membership(joined.workspace, role=Role.MANAGER)
    stranger = a_membership(a_workspace())

    for by in (manager, stranger):
        with pytest.raises(NotAllowed):
            runs.pause_run(run, by=by, now=joined.clock())
        with pytest.raises(NotAllowed):
            runs.cancel_run(run, by=by, now=joined.clock())
    with pytest.raises(NotAllowed):
        runs.start_run([joined.invoice().pk], by=manager, now=joined.clock())
    joined.by.workspace.plan = Plan.PRO
    with pytest.raises(NeedsPlan):
        start(joined, joined.invoice())


@pytest.mark.parametrize(("hold", "state"), [(runs.pause_run, "held"), (runs.cancel_run, "stopped")])
def test_what_turns_out_not_to_have_been_sent_is_then_as_its_run(joined: Joined, hold: Any, state: str) -> None:
    invoice = joined.invoice()
    run = start(joined, invoice)
    joined.sandbox.fault("PUT /Invoices", "drop the request", times=50)
    joined.work()
    assert states(run) == ["sending"]
    hold(run, by=joined.by, now=joined.clock())

    for _ in range(8):
        joined.clock.advance(minutes=3)
        joined.work()

    assert states(run) == [state]
    assert joined.invoices_there(invoice.number) == []


def test_the_payments_of_an_invoice_that_is_there_follow_although_the_rest_is_held_back(joined: Joined) -> None:
    first, second = joined.invoice(state=State.PAID), joined.invoice()
    run = start(joined, first, second)
    payment = enqueue(
        joined.connection,
        Kind.PAYMENT,
        first.payments.get(),
        by=joined.by.person,
        now=joined.clock(),
        priority=BULK,
        run=run,
    )

    runs.pause_run(run, by=joined.by, now=joined.clock())

    payment.refresh_from_db()
    assert (payment.state, states(run)) == ("waiting", ["held", "held"])
    runs.cancel_run(run, by=joined.by, now=joined.clock())
    payment.refresh_from_db()
    assert (payment.state, states(run)) == ("waiting", ["stopped", "stopped"])


def test_a_click_on_an_invoice_of_a_run_is_not_held_back_with_the_rest(joined: Joined) -> None:
    first, second, _ = invoices = three(joined)
    run = start(joined, *invoices)
    joined.copy(first)

    runs.pause_run(run, by=joined.by, now=joined.clock())
    joined.work()

    assert joined.status(first).status is Status.SUCCESS
    assert joined.status(second).run_id == run.pk


def test_a_run_of_another_organisation_is_not_resumed_into_this_one(joined: Joined) -> None:
    run = start(joined, joined.invoice())
    runs.pause_run(run, by=joined.by, now=joined.clock())
    Connection.objects.update(state=Connection.State.DISCONNECTED, grant=None)
    granted = joined.sandbox.grant(["Kōwhai Studio"])
    other = a_connection(
        joined.by, granted, organisation_id=granted["tenant_ids"][0], name="Kōwhai Studio", now=joined.clock()
    )

    with pytest.raises(NotCopyable, match="Kōwhai Studio is connected now"):
        runs.resume_run(run, by=joined.by, now=joined.clock())

    assert not Job.objects.filter(connection=other).exists()


@pytest.mark.fault("F103")
def test_the_end_is_estimated_from_the_limits_and_then_from_what_was_measured(joined: Joined) -> None:
    run = start(joined, *three(joined))
    now = joined.clock()

    # By hand: contacts, invoices and payments go in one batch each; 3 calls of 60 a minute are 3 seconds.
    before = progress_of(run, now=now)
    assert before.per_minute is None
    assert before.ends_at is not None
    assert round((before.ends_at - now).total_seconds(), 1) == 3.0
    [job, *_] = Job.objects.filter(run=run, kind="invoice")
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=now + timedelta(seconds=10))

    # One in 30 seconds is 2 a minute, so the other two take another minute.
    after = progress_of(run, now=now + timedelta(seconds=30))
    assert after.per_minute == 2
    assert after.ends_at == now + timedelta(seconds=90)
