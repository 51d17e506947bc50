"""Record payments, and what they do to their invoices: for the API and for the bookkeeper alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from xero_sandbox.books import Books
from xero_sandbox.records.invoice import HistoryEntry, Invoice
from xero_sandbox.records.payment import Payment
from xero_sandbox.rules.invoices import copy_of, settle
from xero_sandbox.rules.payments import TYPES


@dataclass(frozen=True, slots=True)
class Posting:
    """Who writes into which books, and when."""

    books: Books
    now: datetime
    by: str
    client_id: str = ""

    def pay(self, payment: Payment) -> Payment:
        """Record a new payment (xero-api reference 8, "Effects")."""
        self.books.save_payment(payment)
        invoice = copy_of(self.books.organisation.invoices[payment.invoice_id])
        invoice.amount_paid += payment.amount
        invoice.payment_ids.append(payment.payment_id)
        self._save_settled(invoice, payment.paid_on, "Payment received", payment)
        return payment

    def delete_payment(self, payment: Payment) -> Payment:
        """Undo a payment: it keeps its id, and its invoice is due again."""
        deleted = replace(payment, status="DELETED", updated=self.now)
        self.books.save_payment(deleted)
        invoice = copy_of(self.books.organisation.invoices[payment.invoice_id])
        invoice.amount_paid -= payment.amount
        self._save_settled(invoice, None, "Payment deleted", payment)
        return deleted

    def new_payment(self, invoice: Invoice, account_id: str, amount: Decimal, paid_on: date) -> Payment:
        return Payment(
            payment_id=str(uuid4()),
            invoice_id=invoice.invoice_id,
            account_id=account_id,
            paid_on=paid_on,
            amount=amount,
            updated=self.now,
            payment_type=TYPES[invoice.type],
            currency_rate=invoice.currency_rate,
            created_by=self.client_id,
        )

    def save_invoice(self, invoice: Invoice, change: str, details: str) -> None:
        """Save a changed copy, with a line in its history."""
        invoice.updated = self.now
        invoice.history.append(HistoryEntry(self.now, change, details, self.by))
        self.books.save_invoice(invoice)

    def _save_settled(self, invoice: Invoice, paid_on: date | None, change: str, payment: Payment) -> None:
        """A payment counts as a change of its invoice (assumed, open question 8)."""
        settle(invoice, paid_on)
        self.save_invoice(invoice, change, f"{payment.amount} {invoice.currency}, dated {payment.paid_on}")
