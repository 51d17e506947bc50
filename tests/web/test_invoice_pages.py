from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from django.test import Client as Browser

from builders import a_client, a_line, a_payment, an_administrator, an_invoice
from keito_books.invoicing.models import Invoice, Payment, State
from keito_books.workspaces.models import Membership

HTMX = {"HX-Request": "true"}


def at(membership: Membership, path: str) -> str:
    return f"/w/{membership.workspace.slug}/{path}"


def test_the_list_shows_number_client_state_and_amount(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator, lines=[a_line(unit_price="12345678.90")])

    page = browser.get(at(administrator, "invoices/")).content.decode()

    assert invoice.number in page
    assert "Harbour &amp; Sons" in page
    assert 'data-state="overdue"' in page
    assert "12,345,678.90" in page


def test_the_list_tells_newcomers_what_to_do(browser: Browser, administrator: Membership) -> None:
    page = browser.get(at(administrator, "invoices/")).content.decode()

    assert "No invoices yet" in page
    assert "invoices/new/" in page


@pytest.mark.parametrize(("query", "found"), [("state=draft", 1), ("state=paid", 0), ("q=website", 0), ("q=Design", 2)])
def test_filters_narrow_the_list(browser: Browser, administrator: Membership, query: str, found: int) -> None:
    client = a_client(administrator)
    an_invoice(administrator, client=client)
    an_invoice(administrator, client=client, state=State.DRAFT)

    page = browser.get(at(administrator, f"invoices/?{query}"))

    assert len(page.context["rows"]) == found


@pytest.mark.parametrize("query", ["q=%00", "state=nonsense", "client=nonsense", "since=nonsense", "page=nonsense"])
def test_filters_that_can_not_be_read_do_not_count(browser: Browser, administrator: Membership, query: str) -> None:
    an_invoice(administrator)

    page = browser.get(at(administrator, f"invoices/?{query}"))

    assert page.status_code == 200
    assert len(page.context["rows"]) == 1


def test_filtering_by_htmx_puts_a_clean_address_into_the_bar(browser: Browser, administrator: Membership) -> None:
    an_invoice(administrator)

    page = browser.get(at(administrator, "invoices/?q=INV&client=&since="), headers=HTMX)

    assert page.headers["HX-Push-Url"] == at(administrator, "invoices/?q=INV")


