"""What Xero declines is Failed, with the cause, the fix and Xero's own words; mended and retried it succeeds once."""

from __future__ import annotations

from datetime import date

import pytest

from builders import a_client, an_invoice_draft
from joined import Joined, join
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.models import Invoice, State
from keito_books.mapping import actions as mapping
from keito_books.mapping.models import Preferences, TaxMapping
from keito_books.syncing.contacts import link_contact
from keito_books.syncing.explanations import Place
from keito_books.syncing.models import Job, Link
from keito_books.syncing.status import Standing, Status
from xero_sandbox.seeds.demo import AUSTRALIAN_ID
from xero_sandbox.testing import RunningSandbox


def copied(joined: Joined, invoice: Invoice) -> Standing:
    joined.copy(invoice)
    joined.work()
    return joined.status(invoice)


@pytest.mark.promise("P47", "P48", "P49", "P62")
def test_without_a_revenue_account_it_fails_and_succeeds_after_the_fix(joined: Joined) -> None:
    Preferences.objects.update(revenue_account_id="")
    invoice = joined.invoice()

    failed = copied(joined, invoice)
    mapping.save_accounts(
        joined.connection,
        revenue_account_id=joined.account("Sales"),
        payment_account_id="",
        invoices_as="awaiting_payment",
        by=joined.by,
        now=joined.clock(),
    )
    mended = copied(joined, invoice)

    assert (failed.status, failed.code) == (Status.FAILED, "no_revenue_account")
    assert failed.explanation is not None
    assert failed.explanation.place is Place.ACCOUNTS
    assert mended.status is Status.SUCCESS
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.promise("P63")
def test_a_missing_tax_mapping_fails_before_anything_is_sent(joined: Joined) -> None:
    TaxMapping.objects.all().delete()
    invoice = joined.invoice()

    failed = copied(joined, invoice)

    assert (failed.status, failed.code) == (Status.FAILED, "tax_mapping_missing")
    assert joined.asked("PUT", "/Invoices") == 0


@pytest.mark.fault("F62")
def test_an_account_archived_in_xero_is_told_in_xeros_words_too(joined: Joined) -> None:
    joined.organisation.accounts[joined.account("Sales")].status = "ARCHIVED"
    invoice = joined.invoice()

    failed = copied(joined, invoice)

    assert (failed.status, failed.code) == (Status.FAILED, "account_archived")
    assert any("has been archived" in words for words in failed.said)
    assert failed.text.startswith("The account Sales (200) is archived in Xero")


@pytest.mark.fault("F45")
@pytest.mark.promise("P10", "P64")
def test_a_xero_user_without_permission_is_named_as_the_cause(db: None, sandbox: RunningSandbox) -> None:
    joined = join(sandbox, organisation="Wattle Row Pty Ltd", organisation_id=AUSTRALIAN_ID)
    invoice = joined.invoice(client=a_client(joined.by, currency="AUD"))

    failed = copied(joined, invoice)

    assert (failed.status, failed.code) == (Status.FAILED, "missing_role")
    assert "may not create invoices" in failed.text


@pytest.mark.fault("F48")
@pytest.mark.promise("P66", "P68")
def test_a_number_that_somebody_else_used_is_never_overwritten(joined: Joined) -> None:
    contact = joined.there("Contacts", page="1")["Contacts"][0]
    line = {"Description": "Theirs", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}
    theirs = {
        "Type": "ACCREC",
        "InvoiceNumber": "INV-77",
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-03-01",
        "DueDate": "2026-03-31",
        "LineItems": [line],
        "Status": "AUTHORISED",
    }
    joined.there("Invoices", "PUT", theirs)
    invoice = joined.invoice(draft=an_invoice_draft(joined.client(), number="INV-77"))

    failed = copied(joined, invoice)

    [there] = joined.invoices_there("INV-77")
    assert (failed.status, failed.code) == (Status.FAILED, "number_taken")
    assert "INV-77" in failed.text
    assert there["LineItems"][0]["Description"] == "Theirs"
    assert not Link.objects.filter(invoice=invoice).exists()


@pytest.mark.fault("F48")
def test_a_renumbered_invoice_goes_through(joined: Joined) -> None:
    invoice = joined.invoice(draft=an_invoice_draft(joined.client(), number="INV-77"))
    other = joined.invoice(draft=an_invoice_draft(joined.client("Other"), number="INV-78"))
    copied(joined, invoice)
    joined.there(f"Invoices/{joined.status(invoice).remote_id}", "POST", {"InvoiceNumber": "INV-78"})

    failed = copied(joined, other)
    reverted = invoicing.revert_to_draft(other, by=joined.by, now=joined.clock())

    assert failed.code == "number_taken"
    assert reverted.state == State.DRAFT
    assert joined.status(other).status is Status.NOT_SYNCED


