"""A payment of an invoice, from or to an account."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(slots=True)
class Payment:
    payment_id: str
    invoice_id: str
    account_id: str
    paid_on: date
    amount: Decimal  # in the invoice's currency
    updated: datetime
    payment_type: str
    status: str = "AUTHORISED"
    bank_amount: Decimal | None = None  # in the account's currency
    reference: str = ""
    currency_rate: Decimal = Decimal(1)
    is_reconciled: bool = False
    batch_payment_id: str = ""
    created_by: str = ""
