"""Contacts, invoices and payments for the demo, made from short rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from xero_sandbox.books import Books
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.records.contact import Address, Contact, Phone
from xero_sandbox.records.invoice import Invoice, LineItem
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.payment import Payment
from xero_sandbox.rules.amounts import effective_rate, line_amount, line_tax
from xero_sandbox.rules.invoices import add_up, copy_of, settle
from xero_sandbox.seeds.accounts import fixed_id

TERMS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ContactRow:
    name: str
    email: str
    person: str
    street: str
    city: str
    postal_code: str
    country: str
    phone: str = ""
    account_number: str = ""
    tax_number: str = ""
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    number: str
    contact: str
    days_ago: int
    status: str
    account: str
    lines: tuple[tuple[str, str, str], ...]  # description, quantity, unit price
    type: str = "ACCREC"
    reference: str = ""
    paid: str = ""  # an amount


def add_contacts(organisation: Organisation, rows: Iterable[ContactRow], made: datetime) -> None:
    books = Books(organisation)
    for row in rows:
        first, _, last = row.person.partition(" ")
        contact = Contact(
            contact_id=fixed_id(organisation.organisation_id, "contact", row.name),
            name=row.name,
            updated=made,
            status=row.status,
            account_number=row.account_number,
            first_name=first,
            last_name=last,
            email=row.email,
            tax_number=row.tax_number,
        )
        contact.addresses["STREET"] = Address(
            "STREET", [row.street, "", "", ""], row.city, postal_code=row.postal_code, country=row.country
        )
        if row.phone:
            contact.phones["DEFAULT"] = Phone("DEFAULT", row.phone)
        books.save_contact(contact)


def add_invoices(organisation: Organisation, rows: Iterable[InvoiceRow], today: date) -> None:
    books = Books(organisation)
    for row in rows:
        invoice = _invoice(books, row, today)
        books.save_invoice(invoice)
        if row.paid:
            _pay(books, invoice, Decimal(row.paid))


def _invoice(books: Books, row: InvoiceRow, today: date) -> Invoice:
    organisation = books.organisation
    contact = books.contacts_named(row.contact)[0]
    dated = today - timedelta(days=row.days_ago)
    written = datetime.combine(dated, time(10, 15), UTC)
    contact.is_customer |= row.type == "ACCREC"
    contact.is_supplier |= row.type == "ACCPAY"
    invoice = Invoice(
        invoice_id=fixed_id(organisation.organisation_id, row.type, row.number),
        type=row.type,
        number=row.number,
        contact_id=contact.contact_id,
        dated=dated,
        updated=written,
        status=row.status,
        due_date=dated + TERMS,
        reference=row.reference,
        lines=[_line(books, row, position) for position in range(len(row.lines))],
        currency=organisation.base_currency,
        currency_rate=Decimal("1.000000"),
        branding_theme_id=organisation.themes[0].theme_id,
        history=[HistoryEntry(written, "Created", f"{row.number} for {contact.name}", "System Generated")],
    )
    add_up(invoice)
    return invoice


def _line(books: Books, row: InvoiceRow, position: int) -> LineItem:
    description, quantity, price = row.lines[position]
    account = books.account_coded(row.account)
    if account is None:
        raise KeyError(row.account)
    amount = line_amount(Decimal(quantity), Decimal(price), None, None)
    rate = books.organisation.tax_rates[account.tax_type]
    return LineItem(
        line_id=fixed_id(books.organisation.organisation_id, row.number, str(position)),
        description=description,
        quantity=Decimal(quantity).quantize(Decimal("0.0001")),
        unit_amount=Decimal(price),
        line_amount=amount,
        account_id=account.account_id,
        account_code=account.code,
        tax_type=account.tax_type,
        tax_amount=line_tax(amount, effective_rate(rate.components), "Exclusive"),
    )


def _pay(books: Books, invoice: Invoice, amount: Decimal) -> None:
    paid_on = invoice.dated + timedelta(days=12)
    account = books.account_coded("090")
    if account is None:
        raise KeyError("090")
    payment = Payment(
        payment_id=fixed_id(books.organisation.organisation_id, "payment", invoice.number),
        invoice_id=invoice.invoice_id,
        account_id=account.account_id,
        paid_on=paid_on,
        amount=amount,
        updated=datetime.combine(paid_on, time(16, 5), UTC),
        payment_type="ACCRECPAYMENT" if invoice.type == "ACCREC" else "ACCPAYPAYMENT",
        reference=f"BACS {invoice.number}",
    )
    books.save_payment(payment)
    paid = copy_of(invoice)
    paid.amount_paid = amount
    paid.payment_ids = [payment.payment_id]
    paid.updated = payment.updated
    settle(paid, paid_on)
    books.save_invoice(paid)
