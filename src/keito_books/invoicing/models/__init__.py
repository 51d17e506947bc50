"""Our own books, one file per noun."""

from keito_books.invoicing.models.clients import Client, ClientContact, Project
from keito_books.invoicing.models.invoices import Invoice, InvoiceLine, State
from keito_books.invoicing.models.messages import Delivery, InvoiceMessage, MessageKind
from keito_books.invoicing.models.payments import Payment
from keito_books.invoicing.models.settings import InvoiceSettings, ItemCategory
from keito_books.invoicing.models.terms import PaymentTerm

__all__ = [
    "Client",
    "ClientContact",
    "Delivery",
    "Invoice",
    "InvoiceLine",
    "InvoiceMessage",
    "InvoiceSettings",
    "ItemCategory",
    "MessageKind",
    "Payment",
    "PaymentTerm",
    "Project",
    "State",
]
