"""Compare what is there with what was sent, before anybody says Success. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from keito_books.accounting.documents import (
    InvoiceDocument,
    PaymentDocument,
    RemoteInvoice,
    RemotePayment,
    RemoteStatus,
)
from keito_books.money import round_half_up

Expected = dict[str, str]
_CENT = Decimal("0.01")
# Providers keep six decimals of a rate at least.
_RATE_UNIT = Decimal("0.000001")
_GONE = {RemoteStatus.VOIDED, RemoteStatus.DELETED}


def expected_invoice(document: InvoiceDocument, *, line_count: int) -> Expected:
    """Return, as plain strings, what must be found there; `line_count` includes a rounding line."""
    expected = {
        "number": document.number,
        "url": document.url,
        "contact_id": document.contact_id,
        "currency": document.currency,
        "issued_on": document.issued_on.isoformat(),
        "due_on": document.due_on.isoformat(),
        "subtotal": str(document.totals.subtotal),
        "tax": str(document.totals.tax),
        "total": str(document.totals.total),
        "lines": str(line_count),
    }
    if document.currency_rate is not None:
        expected["currency_rate"] = str(document.currency_rate)
    return expected


def expected_payment(document: PaymentDocument) -> Expected:
    return {
        "invoice_id": document.invoice_id,
        "amount": str(document.amount),
        "paid_on": document.paid_on.isoformat(),
    }


def is_ours(remote: RemoteInvoice, expected: Mapping[str, str]) -> bool:
    """Say whether an invoice with our number came from us: it leads back to our very invoice."""
    return remote.number == expected["number"] and remote.url.rstrip("/") == expected["url"].rstrip("/")


def theirs_in_words(remote: RemoteInvoice) -> dict[str, str]:
    """Return what is compared of an invoice over there, as details of a refusal."""
    return {
        "their_id": remote.id,
        "their_status": remote.status.value,
        "their_contact": remote.contact_id,
        "their_currency": remote.currency,
        "their_total": str(remote.total),
        "their_tax": str(remote.tax),
        "their_date": remote.issued_on.isoformat(),
        "their_due": remote.due_on.isoformat() if remote.due_on else "",
        "their_url": remote.url,
    }


def invoice_differences(remote: RemoteInvoice, expected: Mapping[str, str]) -> list[str]:
    """Return each difference in plain words; none means equal to the cent."""
    found: list[str] = []
    if remote.status in _GONE:
        found.append(f"it is {remote.status.value}")
    _compare(found, "number", expected["number"], remote.number)
    _compare(found, "contact", expected["contact_id"], remote.contact_id)
    _compare(found, "currency", expected["currency"], remote.currency)
    _compare(found, "date", expected["issued_on"], _day(remote.issued_on))
    _compare(found, "due date", expected["due_on"], _day(remote.due_on))
    if "subtotal" in expected:  # what was frozen by an earlier release has none
        _compare_amount(found, "subtotal after discount", expected["subtotal"], remote.subtotal)
    _compare_amount(found, "tax", expected["tax"], remote.tax)
    _compare_amount(found, "total", expected["total"], remote.total)
    _compare(found, "number of lines", expected["lines"], str(remote.line_count))
    _compare_rate(found, expected.get("currency_rate"), remote.currency_rate)
    return found


def payment_differences(remote: RemotePayment, expected: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    if remote.is_deleted:
        found.append("it is deleted")
    _compare(found, "invoice", expected["invoice_id"], remote.invoice_id)
    _compare(found, "date", expected["paid_on"], _day(remote.paid_on))
    _compare_amount(found, "amount", expected["amount"], remote.amount)
    return found


def _compare(found: list[str], name: str, ours: str, theirs: str) -> None:
    if ours != theirs:
        found.append(f"{name} is {theirs or 'empty'} there and {ours} here")


def _compare_amount(found: list[str], name: str, ours: str, theirs: Decimal) -> None:
    if Decimal(ours) != theirs:
        found.append(f"{name} is {_figure(theirs)} there and {_figure(Decimal(ours))} here")


def _figure(amount: Decimal) -> str:
    """Write an amount with two decimals, or with a third where that is what differs."""
    return f"{amount:,}" if amount != round_half_up(amount, _CENT) else f"{amount:,.2f}"


def _compare_rate(found: list[str], ours: str | None, theirs: Decimal | None) -> None:
    if ours is None:
        return
    if theirs is not None and round_half_up(theirs, _RATE_UNIT) == round_half_up(Decimal(ours), _RATE_UNIT):
        return
    found.append(f"exchange rate is {theirs if theirs is not None else 'empty'} there and {ours} here")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
