"""Which invoices may be sent by e-mail, and how many a day (xero-api reference 4 and 6.6)."""

from __future__ import annotations

from datetime import date

from xero_sandbox import messages
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.rules import statuses

PAID_PLAN, DEMO = 1_000, 0  # e-mails a day (reference 4)
SENDABLE = frozenset({statuses.SUBMITTED, statuses.AUTHORISED, statuses.PAID})


def emails_a_day(organisation: Organisation) -> int:
    """Return the limit: of the plan, unless the organisation has one of its own."""
    if organisation.emails_a_day is not None:
        return organisation.emails_a_day
    return DEMO if organisation.is_demo else PAID_PLAN


def email_problems(organisation: Organisation, invoice: Invoice, contact: Contact, today: date) -> list[str]:
    """Return what forbids sending; the words are assumed. Begins a new day's count when it is one."""
    if invoice.type != "ACCREC" or invoice.status not in SENDABLE:
        return [messages.NOT_SENDABLE]
    if not contact.email:
        return [messages.NO_EMAIL]
    if organisation.emails_day != today:
        organisation.emails_day, organisation.emails_sent = today, 0
    return [messages.EMAIL_LIMIT] if organisation.emails_sent >= emails_a_day(organisation) else []
