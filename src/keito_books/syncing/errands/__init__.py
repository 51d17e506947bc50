"""One file per kind of job: what must come first, what to send, how to find it there, how to accept it."""

from __future__ import annotations

from keito_books.accounting.documents import Kind
from keito_books.syncing.errands.base import Errand
from keito_books.syncing.errands.contacts import ContactErrand
from keito_books.syncing.errands.deletions import DeletionErrand
from keito_books.syncing.errands.invoices import InvoiceErrand
from keito_books.syncing.errands.payments import PaymentErrand

ERRANDS: dict[Kind, type[Errand]] = {
    Kind.CONTACT: ContactErrand,
    Kind.INVOICE: InvoiceErrand,
    Kind.PAYMENT: PaymentErrand,
    Kind.PAYMENT_DELETION: DeletionErrand,
}

__all__ = ["ERRANDS", "Errand"]
