"""Turn documents into the bytes that Xero gets. Pure: equal documents give equal bytes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote

import msgspec

from keito_books.accounting.documents import (
    Address,
    ContactDocument,
    DocumentLine,
    InvoiceDocument,
    Kind,
    PaymentDocument,
)
from keito_books.accounting.errors import Refused
from keito_books.accounting.port import PreparedWrite
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.money import round_half_up
from keito_books.providers.xero.arithmetic import RATE_UNIT, Line, LineAmounts
from keito_books.providers.xero.links import url_out
from keito_books.providers.xero.repair import Plan, plan_invoice
from keito_books.providers.xero.text import contact_name, country_letters, fitting, one_line, paragraphs
from keito_books.providers.xero.wire import encode, wire_name, wire_number

# One answer for each element, and four decimals of prices kept.
_QUERY = "?summarizeErrors=false&unitdp=4"

# Lengths that Xero takes. See docs/providers/xero.md#lengths.
_TEXT = 255
_DESCRIPTION = 4000
_CODE = 50
_STREET_LINE = 500
_STREET_LINES = 4
_BODY_BYTES = 3_500_000


class _Wire(msgspec.Struct, frozen=True, omit_defaults=True, rename=wire_name):
    """A part of a request; members with their default value are left out."""


class _Ref(_Wire, frozen=True):
    contact_id: str = ""
    invoice_id: str = ""
    account_id: str = ""


class _Tracking(_Wire, frozen=True):
    name: str
    option: str
    tracking_category_id: str = ""
    tracking_option_id: str = ""


class _LineItem(_Wire, frozen=True):
    description: str
    quantity: Decimal
    unit_amount: Decimal
    tax_type: str
    account_id: str = ""
    account_code: str = ""
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    tracking: tuple[_Tracking, ...] = ()


class _Invoice(_Wire, frozen=True):
    type: str
    status: str
    contact: _Ref
    invoice_number: str
    date: str
    due_date: str
    currency_code: str
    line_amount_types: str
    line_items: tuple[_LineItem, ...]
    reference: str = ""
    url: str = ""
    currency_rate: Decimal | None = None


class _Address(_Wire, frozen=True):
    address_type: str
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    address_line4: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


class _Phone(_Wire, frozen=True):
    phone_type: str
    phone_number: str


class _Terms(_Wire, frozen=True):
    day: int
    type: str


class _PaymentTerms(_Wire, frozen=True):
    sales: _Terms


class _Contact(_Wire, frozen=True):
    contact_number: str
    name: str
    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    tax_number: str = ""
    default_currency: str = ""
    addresses: tuple[_Address, ...] = ()
    phones: tuple[_Phone, ...] = ()
    payment_terms: _PaymentTerms | None = None


class _Payment(_Wire, frozen=True):
    invoice: _Ref
    account: _Ref
    date: str
    amount: Decimal
    reference: str
    currency_rate: Decimal | None = None


class _Deletion(_Wire, frozen=True):
    status: str


def prepare_contacts(contacts: Sequence[ContactDocument]) -> PreparedWrite:
    repairs = tuple(
        (contact.marker, f"The name is written “{contact_name(contact.name)}” in Xero, which takes no other form.")
        for contact in contacts
        if contact_name(contact.name) != contact.name
    )
    body = {"Contacts": [_contact(each) for each in contacts]}
    markers = tuple(each.marker for each in contacts)
    return _prepared(Kind.CONTACT, "Contacts", body, markers, repairs=repairs)


def prepare_invoices(invoices: Sequence[InvoiceDocument]) -> PreparedWrite:
    """Freeze invoices whose totals will be equal. Raises Refused when one can't be made so, or is too long."""
    plans = [plan_invoice(each) for each in invoices]
    body = {"Invoices": [_invoice(each, plan) for each, plan in zip(invoices, plans, strict=True)]}
    repairs = tuple((each.number, told) for each, plan in zip(invoices, plans, strict=True) for told in plan.repairs)
    markers = tuple(each.number for each in invoices)
    counts = tuple(len(plan.lines) + bool(plan.rounding) for plan in plans)
    return _prepared(Kind.INVOICE, "Invoices", body, markers, repairs=repairs, line_counts=counts)


