"""What the memory provider remembers: one organisation with a short chart of accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from keito_books.accounting.documents import (
    RemoteAccount,
    RemoteContact,
    RemoteInvoice,
    RemoteOrganisation,
    RemotePayment,
    RemoteTaxRate,
    RemoteTrackingCategory,
    RemoteTrackingOption,
    TaxComponent,
)
from keito_books.accounting.port import PreparedWrite, Verdict

ORGANISATION = RemoteOrganisation(
    id="memory-organisation",
    name="Memory Ltd",
    short_code="memory",
    base_currency="GBP",
    country="GB",
    timezone="Europe/London",
)
ACCOUNTS = (
    RemoteAccount("sales", "200", "Sales", "income", is_active=True, takes_revenue=True, takes_payments=False),
    RemoteAccount("bank", "090", "Bank", "bank", is_active=True, takes_revenue=False, takes_payments=True),
    RemoteAccount("rent", "400", "Rent", "expense", is_active=True, takes_revenue=False, takes_payments=False),
)
TAX_RATES = (
    RemoteTaxRate(
        "VAT20", "VAT 20 %", Decimal(20), (TaxComponent("VAT", Decimal(20)),), is_active=True, applies_to_revenue=True
    ),
    RemoteTaxRate("NONE", "No VAT", Decimal(0), (), is_active=True, applies_to_revenue=True),
)
TRACKING = (RemoteTrackingCategory("region", "Region", True, (RemoteTrackingOption("north", "North"),)),)  # noqa: FBT003  a record
CURRENCIES = ("GBP", "EUR")


@dataclass(slots=True)
class Books:
    """Everything that was pushed, and what each key was answered."""

    contacts: dict[str, RemoteContact] = field(default_factory=dict)
    invoices: dict[str, RemoteInvoice] = field(default_factory=dict)
    payments: dict[str, RemotePayment] = field(default_factory=dict)
    answers: dict[str, tuple[PreparedWrite, tuple[Verdict, ...]]] = field(default_factory=dict)
    _ids: count[int] = field(default_factory=lambda: count(1))

    def new_id(self, noun: str) -> str:
        return f"{noun}-{next(self._ids)}"
