"""One organisation with its settings and its books."""

from dataclasses import dataclass, field
from datetime import date, datetime

from xero_sandbox.records.bank_transaction import BankTransaction
from xero_sandbox.records.batch_payment import BatchPayment
from xero_sandbox.records.contact import Contact, PaymentTerm
from xero_sandbox.records.contact_group import ContactGroup
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.item import Item
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.settings import Account, BrandingTheme, Currency, TaxRate, TrackingCategory


@dataclass(slots=True)
class Organisation:
    organisation_id: str  # also the tenant id
    name: str
    legal_name: str
    country: str
    base_currency: str
    timezone: str  # Xero's spelling, as GMTSTANDARDTIME
    zone: str  # the same as an IANA name
    short_code: str
    created: datetime
    tax_number: str = ""
    edition: str = "BUSINESS"
    organisation_class: str = "PREMIUM"
    is_demo: bool = True
    status: str = "ACTIVE"
    year_end_day: int = 31
    year_end_month: int = 3
    sales_tax_basis: str = "ACCRUALS"
    sales_tax_period: str = "QUARTERLY1"
    period_lock_date: date | None = None
    end_of_year_lock_date: date | None = None
    sales_terms: PaymentTerm | None = None
    bills_terms: PaymentTerm | None = None
    invoice_prefix: str = "INV-"
    next_invoice_number: int = 1
    credit_note_prefix: str = "CN-"
    next_credit_note_number: int = 1
    sales_approvals_per_month: int | None = None  # the cap of old "Early" plans; None: no cap
    emails_a_day: int | None = None  # None: what the plan allows
    emails_sent: int = 0  # on the day
    emails_day: date | None = None
    bill_approvals_per_month: int | None = None
    offline: bool = False  # one organisation under maintenance
    accounts: dict[str, Account] = field(default_factory=dict)
    tax_rates: dict[str, TaxRate] = field(default_factory=dict)  # by tax type
    tracking: list[TrackingCategory] = field(default_factory=list)
    currencies: dict[str, Currency] = field(default_factory=dict)
    themes: list[BrandingTheme] = field(default_factory=list)
    contacts: dict[str, Contact] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    groups: dict[str, ContactGroup] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    bank_transactions: dict[str, BankTransaction] = field(default_factory=dict)
    batch_payments: dict[str, BatchPayment] = field(default_factory=dict)
    credits: dict[str, Credit] = field(default_factory=dict)