def test_pages_keep_the_filters_in_their_links(
    browser: Browser, administrator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keito_books.web.views.invoices.ROWS_PER_PAGE", 1)
    client = a_client(administrator)
    for _ in range(2):
        an_invoice(administrator, client=client)

    page = browser.get(at(administrator, "invoices/?state=open")).content.decode()

    assert "?state=open&amp;page=2" in page


def test_the_invoice_page_shows_the_document_its_payments_and_its_history(
    browser: Browser, administrator: Membership
) -> None:
    invoice = an_invoice(administrator, lines=[a_line("Design of the journey")], paid="40")

    page = browser.get(at(administrator, f"invoices/{invoice.pk}/")).content.decode()

    assert "Design of the journey" in page
    assert "40.00" in page
    assert "60.00" in page
    assert "recorded a payment of GBP 40.00" in page


@pytest.mark.fault("F133")
def test_what_people_write_is_never_markup(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(
        administrator,
        client=a_client(administrator, '<script>alert("x")</script> & Co'),
        lines=[a_line('<img src=x onerror="alert(1)">')],
    )

    page = browser.get(at(administrator, f"invoices/{invoice.pk}/")).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_a_payment_is_recorded_and_the_way_leads_back(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator)

    answer = browser.post(at(administrator, f"invoices/{invoice.pk}/payments/new/"), payment_form())

    assert answer.status_code == 302
    assert Payment.objects.get().amount == 40
    assert Invoice.objects.get().due_amount == 60


def test_from_the_dialog_a_recorded_payment_sends_the_browser_on(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator)

    answer = browser.post(at(administrator, f"invoices/{invoice.pk}/payments/new/"), payment_form(), headers=HTMX)

    assert answer.headers["HX-Redirect"] == at(administrator, f"invoices/{invoice.pk}/")


def test_the_same_payment_form_sent_twice_records_one_payment(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator)
    form = payment_form()

    for _ in range(2):
        browser.post(at(administrator, f"invoices/{invoice.pk}/payments/new/"), form)

    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "must be more than zero"),
        ("-5", "must be more than zero"),
        ("1.234", "too many decimals"),
        ("1000000000000", "more than what is still due"),
        ("100.01", "more than what is still due"),
        ("1,5", "Write a number such as 1,234.50"),
        ("ten", "Write a number such as 1,234.50"),
        ("NaN", "Write a number such as 1,234.50"),
        ("1e999999999", "Write a number such as 1,234.50"),
        ("", "Amount is missing"),
    ],
)
def test_a_wrong_amount_is_refused_beside_the_field_and_nothing_typed_is_lost(
    browser: Browser, administrator: Membership, amount: str, sentence: str
) -> None:
    invoice = an_invoice(administrator)

    answer = browser.post(
        at(administrator, f"invoices/{invoice.pk}/payments/new/"), payment_form(amount=amount), headers=HTMX
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_amount_error"' in page
    assert sentence in page
    assert 'value="BACS-1"' in page
    assert not Payment.objects.exists()


def test_a_nul_in_the_notes_is_refused_with_a_sentence(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator)

    answer = browser.post(at(administrator, f"invoices/{invoice.pk}/payments/new/"), payment_form(notes="a\0b"))

    assert answer.status_code == 422
    assert 'id="id_notes_error"' in answer.content.decode()


def test_a_payment_is_deleted_after_a_question(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator)
    payment = a_payment(invoice, administrator, "40")
    address = at(administrator, f"invoices/{invoice.pk}/payments/{payment.pk}/delete/")

    question = browser.get(address).content.decode()
    browser.post(address)

    assert "GBP 40.00 of 2 Mar 2026 is taken back" in question
    assert Payment.objects.get().is_deleted


def test_sending_opens_a_draft(
    browser: Browser,
    administrator: Membership,
    mailoutbox: list[object],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    invoice = an_invoice(administrator, state=State.DRAFT)
    form = {"recipients": "a@example.com, b@example.com", "subject": "Invoice", "body": "Hello"}

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(at(administrator, f"invoices/{invoice.pk}/send/"), form)

    assert Invoice.objects.get().state == State.OPEN
    assert len(mailoutbox) == 1


def test_a_wrong_address_is_refused_beside_the_field(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator, state=State.DRAFT)
    form = {"recipients": "nobody", "subject": "Invoice", "body": "Hello"}

    answer = browser.post(at(administrator, f"invoices/{invoice.pk}/send/"), form, headers=HTMX)

    assert answer.status_code == 422
    assert "is not an e-mail address" in answer.content.decode()
    assert Invoice.objects.get().state == State.DRAFT


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [("close", State.OPEN, State.CLOSED), ("revert", State.OPEN, State.DRAFT)],
)
def test_an_open_invoice_is_closed_or_reverted_after_a_question(
    browser: Browser, administrator: Membership, verb: str, before: State, after: State
) -> None:
    invoice = an_invoice(administrator, state=before)
    address = at(administrator, f"invoices/{invoice.pk}/{verb}/")

    browser.get(address)
    assert Invoice.objects.get().state == before
    browser.post(address)

    assert Invoice.objects.get().state == after


def test_a_refused_action_answers_422_with_the_reason(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator, paid="40")

    answer = browser.post(at(administrator, f"invoices/{invoice.pk}/revert/"), headers=HTMX)

    assert answer.status_code == 422
    assert "has payments" in answer.content.decode()


def test_a_draft_is_deleted_and_the_way_leads_to_the_list(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator, state=State.DRAFT)

    answer = browser.post(at(administrator, f"invoices/{invoice.pk}/delete/"))

    assert answer.headers["Location"] == at(administrator, "invoices/")
    assert not Invoice.objects.exists()


def test_an_invoice_of_another_workspace_is_not_there(browser: Browser, administrator: Membership) -> None:
    theirs = an_invoice(an_administrator())

    for path in ("", "edit/", "send/", "payments/new/", "close/"):
        assert browser.get(at(administrator, f"invoices/{theirs.pk}/{path}")).status_code == 404


def test_a_manager_without_the_toggle_reads_but_does_not_act(
    manager: Membership, administrator: Membership, browser_of: Callable[[Membership], Browser]
) -> None:
    invoice = an_invoice(administrator)
    browser = browser_of(manager)

    shown = browser.get(at(manager, f"invoices/{invoice.pk}/"))
    refused = browser.post(at(manager, f"invoices/{invoice.pk}/payments/new/"), payment_form())

    assert shown.status_code == 200
    assert "Record Payment" not in shown.content.decode()
    assert refused.status_code == 403
    assert "Ask an Administrator of Fernhill Studio" in refused.content.decode()
    assert not Payment.objects.exists()


def test_a_member_is_told_why_there_are_no_invoices(
    member: Membership, browser_of: Callable[[Membership], Browser]
) -> None:
    answer = browser_of(member).get(at(member, "invoices/"))

    assert answer.status_code == 403
    assert "Only Administrators and Managers may see invoices" in answer.content.decode()


def payment_form(**other: str) -> dict[str, str]:
    form = {"amount": "40.00", "paid_on": "2026-03-02", "transaction_id": "BACS-1", "notes": ""}
    return {**form, "submission_id": str(uuid4()), **other}