@pytest.mark.fault("F53")
def test_an_archived_contact_is_reported_with_a_way_out(joined: Joined) -> None:
    first = joined.invoice(client=joined.client("Soon Gone Ltd"))
    copied(joined, first)
    contact_id = Link.objects.get(client=first.client).remote_id
    joined.there("Contacts", "POST", {"ContactID": contact_id, "ContactStatus": "ARCHIVED"})
    second = joined.invoice(client=first.client)

    failed = copied(joined, second)

    assert (failed.status, failed.code) == (Status.FAILED, "contact_archived")
    assert failed.explanation is not None
    assert failed.explanation.place is Place.CLIENT


@pytest.mark.fault("F52")
def test_a_merged_contact_is_followed(joined: Joined) -> None:
    first = joined.invoice(client=joined.client("Loser Ltd"))
    copied(joined, first)
    winner = joined.there("Contacts", "PUT", {"Name": "Winner Ltd"})["Contacts"][0]
    joined.sandbox.bookkeeper(
        joined.connection.organisation_name, "merge contacts", contact="Loser Ltd", into="Winner Ltd"
    )
    second = joined.invoice(client=first.client)

    merged = copied(joined, second)

    assert merged.status is Status.SUCCESS
    assert Link.objects.get(client=first.client).remote_id == winner["ContactID"]
    assert joined.invoices_there(second.number)[0]["Contact"]["ContactID"] == winner["ContactID"]


@pytest.mark.fault("F54")
def test_a_name_with_another_tax_number_is_asked_and_never_guessed(joined: Joined) -> None:
    theirs = joined.there("Contacts", "PUT", {"Name": "Twin Peaks Ltd", "TaxNumber": "GB 111"})["Contacts"][0]
    invoice = joined.invoice(client=joined.client("Twin Peaks Ltd", tax_number="GB 222"))

    failed = copied(joined, invoice)
    link_contact(invoice.client, remote_id=theirs["ContactID"], name=theirs["Name"], by=joined.by, now=joined.clock())
    joined.work()

    assert (failed.status, failed.code) == (Status.FAILED, "contact_ambiguous")
    assert failed.candidates == ((theirs["ContactID"], "Twin Peaks Ltd"),)
    assert joined.status(invoice).status is Status.SUCCESS
    assert joined.invoices_there(invoice.number)[0]["Contact"]["ContactID"] == theirs["ContactID"]


@pytest.mark.fault("F66")
def test_a_locked_period_is_said_and_no_date_is_changed(joined: Joined) -> None:
    joined.organisation.end_of_year_lock_date = date(2026, 3, 31)
    invoice = joined.invoice()

    failed = copied(joined, invoice)

    assert (failed.status, failed.code) == (Status.FAILED, "period_locked")
    assert "locked" in failed.text
    assert joined.invoices_there(invoice.number) == []


@pytest.mark.fault("F67")
def test_a_currency_that_is_not_enabled_fails_before_sending(joined: Joined) -> None:
    invoice = joined.invoice(client=joined.client("Tokyo KK", currency="JPY"))

    failed = copied(joined, invoice)

    assert (failed.status, failed.code) == (Status.FAILED, "currency_not_enabled")
    assert "JPY" in failed.text
    assert joined.asked("PUT", "/Invoices") == 0


def test_an_invoice_changed_before_we_could_look_is_not_called_a_success(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.sandbox.fault("PUT /Invoices", "save and drop the reply", times=1)
    joined.copy(invoice)
    joined.work()
    [there] = joined.invoices_there(invoice.number)
    path = f"Invoices/{there['InvoiceID']}"
    joined.there(path, "POST", {"DueDate": "2026-12-24"})
    joined.clock.advance(minutes=11)

    joined.work()
    differs = joined.status(invoice)
    joined.there(path, "POST", {"DueDate": "2026-04-01"})
    mended = copied(joined, invoice)

    assert (differs.status, differs.code) == (Status.FAILED, "not_as_sent")
    assert "due date is 2026-12-24 there and 2026-04-01 here" in differs.text
    assert mended.status is Status.SUCCESS
    assert joined.asked("PUT", "/Invoices") == 1


def test_two_invoices_with_one_bad_contact_fail_alone(joined: Joined) -> None:
    good, bad = joined.invoice(client=joined.client("Good Ltd")), joined.invoice(client=joined.client("Bad Ltd"))
    joined.there("Contacts", "PUT", {"Name": "Bad Ltd", "ContactStatus": "ACTIVE"})
    theirs = joined.there("Contacts", where='Name=="Bad Ltd"')["Contacts"][0]
    joined.there("Contacts", "POST", {"ContactID": theirs["ContactID"], "ContactStatus": "ARCHIVED"})

    joined.copy(bad)
    joined.copy(good)
    joined.work()

    assert joined.status(good).status is Status.SUCCESS
    failed = Job.objects.filter(state=Job.State.FAILED)
    assert sorted(failed.values_list("kind", flat=True)) == ["contact", "invoice"]
