"""An invoice goes to Xero by itself when it is sent, where an Administrator has chosen that, and nowhere else."""

from __future__ import annotations

import pytest

from builders import a_line, a_membership, an_invoice_draft, send
from joined import Joined
from keito_books.connections.models import Connection
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.models import Invoice, State
from keito_books.mapping import actions as mapping
from keito_books.mapping.models import Preferences
from keito_books.syncing.models import Job
from keito_books.syncing.status import Status
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import AuditEntry, Plan, Role, Workspace


@pytest.fixture
def turned_on(joined: Joined) -> Joined:
    mapping.save_behaviour(joined.connection, copies_when_sent=True, by=joined.by, now=joined.clock())
    return joined


def a_draft(joined: Joined) -> Invoice:
    return joined.invoice(state=State.DRAFT)


def test_it_is_off_until_an_administrator_turns_it_on(joined: Joined) -> None:
    send(a_draft(joined), joined.by)
    assert not Job.objects.exists()

    manager = a_membership(joined.workspace, role=Role.MANAGER, may_send_invoices=True)
    with pytest.raises(NotAllowed):
        mapping.save_behaviour(joined.connection, copies_when_sent=True, by=manager, now=joined.clock())

    assert not Preferences.objects.get().copies_when_sent


@pytest.mark.promise("P1", "P4")
def test_a_sent_invoice_is_copied_on_behalf_of_who_sent_it(turned_on: Joined) -> None:
    manager = a_membership(turned_on.workspace, role=Role.MANAGER, may_send_invoices=True)
    invoice = a_draft(turned_on)

    send(invoice, manager)
    turned_on.work()

    assert turned_on.status(invoice).status is Status.SUCCESS
    assert Job.objects.get(kind="invoice").requested_by == manager.person
    entry = AuditEntry.objects.get(action="sync.requested_when_sent")
    assert (entry.person, entry.object_label) == (manager.person, invoice.number)


def test_sending_again_copies_nothing_more(turned_on: Joined) -> None:
    invoice = send(a_draft(turned_on), turned_on.by)
    turned_on.work()

    send(invoice, turned_on.by)
    turned_on.work()

    assert turned_on.asked("PUT", "/Invoices") == 1


def test_an_invoice_that_was_corrected_before_it_left_goes_when_it_is_sent_again(turned_on: Joined) -> None:
    Preferences.objects.update(revenue_account_id="")
    invoice = send(a_draft(turned_on), turned_on.by)
    turned_on.work()
    invoicing.revert_to_draft(invoice, by=turned_on.by, now=turned_on.clock())
    Preferences.objects.update(revenue_account_id=turned_on.account("Sales"))

    invoice.refresh_from_db()
    send(invoice, turned_on.by)
    turned_on.work()

    assert turned_on.status(invoice).status is Status.SUCCESS


@pytest.mark.promise("P47", "P63")
def test_what_stands_in_the_way_is_told_as_after_a_click(turned_on: Joined) -> None:
    draft = an_invoice_draft(turned_on.client(), lines=[a_line(taxed=True)], tax_percent="5")
    invoice = invoicing.create_draft(draft, by=turned_on.by, now=turned_on.clock())

    send(invoice, turned_on.by)
    turned_on.work()

    standing = turned_on.status(invoice)
    assert standing.status is Status.FAILED
    assert "No Xero tax rate is chosen" in standing.text


@pytest.mark.promise("P59", "P60")
def test_what_is_sent_while_the_connection_is_expired_waits_and_is_not_lost(turned_on: Joined) -> None:
    Connection.objects.update(state=Connection.State.EXPIRED)
    invoice = send(a_draft(turned_on), turned_on.by)
    turned_on.work()
    assert turned_on.status(invoice).status is Status.PENDING

    Connection.objects.update(state=Connection.State.ACTIVE)
    turned_on.clock.advance(minutes=6)
    turned_on.work()

    assert turned_on.status(invoice).status is Status.SUCCESS


@pytest.mark.promise("P9")
def test_without_the_plan_it_waits(turned_on: Joined) -> None:
    Workspace.objects.update(plan=Plan.PRO)

    invoice = send(a_draft(turned_on), turned_on.by)
    turned_on.work()

    assert turned_on.status(invoice).status is Status.PENDING
    assert "Business plan" in turned_on.status(invoice).text
    assert turned_on.asked("PUT", "/") == 0


@pytest.mark.promise("P58")
def test_after_disconnecting_nothing_is_queued(turned_on: Joined) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED, grant=None)

    send(a_draft(turned_on), turned_on.by)

    assert not Job.objects.exists()
