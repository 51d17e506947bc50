"""Record payments and allocations, and what they do to their documents: for the API and for the bookkeeper alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from xero_sandbox.books import Books
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.records.credit import Allocation, Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.payment import Payment
from xero_sandbox.rules.credits import copy_of_credit, settle_credit
from xero_sandbox.rules.invoices import copy_of, settle
from xero_sandbox.rules.payments import payment_type


@dataclass(frozen=True, slots=True)
class Posting:
    """Who writes into which books, and when."""

    books: Books
    now: datetime
    by: str
    client_id: str = ""
    payments_touch: bool = True  # their document becomes newer, and webhooks tell of it (assumed, open question 8)

    def pay(self, payment: Payment) -> Payment:
        """Record a new payment (xero-api reference 8, "Effects")."""
        payment.history.append(self._entry("Created", f"{payment.amount}, dated {payment.paid_on}"))
        self.books.save_payment(payment)
        self._move(payment, payment.amount, payment.paid_on, "Payment received")
        return payment

    def delete_payment(self, payment: Payment) -> Payment:
        """Undo a payment: it keeps its id, and its document is open again."""
        entry = self._entry("Deleted", f"{payment.amount}, dated {payment.paid_on}")
        deleted = replace(payment, status="DELETED", updated=self.now, history=[*payment.history, entry])
        self.books.save_payment(deleted)
        self._move(deleted, -payment.amount, None, "Payment deleted")
        return deleted

    def new_payment(self, paid: Invoice | Credit, account_id: str, amount: Decimal, paid_on: date) -> Payment:
        invoice_id, credit_id = (paid.invoice_id, "") if isinstance(paid, Invoice) else ("", paid.credit_id)
        return Payment(
            payment_id=str(uuid4()),
            invoice_id=invoice_id,
            credit_id=credit_id,
            account_id=account_id,
            paid_on=paid_on,
            amount=amount,
            updated=self.now,
            payment_type=payment_type(paid),
            currency_rate=paid.currency_rate,
            created_by=self.client_id,
        )

    def allocate(self, credit: Credit, invoice: Invoice, amount: Decimal, dated: date) -> Allocation:
        """Settle a part of an invoice with a credit: no payment comes of it (reference 8, "Effects")."""
        allocation = Allocation(str(uuid4()), invoice.invoice_id, amount, dated)
        used, settled = copy_of_credit(credit), copy_of(invoice)
        used.allocations.append(allocation)
        used.applied += amount
        settle_credit(used, dated)
        self.save_credit(used, "Allocated", f"{amount} {credit.currency} to {invoice.number}")
        settled.amount_credited += amount
        if credit.credit_id not in settled.credit_ids:
            settled.credit_ids.append(credit.credit_id)
        settle(settled, dated)
        self.save_invoice(settled, "Credit applied", f"{amount} {credit.currency} of {credit.number or credit.type}")
        return allocation

    def take_back(self, credit: Credit, allocation: Allocation) -> None:
        """Undo an allocation."""
        freed, open_again = copy_of_credit(credit), copy_of(self.books.organisation.invoices[allocation.invoice_id])
        freed.allocations = [one for one in freed.allocations if one.allocation_id != allocation.allocation_id]
        freed.applied -= allocation.amount
        settle_credit(freed, None)
        self.save_credit(freed, "Allocation deleted", f"{allocation.amount} {credit.currency}")
        open_again.amount_credited -= allocation.amount
        settle(open_again, None)
        self.save_invoice(open_again, "Credit removed", f"{allocation.amount} {credit.currency}")

    def save_invoice(self, invoice: Invoice, change: str, details: str) -> None:
        """Save a changed copy, with a line in its history."""
        invoice.updated = self.now
        self._keep_invoice(invoice, change, details)

    def save_credit(self, credit: Credit, change: str, details: str) -> None:
        """Save a changed copy, with a line in its history."""
        credit.updated = self.now
        self._keep_credit(credit, change, details)

    def _keep_invoice(self, invoice: Invoice, change: str, details: str, *, quietly: bool = False) -> None:
        invoice.history.append(self._entry(change, details))
        self.books.save_invoice(invoice, quietly=quietly)

    def _keep_credit(self, credit: Credit, change: str, details: str, *, quietly: bool = False) -> None:
        credit.history.append(self._entry(change, details))
        self.books.credits.save(credit, quietly=quietly)

    def _move(self, payment: Payment, amount: Decimal, paid_on: date | None, change: str) -> None:
        details = f"{payment.amount}, dated {payment.paid_on}"
        if payment.credit_id:
            credit = copy_of_credit(self.books.organisation.credits[payment.credit_id])
            credit.refunded += amount
            _note(credit.payment_ids, payment.payment_id)
            settle_credit(credit, paid_on)
            credit.updated = self.now if self.payments_touch else credit.updated
            self._keep_credit(credit, change, details, quietly=not self.payments_touch)
            return
        invoice = copy_of(self.books.organisation.invoices[payment.invoice_id])
        invoice.amount_paid += amount
        _note(invoice.payment_ids, payment.payment_id)
        settle(invoice, paid_on)
        invoice.updated = self.now if self.payments_touch else invoice.updated
        self._keep_invoice(invoice, change, details, quietly=not self.payments_touch)

    def _entry(self, change: str, details: str) -> HistoryEntry:
        return HistoryEntry(self.now, change, details, self.by)


def _note(ids: list[str], one: str) -> None:
    if one not in ids:
        ids.append(one)
