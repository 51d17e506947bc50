"""What a contact has to their credit: a credit note, an overpayment or a prepayment."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from xero_sandbox.records.attached import Attachment, HistoryEntry
from xero_sandbox.records.invoice import ZERO, LineItem


class CreditNoun(StrEnum):
    CREDIT_NOTE = "CreditNote"
    OVERPAYMENT = "Overpayment"
    PREPAYMENT = "Prepayment"


@dataclass(slots=True)
class Allocation:
    """A part of a credit that settles an invoice."""

    allocation_id: str
    invoice_id: str
    amount: Decimal
    dated: date


@dataclass(slots=True)
class Credit:
    credit_id: str
    noun: CreditNoun
    type: str  # ACCRECCREDIT, ACCPAYCREDIT, RECEIVE-OVERPAYMENT, SPEND-PREPAYMENT, ...
    number: str  # credit notes only
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
    sent_to_contact: bool = False
    sub_total: Decimal = ZERO
    total_tax: Decimal = ZERO
    total: Decimal = ZERO
    applied: Decimal = ZERO  # the sum of its allocations
    refunded: Decimal = ZERO  # the sum of its payments
    fully_used_on: date | None = None
    allocations: list[Allocation] = field(default_factory=list)
    payment_ids: list[str] = field(default_factory=list)
    bank_transaction_id: str = ""  # what made an overpayment or prepayment
    created_by: str = ""  # client id of the app that made it
    history: list[HistoryEntry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def remaining(self) -> Decimal:
        return self.total - self.applied - self.refunded

    @property
    def of_customer(self) -> bool:
        """Whether it settles sales invoices; otherwise bills."""
        return self.type.startswith(("ACCREC", "RECEIVE"))