def prepare_payments(payments: Sequence[PaymentDocument]) -> PreparedWrite:
    body = {"Payments": [_payment(each) for each in payments]}
    return _prepared(Kind.PAYMENT, "Payments", body, tuple(each.marker for each in payments))


def join(writes: Sequence[PreparedWrite], *, most: int) -> PreparedWrite:
    """Return one write with the documents of the first writes, `most` at most, and small enough for Xero.

    The elements are taken over as they were encoded: what was prepared alone is sent unchanged in a batch.
    """
    first = writes[0]
    if first.kind is Kind.PAYMENT_DELETION:
        return first
    opening, closing = first.body[: first.body.index(b"[") + 1], b"]}"
    elements: list[bytes] = []
    room = _BODY_BYTES - len(opening) - len(closing)
    for write in writes[:most]:
        element = write.body[len(opening) : -len(closing)]
        room -= len(element) + 1
        if elements and room < 0:
            break
        elements.append(element)
    taken = writes[: len(elements)]
    return PreparedWrite(
        first.kind,
        first.method,
        first.path,
        opening + b",".join(elements) + closing,
        tuple(marker for each in taken for marker in each.markers),
        tuple(repair for each in taken for repair in each.repairs),
        tuple(count for each in taken for count in each.line_counts),
    )


def prepare_payment_deletion(payment_id: str) -> PreparedWrite:
    body = encode(_Deletion(status="DELETED"))
    return PreparedWrite(Kind.PAYMENT_DELETION, "POST", f"/Payments/{quote(payment_id, safe='')}", body, (payment_id,))


def _prepared(
    kind: Kind,
    resource: str,
    body: object,
    markers: tuple[str, ...],
    *,
    repairs: tuple[tuple[str, str], ...] = (),
    line_counts: tuple[int, ...] = (),
) -> PreparedWrite:
    encoded = encode(body)
    if len(encoded) > _BODY_BYTES:
        details = {"field": "The whole document", "limit": str(_BODY_BYTES), "length": str(len(encoded))}
        raise Refused(Refusal(RefusalCode.TEXT_TOO_LONG, details={**details, "marker": markers[0]}))
    return PreparedWrite(kind, "PUT", f"/{resource}{_QUERY}", encoded, markers, repairs, line_counts)


def _invoice(invoice: InvoiceDocument, plan: Plan) -> _Invoice:
    marker = invoice.number
    lines = [_line_item(line, asked, marker) for line, asked in zip(plan.lines, invoice.lines, strict=True)]
    if plan.rounding:
        lines.append(_rounding_item(plan.rounding, invoice.rounding_account_id))
    return _Invoice(
        type="ACCREC",
        status="DRAFT" if invoice.as_draft else "AUTHORISED",
        contact=_Ref(contact_id=invoice.contact_id),
        invoice_number=fitting(invoice.number, _TEXT, field="The invoice number", marker=marker),
        date=invoice.issued_on.isoformat(),
        due_date=invoice.due_on.isoformat(),
        currency_code=invoice.currency,
        line_amount_types=LineAmounts.EXCLUSIVE,
        line_items=tuple(lines),
        reference=fitting(one_line(invoice.reference), _TEXT, field="The PO number", marker=marker),
        url=url_out(invoice.url),
        currency_rate=_rate(invoice.currency_rate),
    )


