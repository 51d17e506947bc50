"""Freeze documents as JSON, and read them back on the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import msgspec

from keito_books.accounting.documents import ContactDocument, InvoiceDocument, Kind, PaymentDocument
from keito_books.accounting.port import PreparedWrite

Document = TypeVar("Document")


def prepare_contacts(contacts: Sequence[ContactDocument]) -> PreparedWrite:
    return _prepared(Kind.CONTACT, "/contacts", contacts, tuple(each.marker for each in contacts))


def prepare_invoices(invoices: Sequence[InvoiceDocument]) -> PreparedWrite:
    write = _prepared(Kind.INVOICE, "/invoices", invoices, tuple(each.number for each in invoices))
    return replace(write, line_counts=tuple(len(each.lines) for each in invoices))


def prepare_payments(payments: Sequence[PaymentDocument]) -> PreparedWrite:
    return _prepared(Kind.PAYMENT, "/payments", payments, tuple(each.marker for each in payments))


def prepare_payment_deletion(payment_id: str) -> PreparedWrite:
    return PreparedWrite(Kind.PAYMENT_DELETION, "DELETE", f"/payments/{payment_id}", b"", (payment_id,))


def join(writes: Sequence[PreparedWrite]) -> PreparedWrite:
    first = writes[0]
    if first.kind is Kind.PAYMENT_DELETION:
        return first
    documents = [document for each in writes for document in msgspec.json.decode(each.body, type=list[msgspec.Raw])]
    return replace(
        first,
        body=msgspec.json.encode(documents),
        markers=tuple(marker for each in writes for marker in each.markers),
        line_counts=tuple(count for each in writes for count in each.line_counts),
    )


def read_documents(write: PreparedWrite, kind: type[Document]) -> list[Document]:
    return msgspec.json.decode(write.body, type=list[kind])  # type: ignore[valid-type]  # a type at run time


def _prepared(kind: Kind, path: str, documents: Sequence[object], markers: tuple[str, ...]) -> PreparedWrite:
    return PreparedWrite(kind, "PUT", path, msgspec.json.encode(documents), markers)
