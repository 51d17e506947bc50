"""What carries attachments and history, and how a path names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from xero_sandbox.accounting.call import Call
from xero_sandbox.records.attached import Attachment, HistoryEntry
from xero_sandbox.records.credit import CreditNoun


class Noted(Protocol):
    """A record with a history."""

    history: list[HistoryEntry]


class Filed(Protocol):
    """A record with attachments."""

    attachments: list[Attachment]


@dataclass(frozen=True, slots=True)
class NotedPath:
    plural: str
    scope: str
    find: Callable[[Call, str], Noted | None]


@dataclass(frozen=True, slots=True)
class FiledPath:
    plural: str
    find: Callable[[Call, str], Filed | None]


def _credit(noun: CreditNoun) -> Callable[[Call, str], Noted | None]:
    return lambda call, asked: call.books.credits.get(noun, asked)


WITH_HISTORY = (
    NotedPath("Invoices", "invoices", lambda call, asked: call.books.invoice(asked)),
    NotedPath("CreditNotes", "invoices", _credit(CreditNoun.CREDIT_NOTE)),
    NotedPath("Overpayments", "payments", _credit(CreditNoun.OVERPAYMENT)),
    NotedPath("Prepayments", "payments", _credit(CreditNoun.PREPAYMENT)),
    NotedPath("BankTransactions", "banktransactions", lambda call, asked: call.books.bank_transaction(asked)),
    NotedPath("BatchPayments", "payments", lambda call, asked: call.organisation.batch_payments.get(asked)),
    NotedPath("Payments", "payments", lambda call, asked: call.books.payment(asked)),
    NotedPath("Contacts", "contacts", lambda call, asked: call.books.contact(asked)),
    NotedPath("Items", "settings", lambda call, asked: call.organisation.items.get(asked.lower())),
)
WITH_FILES = (
    FiledPath("Invoices", lambda call, asked: call.books.invoice(asked)),
    FiledPath("CreditNotes", lambda call, asked: call.books.credits.get(CreditNoun.CREDIT_NOTE, asked)),
    FiledPath("BankTransactions", lambda call, asked: call.books.bank_transaction(asked)),
    FiledPath("Contacts", lambda call, asked: call.books.contact(asked)),
    FiledPath("Accounts", lambda call, asked: call.books.account(asked)),
)
