"""Several payments made or received at once."""

from dataclasses import dataclass, field
from datetime import date, datetime

from xero_sandbox.records.attached import HistoryEntry


@dataclass(slots=True)
class BatchPayment:
    batch_id: str
    type: str  # RECBATCH or PAYBATCH
    account_id: str
    dated: date
    updated: datetime
    status: str = "AUTHORISED"
    reference: str = ""
    details: str = ""
    narrative: str = ""
    payment_ids: list[str] = field(default_factory=list)
    created_by: str = ""  # client id of the app that made it
    history: list[HistoryEntry] = field(default_factory=list)
