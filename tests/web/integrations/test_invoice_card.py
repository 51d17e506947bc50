"""The Xero card of an invoice: its words, its buttons, and what its doors let through."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from builders import NOW, a_client, a_membership, a_payment, an_invoice
from connected import the_books
from keito_books.accounting.documents import Kind
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice, State
from keito_books.mapping.books import to_json
from keito_books.mapping.models import BooksCopy, Preferences
from keito_books.syncing.explanations import refusal_to_json
from keito_books.syncing.models import Attempt, Job, Link, LockAnswer
from keito_books.syncing.queue import enqueue
from keito_books.workspaces.models import Membership, Role

BrowserOf = Callable[[Membership], Browser]


@pytest.fixture
def invoice(set_up: Connection, administrator: Membership) -> Invoice:
    return an_invoice(administrator)


def address(invoice: Invoice, rest: str = "") -> str:
    return f"/w/{invoice.workspace.slug}/invoices/{invoice.pk}/{rest}"


def a_job(invoice: Invoice, connection: Connection, **changes: Any) -> Job:
    job = enqueue(connection, Kind.INVOICE, invoice, by=None, now=NOW)
    Job.objects.filter(pk=job.pk).update(**changes)
    job.refresh_from_db()
    return job


def a_failure(invoice: Invoice, connection: Connection, code: RefusalCode, *said: str, **details: str) -> Job:
    refusal = refusal_to_json(Refusal(code, said, details))
    return a_job(invoice, connection, state=Job.State.FAILED, refusal=refusal, finished_at=NOW)


def a_success(invoice: Invoice, connection: Connection, **link: Any) -> Link:
    a_job(invoice, connection, state=Job.State.DONE, finished_at=NOW)
    return Link.objects.create(
        connection=connection, kind=Kind.INVOICE, invoice=invoice, remote_id="remote-1", made_at=NOW, **link
    )


@pytest.mark.promise("P28", "P43", "P44")
def test_a_finalized_invoice_offers_copy_to_xero_beside_its_status(browser: Browser, invoice: Invoice) -> None:
    page = browser.get(address(invoice)).content.decode()

    assert "Not synced" in page
    assert re.search(r'data-key="c"[^>]*>.*?Copy to Xero</button>', page, re.DOTALL)


@pytest.mark.fault("F93")
@pytest.mark.promise("P28", "P45", "P66")
def test_copying_twice_makes_one_job_and_answers_with_pending(browser: Browser, invoice: Invoice) -> None:
    for _ in range(2):
        answer = browser.post(address(invoice, "xero/copy/"), headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Pending" in page
    assert 'hx-trigger="every 1s"' in page
    assert "asked to copy the invoice" in page
    assert Job.objects.filter(invoice=invoice).count() == 1


def test_without_a_script_copying_leads_back_to_the_invoice(browser: Browser, invoice: Invoice) -> None:
    answer = browser.post(address(invoice, "xero/copy/"))

    assert answer.status_code == 303
    assert answer.headers["Location"] == address(invoice)


def test_an_unchanged_card_is_not_sent_again(browser: Browser, invoice: Invoice, set_up: Connection) -> None:
    a_job(invoice, set_up)
    page = browser.get(address(invoice)).content.decode()
    asks = re.search(r'hx-get="([^"]*seen=[^"]*)"', page)
    assert asks

    assert browser.get(asks[1]).status_code == 204

    Job.objects.update(waiting_because="limit")
    changed = browser.get(asks[1])
    assert changed.status_code == 200
    assert "Waiting for Xero&#x27;s limit of calls a minute." in changed.content.decode()


def test_a_settled_card_asks_no_more(browser: Browser, invoice: Invoice, set_up: Connection) -> None:
    a_success(invoice, set_up)

    assert "hx-trigger" not in browser.get(address(invoice, "xero/")).content.decode()


@pytest.mark.promise("P27")
@pytest.mark.parametrize(
    ("state", "because"), [(State.DRAFT, "is a draft. Send it first"), (State.CLOSED, "is closed")]
)
def test_drafts_and_closed_invoices_say_why_they_are_not_copied(
    browser: Browser, set_up: Connection, administrator: Membership, state: State, because: str
) -> None:
    invoice = an_invoice(administrator, state=state)

    page = browser.get(address(invoice)).content.decode()
    refused = browser.post(address(invoice, "xero/copy/"), headers={"HX-Request": "true"})

    assert because in page
    assert re.search(r'<button[^>]*disabled aria-describedby="xero-why">Copy to Xero', page)
    assert refused.status_code == 422
    assert because in refused.content.decode()
    assert not Job.objects.exists()


@pytest.mark.promise("P58")
def test_after_disconnecting_nothing_can_be_copied_and_the_status_stays(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    a_success(invoice, set_up)
    Connection.objects.update(state=Connection.State.DISCONNECTED, grant=None, disconnected_at=NOW)

    page = browser.get(address(invoice)).content.decode()
    refused = browser.post(address(invoice, "xero/copy/"), headers={"HX-Request": "true"})

    assert "Success" in page
    assert "Xero was disconnected since. The invoice stays there" in page
    assert refused.status_code == 422


def test_a_manager_without_the_toggle_reads_why_and_is_refused(invoice: Invoice, browser_of: BrowserOf) -> None:
    browser = browser_of(a_membership(invoice.workspace, role=Role.MANAGER))

    page = browser.get(address(invoice)).content.decode()
    refused = browser.post(address(invoice, "xero/copy/"))

    assert "may copy invoices to an accounting system. You are a Manager here without that permission." in page
    assert refused.status_code == 403
    assert not Job.objects.exists()


def test_a_manager_with_the_toggle_copies(invoice: Invoice, browser_of: BrowserOf) -> None:
    browser = browser_of(a_membership(invoice.workspace, role=Role.MANAGER, may_send_invoices=True))

    browser.post(address(invoice, "xero/copy/"))

    assert Job.objects.filter(invoice=invoice).count() == 1


@pytest.mark.promise("P47", "P48", "P62")
def test_failed_says_what_happened_what_to_do_and_leads_there(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    a_failure(invoice, set_up, RefusalCode.NO_REVENUE_ACCOUNT, "<b>Account</b> code is required")

    page = browser.get(address(invoice)).content.decode()

    assert "Failed" in page
    assert "No revenue account is chosen" in page
    assert f'href="/w/{invoice.workspace.slug}/settings/integrations/xero/?invoice={invoice.pk}#accounts"' in page
    assert "&lt;b&gt;Account&lt;/b&gt; code is required" in page
    assert "Retry</button>" in page


@pytest.mark.promise("P49")
def test_retry_lets_the_same_job_wait_again(browser: Browser, invoice: Invoice, set_up: Connection) -> None:
    job = a_failure(invoice, set_up, RefusalCode.NO_REVENUE_ACCOUNT)

    browser.post(address(invoice, "xero/copy/"))

    job.refresh_from_db()
    assert job.state == Job.State.WAITING


@pytest.mark.fault("F38")
@pytest.mark.promise("P46", "P67")
def test_success_shows_their_id_what_was_adjusted_and_their_remarks(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    a_success(invoice, set_up, repairs=["One line has four decimals."], warnings=["Account code was <i>guessed</i>."])

    page = browser.get(address(invoice)).content.decode()

    assert "Success" in page
    assert "remote-1" in page
    assert "One line has four decimals." in page
    assert "Account code was &lt;i&gt;guessed&lt;/i&gt;." in page
    assert 'target="_blank" rel="noopener">View in Xero' in page


def test_contacts_to_choose_from_are_offered_and_only_those_are_taken(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    refusal = refusal_to_json(
        Refusal(RefusalCode.CONTACT_AMBIGUOUS, (), {"candidate:c-1": "Harbour <1>", "candidate:c-2": "Harbour Two"})
    )
    failed = {"state": Job.State.FAILED, "refusal": refusal, "finished_at": NOW}
    contact = enqueue(set_up, Kind.CONTACT, invoice.client, by=None, now=NOW)
    Job.objects.filter(pk=contact.pk).update(**failed)
    a_job(invoice, set_up, **failed)
    door = f"/w/{invoice.workspace.slug}/clients/{invoice.client_id}/xero/"

    page = browser.get(address(invoice)).content.decode()
    browser.post(door, {"contact": "somebody-else"})
    assert not Link.objects.exists()
    answer = browser.post(door, {"contact": "c-1", "invoice": str(invoice.pk)})

    assert "Harbour &lt;1&gt;" in page
    assert answer.headers["Location"] == address(invoice)
    assert Link.objects.get().remote_id == "c-1"
    assert Job.objects.get(invoice=invoice).state == Job.State.WAITING


@pytest.mark.promise("P21", "P52")
def test_each_payment_says_where_it_is_or_why_not(
    browser: Browser, invoice: Invoice, set_up: Connection, administrator: Membership
) -> None:
    payment = a_payment(invoice, administrator, "10", transaction_id="BANK-1")
    page = browser.get(address(invoice)).content.decode()
    assert "Not in Xero, since its invoice is not." in page

    a_success(invoice, set_up)
    job = enqueue(set_up, Kind.PAYMENT, payment, by=None, now=NOW)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    Link.objects.create(
        connection=set_up,
        kind=Kind.PAYMENT,
        payment=payment,
        remote_id="remote-payment",
        remote_label=f"BANK-1 {payment.marker}",
        made_at=NOW,
    )

    page = browser.get(address(invoice)).content.decode()
    assert "Xero payment ID <code>remote-payment</code>" in page
    assert f"BANK-1 {payment.marker}" in page


def test_the_payment_dialog_says_where_the_payment_will_be_recorded(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    dialog = address(invoice, "payments/new/")
    assert "is not in Xero, so this payment stays in Keito Books" in browser.get(dialog).content.decode()

    a_success(invoice, set_up)

    page = browser.get(dialog).content.decode()
    assert "This will also be recorded in Xero in <strong><bdi>Bank (090)</bdi></strong>." in page


def test_a_payment_that_was_deleted_meanwhile_can_be_deleted_over_there_too(
    browser: Browser, invoice: Invoice, set_up: Connection, administrator: Membership
) -> None:
    payment = a_payment(invoice, administrator, "10")
    a_success(invoice, set_up)
    job = enqueue(set_up, Kind.PAYMENT, payment, by=None, now=NOW)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    Link.objects.create(connection=set_up, kind=Kind.PAYMENT, payment=payment, remote_id="remote-payment", made_at=NOW)
    payment.deleted_at, payment.deleted_by = NOW, administrator.person
    payment.save(update_fields=["deleted_at", "deleted_by"])

    page = browser.get(address(invoice)).content.decode()
    browser.post(address(invoice, f"payments/{payment.pk}/xero/"))

    assert "Still in Xero" in page
    assert Job.objects.filter(payment=payment, kind=Kind.PAYMENT_DELETION).exists()


@pytest.mark.promise("P8", "P43")
def test_the_list_shows_every_status_with_a_fixed_number_of_queries(
    browser: Browser,
    set_up: Connection,
    administrator: Membership,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = a_client(administrator)
    for _ in range(6):
        a_success_of = an_invoice(administrator, client=client)
        a_job(a_success_of, set_up, state=Job.State.DONE)

    with django_assert_max_num_queries(34):
        page = browser.get(f"/w/{set_up.workspace.slug}/invoices/").content.decode()

    assert page.count('data-state="success"') == 6
    assert "Success" in browser.get(f"/w/{set_up.workspace.slug}/invoices/?sync=success").content.decode()
    assert "Nothing matches" in browser.get(f"/w/{set_up.workspace.slug}/invoices/?sync=failed").content.decode()


def test_other_workspaces_objects_are_not_there(invoice: Invoice, browser_of: BrowserOf) -> None:
    elsewhere = a_membership()
    browser = browser_of(elsewhere)
    job = a_job(invoice, Connection.objects.get())
    ours = f"/w/{elsewhere.workspace.slug}"

    for door in (f"{ours}/invoices/{invoice.pk}/xero/", f"{ours}/activity/xero/{job.pk}/", f"/i/{invoice.pk}/"):
        assert browser.get(door).status_code == 404
    for door in (f"{ours}/invoices/{invoice.pk}/xero/copy/", f"{ours}/clients/{invoice.client_id}/xero/"):
        assert browser.post(door).status_code == 404


def test_the_short_address_leads_members_to_the_invoice(browser: Browser, invoice: Invoice) -> None:
    answer = browser.get(f"/i/{invoice.pk}/")

    assert answer.headers["Location"] == address(invoice)
    assert "/account/login/" in Browser().get(f"/i/{invoice.pk}/").headers["Location"]


def test_activity_shows_each_call_with_its_times_and_what_was_said(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    job = a_job(invoice, set_up, state=Job.State.DONE)
    Attempt.objects.create(
        connection=set_up,
        sequence=1,
        job=job,
        purpose="send",
        sent_at=NOW,
        seconds=0.25,
        method="PUT",
        path="/Invoices",
        status=200,
        correlation_id="corr-1",
        request_body='{"Invoices":[{"InvoiceNumber":"<b>1</b>"}]}',
        response_body="not json",
        hash="h",
    )
    listed = browser.get(
        f"/w/{invoice.workspace.slug}/activity/xero/?q={invoice.number}&state=success"
    ).content.decode()
    page = browser.get(f"/w/{invoice.workspace.slug}/activity/xero/{job.pk}/").content.decode()

    assert f"Invoice <bdi>{invoice.number}</bdi>" in listed
    assert "Sent to Xero: answered (200)" in page
    assert "corr-1" in page
    assert "0.25 s" in page
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert "not json" in page


def a_locked_one(invoice: Invoice, connection: Connection) -> None:
    a_failure(invoice, connection, RefusalCode.PERIOD_LOCKED, locked_until="31 Mar 2026")


@pytest.mark.fault("F66")
def test_a_locked_period_offers_three_ways_and_keeps_the_one_that_was_chosen(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    a_locked_one(invoice, set_up)
    page = browser.get(address(invoice)).content.decode()

    answer = browser.post(
        address(invoice, "xero/lock/"),
        {"choice": "redate", "dated": "2026-04-20", "decided": ""},
        headers={"HX-Request": "true"},
    )

    assert [f'value="{way}"' in page for way in ("wait", "draft", "redate")] == [True, True, True]
    assert (answer.status_code, "Pending" in answer.content.decode()) == (200, True)
    kept = LockAnswer.objects.get(invoice=invoice)
    assert (kept.choice, kept.dated and kept.dated.isoformat()) == ("redate", "2026-04-20")
    assert "post it with the date 20 Apr 2026" in answer.content.decode()


def test_a_page_that_did_not_see_the_last_decision_changes_nothing(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    for choice in ("wait", "draft"):
        a_locked_one(invoice, set_up)
        answer = browser.post(
            address(invoice, "xero/lock/"), {"choice": choice, "decided": ""}, headers={"HX-Request": "true"}
        )

    assert answer.status_code == 422
    assert "decided this meanwhile" in answer.content.decode()
    assert LockAnswer.objects.get(invoice=invoice).choice == "wait"


@pytest.mark.parametrize("dated", ["", "tomorrow", "2026-02-31", "31-12-99999"])
def test_a_date_that_is_none_is_told_and_nothing_is_kept(
    browser: Browser, invoice: Invoice, set_up: Connection, dated: str
) -> None:
    a_locked_one(invoice, set_up)

    answer = browser.post(address(invoice, "xero/lock/"), {"choice": "redate", "dated": dated, "decided": ""})

    assert answer.status_code == 303
    assert not LockAnswer.objects.exists()


def test_a_manager_without_the_right_is_not_asked_about_a_lock(
    browser_of: BrowserOf, invoice: Invoice, set_up: Connection
) -> None:
    a_locked_one(invoice, set_up)
    manager = browser_of(a_membership(invoice.workspace, role=Role.MEMBER))

    assert manager.post(address(invoice, "xero/lock/"), {"choice": "wait", "decided": ""}).status_code in (403, 404)
    assert not LockAnswer.objects.exists()


def test_before_sending_the_card_says_what_stands_in_the_way_and_leads_there_and_back(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    Preferences.objects.update(revenue_account_id="")

    page = browser.get(address(invoice)).content.decode()

    assert "Will fail" in page
    assert "No revenue account is chosen, so Xero would not know where to book this." in page
    assert "Nothing was sent" not in page
    there = f"/w/{invoice.workspace.slug}/settings/integrations/xero/?invoice={invoice.pk}"
    assert f'href="{there}#accounts"' in page
    settings = browser.get(there).content.decode()
    assert f'<a href="{address(invoice)}">Back to {invoice.number}</a>' in settings


def test_with_nothing_in_the_way_it_is_one_line_with_the_age_of_the_lists(browser: Browser, invoice: Invoice) -> None:
    page = browser.get(address(invoice)).content.decode()

    assert "Ready to copy" in page
    assert "Will fail" not in page
    assert "By Xero’s lists of" in page
    assert "Refresh lists" in page


def test_a_stranger_s_invoice_is_no_way_back(browser: Browser, invoice: Invoice) -> None:
    stranger = an_invoice(a_membership())

    for key in (stranger.pk, "../../evil", ""):
        page = browser.get(f"/w/{invoice.workspace.slug}/settings/integrations/xero/?invoice={key}").content.decode()
        assert "Back to INV" not in page


def test_after_a_failure_another_obstacle_is_told_and_the_same_one_not_twice(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    a_failure(invoice, set_up, RefusalCode.NO_REVENUE_ACCOUNT)
    assert "Ready to copy" in browser.get(address(invoice)).content.decode()
    Preferences.objects.update(revenue_account_id="")

    page = browser.get(address(invoice)).content.decode()

    assert page.count("No revenue account is chosen") == 1
    assert "Ready to copy" not in page


def test_a_locked_year_can_be_answered_before_anything_is_sent(
    browser: Browser, invoice: Invoice, set_up: Connection
) -> None:
    books = the_books()
    locked = replace(books, organisation=replace(books.organisation, year_locked_until=invoice.issue_date))
    BooksCopy.objects.update(content=to_json(locked))
    page = browser.get(address(invoice)).content.decode()
    assert "Needs your answer" in page

    answer = browser.post(address(invoice, "xero/lock/"), {"choice": "draft", "decided": ""})

    assert answer.status_code == 303
    assert LockAnswer.objects.get().choice == "draft"
    assert Job.objects.get(invoice=invoice).state == Job.State.WAITING
    again = browser.post(address(invoice, "xero/lock/"), {"choice": "wait", "decided": ""})
    assert again.status_code == 303
    assert LockAnswer.objects.get().choice == "draft"
