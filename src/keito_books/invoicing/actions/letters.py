"""Write e-mails about invoices and hand them to the mail server."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction

from keito_books.invoicing import checks
from keito_books.invoicing.books import settings_of
from keito_books.invoicing.drafts import Letter
from keito_books.invoicing.errors import InvalidValue
from keito_books.invoicing.models import Delivery, Invoice, InvoiceMessage, MessageKind
from keito_books.invoicing.words import date_in_words, money_in_words
from keito_books.workspaces.models import Membership

_RECIPIENTS_MAX = 20


def blank_letter(invoice: Invoice) -> Letter:
    """Return the letter to start from: the settings' wording, to the client's first contact with an address."""
    settings = settings_of(invoice.workspace)
    values = {
        "{number}": invoice.number,
        "{company}": invoice.workspace.name,
        "{client}": invoice.client.name,
        "{amount}": money_in_words(invoice.amount, invoice.currency),
        "{issue_date}": date_in_words(invoice.issue_date),
        "{due_date}": date_in_words(invoice.due_date),
    }
    address = first_address(invoice)
    return Letter(
        recipients=(address,) if address else (),
        subject=_fill(settings.email_subject, values)[: checks.NAME_LENGTH],
        body=_fill(settings.email_body, values),
    )


def first_address(invoice: Invoice) -> str:
    contact = invoice.client.contacts.exclude(email="").order_by("created_at", "id").first()
    return contact.email if contact else invoice.client.email


def write_letter(
    invoice: Invoice, letter: Letter, *, kind: MessageKind, by: Membership, now: datetime
) -> InvoiceMessage:
    """Check and keep a letter; it leaves when the transaction is through."""
    message = InvoiceMessage(
        workspace_id=invoice.workspace_id,
        invoice=invoice,
        kind=kind,
        recipients=_check_recipients(letter.recipients),
        subject=checks.line_of_text(letter.subject, "The subject of the e-mail", field="letter.subject", required=True),
        body=checks.text(letter.body, "The text of the e-mail", field="letter.body", required=True),
        sent_by=by.person,
        written_at=now,
    )
    message.save(force_insert=True)
    transaction.on_commit(partial(deliver, message.id))
    return message


def deliver(message_id: UUID) -> bool:
    """Hand a waiting letter to the mail server, and keep whether it took it."""
    claimed = InvoiceMessage.objects.filter(id=message_id, delivery=Delivery.WAITING)
    message = claimed.first()
    if message is None:
        return False
    try:
        EmailMessage(subject=message.subject, body=message.body, to=message.recipients).send()
    except (SMTPException, OSError):
        claimed.update(delivery=Delivery.FAILED)
        return False
    claimed.update(delivery=Delivery.HANDED_OVER)
    return True


def _check_recipients(addresses: tuple[str, ...]) -> list[str]:
    given = [address for address in addresses if address.strip()]
    if not given:
        raise InvalidValue(
            "The e-mail has no recipient. Add an address, or give the client a contact with one.",
            field="letter.recipients",
        )
    if len(given) > _RECIPIENTS_MAX:
        raise InvalidValue(f"An e-mail can go to at most {_RECIPIENTS_MAX} addresses.", field="letter.recipients")
    return [checks.email(address, "The recipient", field="letter.recipients") for address in given]


def _fill(pattern: str, values: dict[str, str]) -> str:
    for variable, value in values.items():
        pattern = pattern.replace(variable, value)
    return pattern
