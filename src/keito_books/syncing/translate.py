"""Turn our clients, invoices and payments into neutral documents, with every choice of the workspace applied."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from keito_books.accounting.documents import (
    Address,
    ContactDocument,
    DocumentLine,
    InvoiceDocument,
    InvoiceTotals,
    PaymentDocument,
)
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.invoicing.models import Client, Invoice, Payment
from keito_books.invoicing.models.terms import days_of
from keito_books.mapping.books import Books
from keito_books.mapping.resolve import Choices, LineFacts, Resolved, exchange_rate, payment_account, resolve_line
from keito_books.mapping.situations import Situation


class Row(Protocol):
    """What of an invoice line goes over there: the line itself, or those of its columns that were read in bulk."""

    @property
    def description(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def taxed(self) -> bool: ...
    @property
    def taxed2(self) -> bool: ...
    @property
    def project_id(self) -> UUID | None: ...
    @property
    def category_id(self) -> UUID | None: ...


def contact_marker(client_id: UUID) -> str:
    """Return what their contact carries as our id: KC- and 32 hexadecimal digits, 35 characters."""
    return f"KC-{client_id.hex}"


def contact_document(client: Client) -> ContactDocument:
    # Sorted here and not by the database, so that contacts and lines may have been read for many documents at once.
    person = min(client.contacts.all(), key=lambda each: (each.created_at, each.pk), default=None)
    return ContactDocument(
        marker=contact_marker(client.pk),
        name=client.name,
        first_name=person.first_name if person else "",
        last_name=person.last_name if person else "",
        email=client.email or (person.email if person else ""),
        phone=client.phone or (person.phone_office if person else ""),
        address=Address(client.street, client.city, client.region, client.postal_code, client.country),
        tax_number=client.tax_number,
        currency=client.currency,
        terms_days=days_of(client.payment_term, client.payment_days) if client.payment_term else None,
    )


def invoice_document(
    invoice: Invoice,
    *,
    contact_id: str,
    choices: Choices,
    books: Books,
    url: str,
    lines: Sequence[DocumentLine] | None = None,
) -> InvoiceDocument:
    """Return the invoice as it shall be there. Raises Refused when a choice is missing or no longer holds.

    `lines` are its document lines where they are at hand already.
    """
    refuse_negative(invoice)
    if lines is None:
        rows = sorted(invoice.lines.all(), key=lambda row: row.position)
        lines = [document_line(row, resolve_line(line_facts(row, invoice), choices, books)) for row in rows]
    refuse_currency(invoice, books)
    rounding = books.rounding_account
    return InvoiceDocument(
        number=invoice.number,
        contact_id=contact_id,
        issued_on=invoice.issue_date,
        due_on=invoice.due_date,
        currency=invoice.currency,
        reference=invoice.purchase_order,
        url=url,
        as_draft=choices.as_draft,
        discount_percent=invoice.discount_percent,
        lines=tuple(lines),
        totals=InvoiceTotals(
            subtotal=invoice.subtotal - invoice.discount_amount,
            discount=invoice.discount_amount,
            tax=invoice.tax_amount + invoice.tax2_amount,
            total=invoice.amount,
        ),
        rounding_account_id=rounding.id if rounding else "",
        currency_rate=exchange_rate(choices, books, currency=invoice.currency),
    )


def payment_document(payment: Payment, *, invoice_id: str, choices: Choices, books: Books) -> PaymentDocument:
    """Return the payment as it shall be there. Raises Refused when the payment account does not fit."""
    currency = payment.invoice.currency
    account = payment_account(choices, books, currency=currency)
    return PaymentDocument(
        marker=payment.marker,
        invoice_id=invoice_id,
        account_id=account.id,
        paid_on=payment.paid_on,
        amount=payment.amount,
        currency=currency,
        transaction_id=payment.transaction_id,
    )


def refuse_negative(invoice: Invoice) -> None:
    if invoice.amount < 0:
        raise Refused(Refusal(RefusalCode.NEGATIVE_TOTAL))


def refuse_currency(invoice: Invoice, books: Books) -> None:
    if invoice.currency not in books.content.currencies:
        raise Refused(Refusal(RefusalCode.CURRENCY_NOT_ENABLED, details={"currency": invoice.currency}))


def line_facts(line: Row, invoice: Invoice) -> LineFacts:
    return LineFacts(
        situation=Situation.of(
            _percent(invoice.tax_percent, taxed=line.taxed), _percent(invoice.tax2_percent, taxed=line.taxed2)
        ),
        client_id=str(invoice.client_id),
        project_id=str(line.project_id or ""),
        category_id=str(line.category_id or ""),
    )


def document_line(line: Row, resolved: Resolved) -> DocumentLine:
    return DocumentLine(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        account_id=resolved.account.id,
        account_code=resolved.account.code,
        tax=resolved.tax,
        tracking=resolved.tracking,
    )


def _percent(percent: Decimal | None, *, taxed: bool) -> Decimal | None:
    return percent if taxed else None
