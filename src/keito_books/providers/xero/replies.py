"""Turn Xero's replies into documents: raw JSON stops here. Pure.

Members that we don't know are ignored, numbers may be texts, and an element that can't be read spoils no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from keito_books.accounting.documents import (
    RemoteAccount,
    RemoteBooks,
    RemoteContact,
    RemoteInvoice,
    RemoteOrganisation,
    RemotePayment,
    RemoteStatus,
    RemoteTaxRate,
    RemoteTrackingCategory,
    RemoteTrackingOption,
    TaxComponent,
)
from keito_books.providers.xero.dates import read_date, read_optional_date
from keito_books.providers.xero.links import url_in
from keito_books.providers.xero.wire import wire_name

NO_ID = "00000000-0000-0000-0000-000000000000"

_STATUSES = {
    "DRAFT": RemoteStatus.DRAFT,
    "SUBMITTED": RemoteStatus.SUBMITTED,
    "AUTHORISED": RemoteStatus.APPROVED,
    "PAID": RemoteStatus.PAID,
    "VOIDED": RemoteStatus.VOIDED,
    "DELETED": RemoteStatus.DELETED,
}
# Accounts of these types take revenue, unless Xero posts to them itself. See docs/providers/xero.md#accounts.
_REVENUE_TYPES = frozenset(("REVENUE", "SALES", "OTHERINCOME"))


class Unreadable(Exception):
    """The reply is not what the documentation says; nothing in it may be trusted."""


class _Reply(msgspec.Struct, frozen=True, rename=wire_name):
    """A part of a reply."""


class _Ref(_Reply, frozen=True):
    contact_id: str = ""
    invoice_id: str = ""


class _Invoice(_Reply, frozen=True):
    invoice_id: str
    type: str = ""
    invoice_number: str = ""
    status: str = ""
    url: str | None = ""
    contact: _Ref = _Ref()
    currency_code: str = ""
    date: str = ""
    date_string: str = ""
    due_date: str | None = None
    due_date_string: str | None = None
    sub_total: Decimal = Decimal(0)
    total_tax: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    amount_due: Decimal = Decimal(0)
    currency_rate: Decimal | None = None
    line_items: tuple[msgspec.Raw, ...] = ()


class _Contact(_Reply, frozen=True):
    contact_id: str
    name: str = ""
    contact_number: str | None = ""
    email_address: str | None = ""
    tax_number: str | None = ""
    contact_status: str = "ACTIVE"
    merged_to_contact_id: str | None = ""


class _Payment(_Reply, frozen=True):
    payment_id: str
    date: str
    amount: Decimal
    reference: str | None = ""
    status: str = ""
    is_reconciled: bool = False
    invoice: _Ref = _Ref()


class _Organisation(_Reply, frozen=True):
    organisation_id: str
    name: str
    short_code: str | None = ""
    base_currency: str | None = ""
    country_code: str | None = ""
    timezone: str | None = ""
    period_lock_date: str | None = None
    end_of_year_lock_date: str | None = None


class _Action(_Reply, frozen=True):
    name: str
    status: str


class _Account(_Reply, frozen=True):
    account_id: str
    name: str
    code: str | None = ""
    type: str = ""
    status: str = ""
    system_account: str | None = ""
    enable_payments_to_account: bool = False
    currency_code: str | None = ""
    tax_type: str | None = ""


class _Component(_Reply, frozen=True):
    name: str
    rate: Decimal
    is_compound: bool = False


class _TaxRate(_Reply, frozen=True):
    name: str
    tax_type: str
    effective_rate: Decimal = Decimal(0)
    tax_components: tuple[_Component, ...] | None = ()
    status: str = ""
    can_apply_to_revenue: bool = False


class _Option(_Reply, frozen=True):
    tracking_option_id: str
    name: str
    status: str = "ACTIVE"


class _Category(_Reply, frozen=True):
    tracking_category_id: str
    name: str
    status: str = ""
    options: tuple[_Option, ...] = ()


class _Currency(_Reply, frozen=True):
    code: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a write's reply: what it says about itself, and its bytes for what it holds.

    `is_sure` is False when it carries a status that we don't know, which is then neither done nor declined.
    """

    is_declined: bool
    is_sure: bool
    messages: tuple[str, ...]
    warnings: tuple[str, ...]
    fields: Mapping[str, msgspec.Raw]
    raw: bytes

    def text(self, field: str) -> str:
        value = _value(self.fields, field)
        return value if isinstance(value, str) else ""


