"""A payment of an invoice, or the refund of a credit, from or to an account."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from xero_sandbox.records.attached import HistoryEntry


@dataclass(slots=True)
class Payment:
    payment_id: str
    invoice_id: str  # empty for a refund
    account_id: str
    paid_on: date
    amount: Decimal  # in the document's currency
    updated: datetime
    payment_type: str
    status: str = "AUTHORISED"
    bank_amount: Decimal | None = None  # in the account's currency
    reference: str = ""
    currency_rate: Decimal = Decimal(1)
    is_reconciled: bool = False
    batch_payment_id: str = ""
    credit_id: str = ""  # what it refunds
    created_by: str = ""
    history: list[HistoryEntry] = field(default_factory=list)
