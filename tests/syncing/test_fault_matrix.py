"""Several people, settings, dates and databases: rows of docs/faults.md that have no better place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import OperationalError
from django.db import connection as database

from builders import a_client, a_membership, an_invoice_draft
from joined import Joined, join
from keito_books.accounting.documents import Kind
from keito_books.invoicing import actions as invoicing
from keito_books.mapping import actions as mapping
from keito_books.providers.xero.documents import XeroDocuments
from keito_books.syncing import actions, records
from keito_books.syncing.models import Dispatch, Job
from keito_books.syncing.queue import enqueue
from keito_books.syncing.status import Status
from keito_books.workspaces.audit import entries_about
from xero_sandbox.seeds.demo import NEW_ZEALAND_ID
from xero_sandbox.testing import RunningSandbox


@pytest.mark.fault("F94")
def test_two_people_who_copy_one_invoice_share_its_job(joined: Joined) -> None:
    invoice = joined.invoice()
    colleague = a_membership(joined.workspace)

    mine = joined.copy(invoice)
    theirs = actions.copy_invoice(invoice, by=colleague, now=joined.clock())
    seen = joined.status(invoice)
    joined.work()

    asked = [
        each.person for each in entries_about(joined.workspace, "invoice", invoice.pk) if "sync.req" in each.action
    ]
    assert mine.pk == theirs.pk
    assert seen.status is Status.PENDING
    assert asked == [joined.by.person]
    assert joined.asked("PUT", "/Invoices") == 1


@pytest.mark.fault("F97")
def test_an_invoice_that_is_closed_before_it_leaves_stays_here_with_its_payments(joined: Joined) -> None:
    invoice = joined.invoice(paid="40")
    joined.copy(invoice)
    job = Job.objects.get(kind="invoice")
    enqueue(joined.connection, Kind.PAYMENT, invoice.payments.get(), by=None, now=joined.clock())
    invoicing.close_invoice(invoice, by=joined.by, now=joined.clock())

    joined.work()
    joined.clock.advance(minutes=3)
    joined.work()

    job.refresh_from_db()
    assert job.state == Job.State.STOPPED
    assert joined.status(invoice).status is Status.NOT_SYNCED
    assert [each.status for each in joined.payments(invoice)] == [Status.NOT_SYNCED]
    assert joined.asked("PUT", "/Invoices") == joined.asked("PUT", "/Payments") == 0


@pytest.mark.fault("F97")
def test_an_invoice_that_is_closed_on_its_way_is_shown_to_be_in_xero(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()
    invoicing.close_invoice(invoice, by=joined.by, now=joined.clock())

    joined.clock.advance(minutes=11)
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    shown = joined.status(invoice)
    assert (shown.status, shown.remote_id) == (Status.SUCCESS, there["InvoiceID"])
    assert joined.asked("PUT", "/Invoices") == 1


@pytest.mark.fault("F99")
def test_settings_count_until_the_first_sending_and_are_frozen_then(joined: Joined) -> None:
    client = joined.client()
    frozen, later = joined.invoice(client=client), joined.invoice(client=client)
    joined.sandbox.fault("PUT /Invoices", "drop the request", times=1)
    joined.copy(frozen)
    joined.work()
    joined.copy(later)
    mapping.save_accounts(
        joined.connection,
        revenue_account_id=joined.account("Other Revenue"),
        payment_account_id="",
        invoices_as="awaiting_payment",
        by=joined.by,
        now=joined.clock(),
    )

    joined.clock.advance(seconds=5)
    joined.work()

    codes = [joined.invoices_there(each.number)[0]["LineItems"][0]["AccountCode"] for each in (frozen, later)]
    assert codes == ["200", "260"]


@pytest.mark.fault("F100")
def test_retry_while_xero_is_being_asked_sends_nothing(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()
    joined.clock.advance(minutes=4)
    joined.work()
    puts = joined.asked("PUT", "/Invoices")

    joined.copy(invoice)
    joined.work()

    still = joined.status(invoice)
    assert still.status is Status.PENDING
    assert "Nothing is sent again" in still.text
    assert joined.asked("PUT", "/Invoices") == puts
    assert Dispatch.objects.filter(kind="invoice").count() == 1


@pytest.mark.fault("F106")
def test_a_deadlock_while_freezing_lets_the_step_be_done_again(joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    freeze = records.freeze
    deadlocks = iter([OperationalError("deadlock detected")])

    def freeze_later(*args: Any, **named: Any) -> Dispatch:
        for deadlock in deadlocks:
            raise deadlock
        return freeze(*args, **named)

    monkeypatch.setattr(records, "freeze", freeze_later)

    joined.work()
    after_one = joined.asked("PUT", "/api.xro")
    joined.clock.advance(minutes=1)
    joined.work()

    assert after_one == 0
    assert joined.status(invoice).status is Status.SUCCESS
    assert joined.asked("PUT", "/Invoices") == 1


@pytest.mark.fault("F106")
def test_no_call_runs_inside_a_transaction(
    transactional_db: None, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = join(sandbox)
    joined.copy(joined.invoice(paid="40"))
    seen: list[bool] = []
    for name in ("send", "find_contacts", "find_invoices", "get_invoice", "find_payments"):
        monkeypatch.setattr(XeroDocuments, name, watched(getattr(XeroDocuments, name), seen))
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)

    joined.work()
    joined.clock.advance(minutes=11)
    joined.work()

    # The contact is looked for and made, the invoice sent and looked for, the payment sent.
    assert seen == [False] * 5
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def watched(call: Any, seen: list[bool]) -> Any:
    def watch(*args: Any, **named: Any) -> Any:
        seen.append(database.in_atomic_block)
        return call(*args, **named)

    return watch


@pytest.mark.fault("F109")
@pytest.mark.parametrize(
    "day",
    [date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 29), date(2026, 4, 5), date(2026, 9, 27)],
)
def test_the_date_on_the_paper_is_the_date_in_an_organisation_thirteen_hours_ahead(
    db: None, sandbox: RunningSandbox, day: date
) -> None:
    joined = join(sandbox, organisation="Kōwhai Studio", organisation_id=NEW_ZEALAND_ID)
    draft = an_invoice_draft(a_client(joined.by, currency="NZD"), issue_date=day)
    invoice = joined.invoice(draft=draft)

    joined.copy(invoice)
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    assert joined.status(invoice).status is Status.SUCCESS
    assert there["DateString"][:10] == day.isoformat()
    assert there["DueDateString"][:10] == invoice.due_date.isoformat()
