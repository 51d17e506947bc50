"""A customer or supplier of an organisation."""

from dataclasses import dataclass, field
from datetime import datetime

from xero_sandbox.records.attached import Attachment, HistoryEntry


@dataclass(slots=True)
class Address:
    type: str
    lines: list[str] = field(default_factory=lambda: ["", "", "", ""])
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    attention_to: str = ""


@dataclass(slots=True)
class Phone:
    type: str
    number: str = ""
    area_code: str = ""
    country_code: str = ""


@dataclass(slots=True)
class ContactPerson:
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    include_in_emails: bool = False


@dataclass(slots=True)
class PaymentTerm:
    day: int
    type: str


@dataclass(slots=True)
class Contact:
    contact_id: str
    name: str
    updated: datetime
    status: str = "ACTIVE"
    contact_number: str = ""
    account_number: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    company_number: str = ""
    tax_number: str = ""
    website: str = ""
    bank_account_details: str = ""
    default_currency: str = ""
    receivable_tax_type: str = ""
    payable_tax_type: str = ""
    sales_terms: PaymentTerm | None = None
    bills_terms: PaymentTerm | None = None
    addresses: dict[str, Address] = field(default_factory=dict)  # by type
    phones: dict[str, Phone] = field(default_factory=dict)  # by type
    persons: list[ContactPerson] = field(default_factory=list)
    is_customer: bool = False
    is_supplier: bool = False
    merged_to: str = ""
    history: list[HistoryEntry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    created_by: str = ""  # client id of the app that made it