Struct = TypeVar("Struct", bound=msgspec.Struct)


def elements(body: bytes, envelope: str) -> tuple[Element, ...]:
    """Return the elements of a write's reply. Raises Unreadable when there is no such envelope."""
    return tuple(_element(raw) for raw in _raw_list(body, envelope))


def _element(raw: bytes) -> Element:
    fields = _decode(raw, dict[str, msgspec.Raw])
    status = _value(fields, "StatusAttributeString", "")
    # Nearly all elements of a large batch are fine: they are not read to their last line for messages.
    messages = tuple(every_message(msgspec.json.decode(raw))) if b'"Message"' in raw else ()
    flagged = _value(fields, "HasErrors") is True or _value(fields, "HasValidationErrors") is True
    return Element(
        is_declined=status == "ERROR" or (flagged and bool(messages)),
        is_sure=status in {"", "OK", "WARNING", "ERROR", None} and not (flagged and not messages and status != "ERROR"),
        messages=messages,
        warnings=tuple(_messages(_value(fields, "Warnings"))),
        fields=fields,
        raw=raw,
    )


def _value(fields: Mapping[str, msgspec.Raw], name: str, default: object = None) -> object:
    raw = fields.get(name)
    return default if raw is None else msgspec.json.decode(raw)


def every_message(value: object) -> list[str]:
    """Return all messages of all ValidationErrors in a reply or a part of it, in order, each once."""
    found: list[str] = []
    if isinstance(value, list):
        for each in value:
            found += every_message(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            found += _messages(each) if name == "ValidationErrors" else every_message(each)
    return list(dict.fromkeys(found))


def _messages(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [each["Message"] for each in value if isinstance(each, dict) and isinstance(each.get("Message"), str)]


def read_invoice(raw: bytes) -> RemoteInvoice:
    """Return one sales invoice. Raises Unreadable."""
    wire = _decode(raw, _Invoice)
    return RemoteInvoice(
        id=wire.invoice_id,
        number=wire.invoice_number,
        status=_STATUSES.get(wire.status, RemoteStatus.OTHER),
        url=url_in(wire.url or ""),
        contact_id=wire.contact.contact_id,
        currency=wire.currency_code,
        issued_on=_day(wire.date_string or wire.date),
        due_on=_optional_day(wire.due_date_string or wire.due_date),
        subtotal=wire.sub_total,
        tax=wire.total_tax,
        total=wire.total,
        amount_due=wire.amount_due,
        line_count=len(wire.line_items),
        currency_rate=wire.currency_rate,
    )


def read_contact(raw: bytes) -> RemoteContact:
    """Return one contact. Raises Unreadable."""
    wire = _decode(raw, _Contact)
    return RemoteContact(
        id=wire.contact_id,
        name=wire.name,
        marker=wire.contact_number or "",
        email=wire.email_address or "",
        tax_number=wire.tax_number or "",
        is_archived=wire.contact_status != "ACTIVE",
        merged_into_id=wire.merged_to_contact_id or "",
    )


def read_payment(raw: bytes) -> RemotePayment:
    """Return one payment. Raises Unreadable."""
    wire = _decode(raw, _Payment)
    return RemotePayment(
        id=wire.payment_id,
        reference=wire.reference or "",
        invoice_id=wire.invoice.invoice_id,
        amount=wire.amount,
        paid_on=_day(wire.date),
        is_deleted=wire.status == "DELETED",
        is_reconciled=wire.is_reconciled,
    )


def sales_invoices(body: bytes) -> tuple[RemoteInvoice, ...]:
    """Return the sales invoices of a list; bills share the resource but are none of ours."""
    found = [raw for raw in _raw_list(body, "Invoices") if _decode(raw, _Invoice).type == "ACCREC"]
    return tuple(read_invoice(raw) for raw in found)


def contacts(body: bytes) -> tuple[RemoteContact, ...]:
    return tuple(read_contact(raw) for raw in _raw_list(body, "Contacts"))


def payments(body: bytes) -> tuple[RemotePayment, ...]:
    return tuple(read_payment(raw) for raw in _raw_list(body, "Payments"))


@dataclass(frozen=True, slots=True)
class BooksReplies:
    """The replies that make up an organisation's books; `actions` is empty when Xero does not tell."""

    organisation: bytes
    accounts: bytes
    tax_rates: bytes
    tracking: bytes
    currencies: bytes
    actions: bytes


def read_books(replies: BooksReplies, *, now: datetime) -> RemoteBooks:
    """Return the books. Raises Unreadable."""
    organisation = _organisation(replies)
    currencies = [each.code for each in _list(replies.currencies, "Currencies", _Currency)]
    return RemoteBooks(
        organisation=organisation,
        accounts=tuple(_account(each) for each in _list(replies.accounts, "Accounts", _Account)),
        tax_rates=tuple(_tax_rate(each) for each in _list(replies.tax_rates, "TaxRates", _TaxRate)),
        tracking=tuple(_category(each) for each in _list(replies.tracking, "TrackingCategories", _Category)),
        currencies=tuple(dict.fromkeys([organisation.base_currency, *currencies])),
        read_at=now,
    )


def _organisation(replies: BooksReplies) -> RemoteOrganisation:
    every = _list(replies.organisation, "Organisations", _Organisation)
    if not every:
        raise Unreadable("The reply names no organisation")
    wire = every[0]
    actions = {each.name: each.status for each in _list(replies.actions, "Actions", _Action)} if replies.actions else {}
    return RemoteOrganisation(
        id=wire.organisation_id,
        name=wire.name,
        short_code=wire.short_code or "",
        base_currency=wire.base_currency or "",
        country=wire.country_code or "",
        timezone=wire.timezone or "",
        period_locked_until=_optional_day(wire.period_lock_date),
        year_locked_until=_optional_day(wire.end_of_year_lock_date),
        may_create_invoices=actions.get("CreateApprovedInvoice", "ALLOWED") == "ALLOWED",
        may_record_payments=actions.get("CreateInvoicePayment", "ALLOWED") == "ALLOWED",
    )


def _account(wire: _Account) -> RemoteAccount:
    is_active = wire.status == "ACTIVE"
    return RemoteAccount(
        id=wire.account_id,
        code=wire.code or "",
        name=wire.name,
        type=wire.type,
        is_active=is_active,
        takes_revenue=is_active and wire.type in _REVENUE_TYPES and not wire.system_account,
        takes_payments=is_active and (wire.type == "BANK" or wire.enable_payments_to_account),
        is_rounding=is_active and wire.system_account == "ROUNDING",
        currency=wire.currency_code or "",
        tax_type=wire.tax_type or "",
    )


def _tax_rate(wire: _TaxRate) -> RemoteTaxRate:
    return RemoteTaxRate(
        tax_type=wire.tax_type,
        name=wire.name,
        effective_rate=wire.effective_rate,
        components=tuple(TaxComponent(each.name, each.rate, each.is_compound) for each in wire.tax_components or ()),
        is_active=wire.status == "ACTIVE",
        applies_to_revenue=wire.can_apply_to_revenue,
    )


def _category(wire: _Category) -> RemoteTrackingCategory:
    options = tuple(
        RemoteTrackingOption(each.tracking_option_id, each.name, each.status == "ACTIVE") for each in wire.options
    )
    return RemoteTrackingCategory(wire.tracking_category_id, wire.name, wire.status == "ACTIVE", options)


def _raw_list(body: bytes, envelope: str) -> Sequence[bytes]:
    whole = _decode(body, dict[str, msgspec.Raw])
    if envelope not in whole:
        raise Unreadable(f"The reply holds no {envelope}")
    return [bytes(raw) for raw in _decode(bytes(whole[envelope]), list[msgspec.Raw])]


def _list(body: bytes, envelope: str, struct: type[Struct]) -> list[Struct]:
    return [_decode(raw, struct) for raw in _raw_list(body, envelope)]


Decoded = TypeVar("Decoded")


def _decode(raw: bytes, kind: type[Decoded]) -> Decoded:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"The reply can't be read: {error}") from error


def _day(text: str) -> date:
    try:
        return read_date(text)
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _optional_day(text: str | None) -> date | None:
    try:
        return read_optional_date(text)
    except ValueError as error:
        raise Unreadable(str(error)) from error
