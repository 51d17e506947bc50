"""What an organisation sets up before it invoices: accounts, tax rates, tracking, currencies, themes."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from xero_sandbox.records.attached import Attachment


@dataclass(slots=True)
class Account:
    account_id: str
    code: str  # empty for some bank accounts
    name: str
    type: str
    tax_type: str
    updated: datetime
    status: str = "ACTIVE"
    description: str = ""
    enable_payments: bool = False
    system_account: str = ""
    currency: str = ""  # bank accounts only
    bank_account_number: str = ""
    reporting_code: str = ""
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class TaxComponent:
    name: str
    rate: Decimal
    is_compound: bool = False
    is_non_recoverable: bool = False


@dataclass(slots=True)
class TaxRate:
    tax_type: str
    name: str
    components: list[TaxComponent]
    applies_to: tuple[str, ...]  # account classes
    report_tax_type: str = ""
    status: str = "ACTIVE"


@dataclass(slots=True)
class TrackingOption:
    option_id: str
    name: str
    status: str = "ACTIVE"


@dataclass(slots=True)
class TrackingCategory:
    category_id: str
    name: str
    options: list[TrackingOption] = field(default_factory=list)
    status: str = "ACTIVE"


@dataclass(slots=True)
class Currency:
    code: str
    description: str
    rate: Decimal = Decimal(1)  # units of this currency for one of the organisation's own


@dataclass(slots=True)
class BrandingTheme:
    theme_id: str
    name: str
    sort_order: int
    created: datetime
