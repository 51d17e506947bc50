"""Documents in a neutral language: what we send to any accounting system, and what we read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What one job or link is about."""

    CONTACT = "contact"
    INVOICE = "invoice"
    PAYMENT = "payment"
    PAYMENT_DELETION = "payment_deletion"


class RemoteStatus(StrEnum):
    """States of an invoice over there; anything unfamiliar is OTHER, never a success."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PAID = "paid"
    VOIDED = "voided"
    DELETED = "deleted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; empty parts are empty strings."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class ContactDocument:
    """A client on the way out. `marker` is ours and unique; the provider keeps it as its external id."""

    marker: str
    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    address: Address = Address()
    tax_number: str = ""
    currency: str = ""
    terms_days: int | None = None


@dataclass(frozen=True, slots=True)
class TrackingChoice:
    """One option of one of their tracking categories."""

    category_id: str
    category_name: str
    option_id: str
    option_name: str


@dataclass(frozen=True, slots=True)
class TaxChoice:
    """Their tax type for a line and its rate parts in percent, as last read; no parts means 0 %."""

    tax_type: str
    components: tuple[TaxComponent, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxComponent:
    """One part of a tax rate, in percent."""

    name: str
    rate: Decimal
    is_compound: bool = False


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line before discount. Amounts are in the document's currency, prices exclude tax."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    account_id: str
    account_code: str
    tax: TaxChoice
    tracking: tuple[TrackingChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """What the customer was told; the truth that the other side must equal to the cent."""

    subtotal: Decimal  # after discount, before tax
    discount: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """A sales invoice on the way out. Its number is its marker; `url` leads back to it at ours."""

    number: str
    contact_id: str
    issued_on: date
    due_on: date
    currency: str
    reference: str
    url: str
    as_draft: bool
    discount_percent: Decimal
    lines: tuple[DocumentLine, ...]
    totals: InvoiceTotals
    rounding_account_id: str = ""
    currency_rate: Decimal | None = None  # units of the currency for one of theirs; None: their rate of the day


@dataclass(frozen=True, slots=True)
class PaymentDocument:
    """A payment on the way out. `marker` is ours (KP-...), and stands at the front of nothing else."""

    marker: str
    invoice_id: str
    account_id: str
    paid_on: date
    amount: Decimal
    currency: str
    transaction_id: str = ""
    currency_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RemoteContact:
    """A contact over there."""

    id: str
    name: str
    marker: str = ""
    email: str = ""
    tax_number: str = ""
    is_archived: bool = False
    merged_into_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """An invoice over there, with what is compared before we say Success."""

    id: str
    number: str
    status: RemoteStatus
    url: str
    contact_id: str
    currency: str
    issued_on: date
    due_on: date | None
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    amount_due: Decimal
    line_count: int
    currency_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RemotePayment:
    """A payment over there."""

    id: str
    reference: str
    invoice_id: str
    amount: Decimal
    paid_on: date
    is_deleted: bool = False
    is_reconciled: bool = False


@dataclass(frozen=True, slots=True)
class RemoteOrganisation:
    """The organisation that we are joined to. `timezone` is in the provider's own spelling."""

    id: str
    name: str
    short_code: str = ""
    base_currency: str = ""
    country: str = ""
    timezone: str = ""
    period_locked_until: date | None = None
    year_locked_until: date | None = None
    may_create_invoices: bool = True
    may_record_payments: bool = True


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    """An account of their chart. The provider decides what it may be used for, since the rules are its own."""

    id: str
    code: str
    name: str
    type: str
    is_active: bool
    takes_revenue: bool
    takes_payments: bool
    is_rounding: bool = False
    currency: str = ""
    tax_type: str = ""


@dataclass(frozen=True, slots=True)
class RemoteTaxRate:
    """A tax rate over there; `effective_rate` in percent, compounding included."""

    tax_type: str
    name: str
    effective_rate: Decimal
    components: tuple[TaxComponent, ...]
    is_active: bool
    applies_to_revenue: bool


@dataclass(frozen=True, slots=True)
class RemoteTrackingOption:
    """One value of a tracking category."""

    id: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class RemoteTrackingCategory:
    """A way to split the books, such as Region or Department."""

    id: str
    name: str
    is_active: bool
    options: tuple[RemoteTrackingOption, ...]


@dataclass(frozen=True, slots=True)
class RemoteBooks:
    """Everything about an organisation that mappings and checks need, read at one time."""

    organisation: RemoteOrganisation
    accounts: tuple[RemoteAccount, ...]
    tax_rates: tuple[RemoteTaxRate, ...]
    tracking: tuple[RemoteTrackingCategory, ...]
    currencies: tuple[str, ...]
    read_at: datetime
