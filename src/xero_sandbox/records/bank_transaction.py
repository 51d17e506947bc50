"""Money received or spent at a bank, with what it was for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from xero_sandbox.records.attached import Attachment, HistoryEntry
from xero_sandbox.records.invoice import ZERO, LineItem


@dataclass(slots=True)
class BankTransaction:
    transaction_id: str
    type: str  # RECEIVE, SPEND, RECEIVE-OVERPAYMENT, SPEND-PREPAYMENT, ...
    contact_id: str
    account_id: str  # the bank account
    dated: date
    updated: datetime
    status: str = "AUTHORISED"
    reference: str = ""
    url: str = ""
    line_amount_types: str = "Exclusive"
    lines: list[LineItem] = field(default_factory=list)
    currency: str = ""
    currency_rate: Decimal = Decimal(1)
    is_reconciled: bool = False
    sub_total: Decimal = ZERO
    total_tax: Decimal = ZERO
    total: Decimal = ZERO
    credit_id: str = ""  # the overpayment or prepayment that it made
    created_by: str = ""  # client id of the app that made it
    history: list[HistoryEntry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
