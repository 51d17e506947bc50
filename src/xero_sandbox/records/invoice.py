"""A sales invoice (ACCREC) or a bill (ACCPAY), with its lines."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from xero_sandbox.records.attached import Attachment, HistoryEntry

ZERO = Decimal("0.00")


@dataclass(slots=True)
class LineTracking:
    category_id: str
    option_id: str
    category: str  # the names as they were when the line was written
    option: str


@dataclass(slots=True)
class LineItem:
    line_id: str
    description: str = ""
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    line_amount: Decimal = ZERO
    account_id: str = ""
    account_code: str = ""
    item_code: str = ""
    tax_type: str = ""
    tax_amount: Decimal = ZERO
    tax_is_given: bool = False  # TaxAmount was sent and overrides the calculation
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    tracking: list[LineTracking] = field(default_factory=list)


@dataclass(slots=True)
class Invoice:
    invoice_id: str
    type: str
    number: str
    contact_id: str
    dated: date
    updated: datetime
    status: str = "DRAFT"
    due_date: date | None = None
    reference: str = ""
    line_amount_types: str = "Exclusive"
    lines: list[LineItem] = field(default_factory=list)
    currency: str = ""
    currency_rate: Decimal = Decimal(1)
    branding_theme_id: str = ""
    url: str = ""
    sent_to_contact: bool = False
    expected_payment_date: date | None = None
    planned_payment_date: date | None = None
    sub_total: Decimal = ZERO
    total_tax: Decimal = ZERO
    total: Decimal = ZERO
    rounding_amount: Decimal = ZERO
    total_discount: Decimal = ZERO
    amount_paid: Decimal = ZERO
    amount_credited: Decimal = ZERO
    fully_paid_on: date | None = None
    payment_ids: list[str] = field(default_factory=list)
    credit_ids: list[str] = field(default_factory=list)  # credits with allocations to it, past ones too
    created_by: str = ""  # client id of the app that made it
    history: list[HistoryEntry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def amount_due(self) -> Decimal:
        return self.total - self.amount_paid - self.amount_credited
