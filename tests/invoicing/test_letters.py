"""E-mails about invoices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from builders import NOW, a_client, a_letter, an_administrator, an_invoice
from keito_books.invoicing import actions
from keito_books.invoicing.drafts import ContactDetails
from keito_books.invoicing.errors import InvalidValue
from keito_books.invoicing.models import Delivery, InvoiceMessage, State
from keito_books.workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Membership:
    return an_administrator()


def test_the_letter_to_start_from_names_invoice_amount_and_due_date(by: Membership) -> None:
    letter = actions.blank_letter(an_invoice(by, state=State.DRAFT))

    assert letter.recipients == ("accounts@harbour.example",)
    assert letter.subject == "Invoice INV-2026-0001 from Fernhill Studio"
    assert "our invoice INV-2026-0001 of 2 March 2026 over GBP 100.00, due on 1 April 2026" in letter.body


def test_the_first_contact_with_an_address_is_written_to_before_the_client(by: Membership) -> None:
    client = a_client(by)
    actions.add_contact(client, ContactDetails(first_name="Nobody"), by=by, now=NOW)
    actions.add_contact(client, ContactDetails(first_name="Ruth", email="ruth@harbour.example"), by=by, now=NOW)

    assert actions.blank_letter(an_invoice(by, client=client)).recipients == ("ruth@harbour.example",)


def test_the_mail_leaves_after_the_transaction_and_never_before(
    by: Membership, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invoice = an_invoice(by)
        assert mail.outbox == []

    assert [message.to for message in mail.outbox] == [["accounts@harbour.example"]]
    assert invoice.messages.get().delivery == Delivery.HANDED_OVER


def test_a_letter_is_delivered_once(by: Membership) -> None:
    message = an_invoice(by).messages.get()

    assert [actions.deliver(message.id) for _ in range(2)] == [True, False]
    assert len(mail.outbox) == 1


def test_a_mail_server_that_does_not_answer_is_kept_on_the_message(by: Membership, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    message = an_invoice(by).messages.get()

    actions.deliver(message.id)

    assert InvoiceMessage.objects.get().delivery == Delivery.FAILED


@pytest.mark.parametrize(
    ("recipients", "sentence"),
    [
        ((), "no recipient"),
        ((" ",), "no recipient"),
        (("not an address",), "is not an e-mail address"),
        (("a@example.com\nBcc: all@example.com",), "can't be printed"),
        (tuple(f"p{n}@example.com" for n in range(21)), "at most 20"),
    ],
)
def test_recipients_that_can_not_be_written_to_are_refused_and_the_draft_stays_one(
    by: Membership, recipients: tuple[str, ...], sentence: str
) -> None:
    invoice = an_invoice(by, state=State.DRAFT)

    with pytest.raises(InvalidValue, match=sentence) as refusal:
        actions.send_invoice(invoice, replace(a_letter(), recipients=recipients), by=by, now=NOW)

    invoice.refresh_from_db()
    assert refusal.value.field == "letter.recipients"
    assert invoice.state == State.DRAFT


def test_a_subject_of_two_lines_is_refused(by: Membership) -> None:
    with pytest.raises(InvalidValue, match=r"U\+000A"):
        actions.send_invoice(an_invoice(by), replace(a_letter(), subject="a\nb"), by=by, now=NOW)
