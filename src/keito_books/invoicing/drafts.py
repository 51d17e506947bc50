"""What a person fills in, before it is checked and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keito_books.invoicing.models import Client, ItemCategory, PaymentTerm, Project


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as typed. Prices exclude tax."""

    description: str
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    taxed: bool = False
    taxed2: bool = False
    category: ItemCategory | None = None
    project: Project | None = None


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """An invoice as typed; `actions.invoices.blank_draft` fills it with the client's and the workspace's defaults.

    An empty number takes the next one. Without a due date the term gives it; with one that the term does not give,
    the term becomes Custom. A tax without a percentage is not charged.
    """

    client: Client
    issue_date: date
    lines: tuple[LineDraft, ...] = ()
    number: str = ""
    payment_term: str = PaymentTerm.NET_30
    payment_days: int | None = None
    due_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    subject: str = ""
    purchase_order: str = ""
    notes: str = ""
    currency: str = ""  # empty: the client's
    tax_label: str = ""
    tax_percent: Decimal | None = None
    tax2_label: str = ""
    tax2_percent: Decimal | None = None
    discount_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ClientDetails:
    """A client as typed. Empty term, taxes and discount: as in the invoice settings."""

    name: str
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""
    tax_number: str = ""
    currency: str = ""  # empty: the workspace's
    payment_term: str = ""
    payment_days: int | None = None
    tax_percent: Decimal | None = None
    tax2_percent: Decimal | None = None
    discount_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """A person at a client, as typed."""

    first_name: str
    last_name: str = ""
    title: str = ""
    email: str = ""
    phone_office: str = ""
    phone_mobile: str = ""


@dataclass(frozen=True, slots=True)
class SettingsDetails:
    """The invoice settings as typed."""

    number_pattern: str
    next_number: int
    tax_label: str = ""
    tax_percent: Decimal | None = None
    tax2_label: str = ""
    tax2_percent: Decimal | None = None
    payment_term: str = PaymentTerm.NET_30
    payment_days: int | None = None
    notes: str = ""
    footer: str = ""
    email_subject: str = ""
    email_body: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail as typed: recipients by address, subject and body."""

    recipients: tuple[str, ...]
    subject: str
    body: str
