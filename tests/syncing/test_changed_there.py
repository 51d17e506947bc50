"""What people change in Xero meanwhile: we follow it or say it, and never write over it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_line, a_payment, an_invoice_draft
from connections.walking import connect
from joined import Joined
from keito_books.connections.checking import check_connections
from keito_books.connections.models import Connection
from keito_books.syncing.models import Link
from keito_books.syncing.status import Status


def bookkeeper(joined: Joined, do: str, **details: object) -> None:
    joined.sandbox.bookkeeper(joined.connection.organisation_name, do, **details)


@pytest.mark.fault("F51")
def test_a_renamed_contact_is_used_on_and_keeps_its_new_name(joined: Joined) -> None:
    first = joined.invoice(client=joined.client("Blue Fern Ltd"))
    joined.copy(first)
    joined.work()
    bookkeeper(joined, "rename contact", contact="Blue Fern Ltd", name="Blue Fern Holdings")
    second = joined.invoice(client=first.client)

    joined.copy(second)
    joined.work()

    contact_id = Link.objects.get(client=first.client).remote_id
    [there] = joined.invoices_there(second.number)
    assert there["Contact"]["ContactID"] == contact_id
    assert joined.there(f"Contacts/{contact_id}")["Contacts"][0]["Name"] == "Blue Fern Holdings"
    assert joined.asked("PUT", "/Contacts") == 1


@pytest.mark.fault("F56")
def test_an_amount_that_was_changed_there_is_never_written_over(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    bookkeeper(joined, "edit invoice", invoice=invoice.number, unit_amount="150")

    joined.copy(invoice)
    a_payment(invoice, joined.by, "40")
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    assert (there["Total"], there["AmountPaid"]) == (Decimal(150), Decimal(40))
    assert joined.asked("PUT", "/Invoices") == 1
    assert joined.asked("POST", "/Invoices") == 0


@pytest.mark.fault("F57")
def test_a_payment_of_an_invoice_that_was_voided_there_is_refused_with_the_reason(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    bookkeeper(joined, "void invoice", invoice=invoice.number)

    a_payment(invoice, joined.by, "40")
    joined.work()

    [standing] = joined.payments(invoice)
    assert (standing.status, standing.code) == (Status.FAILED, "invoice_not_payable")
    assert "voided" in standing.text


@pytest.mark.fault("F59")
def test_a_payment_that_was_deleted_there_is_not_sent_again_by_itself(joined: Joined) -> None:
    invoice = joined.invoice(paid="40")
    joined.copy(invoice)
    joined.work()
    bookkeeper(joined, "delete payment", payment=Link.objects.get(kind="payment").remote_id)

    joined.copy(invoice)
    joined.clock.advance(minutes=20)
    joined.work()

    assert joined.invoices_there(invoice.number)[0]["AmountDue"] == Decimal(100)
    assert joined.asked("PUT", "/Payments") == 1


@pytest.mark.fault("F60")
def test_more_than_is_outstanding_there_is_refused(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    bookkeeper(joined, "pay invoice", invoice=invoice.number, amount="80")

    a_payment(invoice, joined.by, "30")
    joined.work()

    [standing] = joined.payments(invoice)
    assert (standing.status, standing.code) == (Status.FAILED, "overpayment")
    assert joined.invoices_there(invoice.number)[0]["AmountDue"] == Decimal(20)


@pytest.mark.fault("F64")
def test_a_rate_that_changed_since_the_lists_were_read_is_never_called_a_success(joined: Joined) -> None:
    draft = an_invoice_draft(joined.client(), lines=[a_line(taxed=True)], tax_percent="20")
    invoice = joined.invoice(draft=draft)
    bookkeeper(joined, "change tax rate", tax_type="OUTPUT2", rate=17.5)

    joined.copy(invoice)
    joined.work()

    differs = joined.status(invoice)
    assert (differs.status, differs.code) == (Status.FAILED, "not_as_sent")
    assert "tax is 17.50 there and 20.00 here" in differs.text


@pytest.mark.fault("F69", "F78")
def test_an_organisation_that_is_gone_lets_its_jobs_wait_until_it_is_joined_again(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    bookkeeper(joined, "disconnect app")

    joined.work()
    check_connections(joined.clock())
    joined.clock.advance(minutes=6)
    joined.work()
    expired = Connection.objects.get()
    waiting = joined.status(invoice)
    joined.connection = connect(joined.by, joined.connection.organisation_id, now=joined.clock())
    joined.work()

    assert (expired.state, expired.expired_kind) == (Connection.State.EXPIRED, Connection.Expiry.REMOVED_THERE)
    assert waiting.status is Status.PENDING
    assert "Reconnect" in waiting.text
    assert joined.status(invoice).status is Status.SUCCESS