def _line_item(line: Line, asked: DocumentLine, marker: str) -> _LineItem:
    return _LineItem(
        description=fitting(
            paragraphs(line.description), _DESCRIPTION, field="The description of a line", marker=marker
        ),
        quantity=wire_number(line.quantity),
        unit_amount=wire_number(line.unit_amount),
        tax_type=asked.tax.tax_type,
        # An id stays what it is when an accountant renumbers the chart of accounts.
        account_id=asked.account_id,
        account_code="" if asked.account_id else asked.account_code,
        discount_rate=None if line.discount_rate is None else wire_number(line.discount_rate),
        discount_amount=None if line.discount_amount is None else wire_number(line.discount_amount),
        tax_amount=None if line.tax_amount is None else wire_number(line.tax_amount),
        tracking=tuple(
            _Tracking(each.category_name, each.option_name, each.category_id, each.option_id) for each in asked.tracking
        ),
    )


def _rounding_item(amount: Decimal, account_id: str) -> _LineItem:
    return _LineItem("Rounding", Decimal(1), wire_number(amount), "NONE", account_id=account_id)


def _contact(contact: ContactDocument) -> _Contact:
    marker = contact.marker

    def fit(text: str, limit: int, field: str) -> str:
        return fitting(one_line(text), limit, field=field, marker=marker)

    phone = fit(contact.phone, _CODE, "The phone number")
    return _Contact(
        contact_number=fit(marker, _CODE, "The client's marker"),
        name=fit(contact_name(contact.name), _TEXT, "The client's name"),
        first_name=fit(contact.first_name, _TEXT, "The first name"),
        last_name=fit(contact.last_name, _TEXT, "The last name"),
        email_address=fit(contact.email, _TEXT, "The e-mail address"),
        tax_number=fit(contact.tax_number, _CODE, "The tax number"),
        default_currency=contact.currency,
        addresses=_addresses(contact.address, marker),
        phones=(_Phone("DEFAULT", phone),) if phone else (),
        payment_terms=_terms(contact.terms_days),
    )


def _addresses(address: Address, marker: str) -> tuple[_Address, ...]:
    """Return the address as the postal one, which Xero prints on invoices, and as the street."""
    if address == Address():
        return ()

    def fit(text: str, limit: int, field: str) -> str:
        return fitting(one_line(text), limit, field=field, marker=marker)

    lines = [line for line in (one_line(each) for each in address.street.splitlines()) if line]
    if len(lines) > _STREET_LINES:
        lines[_STREET_LINES - 1 :] = [", ".join(lines[_STREET_LINES - 1 :])]
    first, second, third, fourth = [fit(line, _STREET_LINE, "A line of the address") for line in lines] + [""] * (
        _STREET_LINES - len(lines)
    )
    postal = _Address(
        "POBOX",
        first,
        second,
        third,
        fourth,
        city=fit(address.city, _TEXT, "The city"),
        region=fit(address.region, _TEXT, "The region"),
        postal_code=fit(address.postal_code, _CODE, "The postal code"),
        country=fit(country_letters(address.country), _CODE, "The country"),
    )
    return (postal, msgspec.structs.replace(postal, address_type="STREET"))


def _terms(days: int | None) -> _PaymentTerms | None:
    return None if days is None else _PaymentTerms(_Terms(days, "DAYSAFTERBILLDATE"))


def _payment(payment: PaymentDocument) -> _Payment:
    return _Payment(
        invoice=_Ref(invoice_id=payment.invoice_id),
        account=_Ref(account_id=payment.account_id),
        date=payment.paid_on.isoformat(),
        amount=wire_number(payment.amount),
        reference=payment_reference(payment.transaction_id, payment.marker),
        currency_rate=_rate(payment.currency_rate),
    )


def _rate(rate: Decimal | None) -> Decimal | None:
    """Return the rate as Xero keeps it; without one, Xero takes its own of the day."""
    return None if rate is None else wire_number(round_half_up(rate, RATE_UNIT))


def payment_reference(transaction_id: str, marker: str) -> str:
    """Return the transaction id, if any, followed by our marker. The id is cut where both are too long, never the
    marker, by which a payment whose reply was lost is found again."""
    room = _TEXT - len(marker) - 1
    return f"{one_line(transaction_id)[:room].rstrip()} {marker}".strip()
