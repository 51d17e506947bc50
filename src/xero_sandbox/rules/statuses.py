"""How an invoice moves between its states (xero-api reference 6.3)."""

from __future__ import annotations

from xero_sandbox import messages
from xero_sandbox.records.invoice import Invoice

DRAFT, SUBMITTED, AUTHORISED = "DRAFT", "SUBMITTED", "AUTHORISED"
PAID, VOIDED, DELETED = "PAID", "VOIDED", "DELETED"
ALL = (DRAFT, SUBMITTED, AUTHORISED, PAID, VOIDED, DELETED)
APPROVED = frozenset({AUTHORISED, PAID})
CLOSED = frozenset({VOIDED, DELETED})
TO_CREATE = frozenset({DRAFT, SUBMITTED, AUTHORISED})
MOVES = {
    DRAFT: frozenset({DRAFT, SUBMITTED, AUTHORISED, DELETED}),
    SUBMITTED: frozenset({SUBMITTED, DRAFT, AUTHORISED, DELETED}),
    AUTHORISED: frozenset({AUTHORISED, VOIDED}),
    PAID: frozenset({PAID, AUTHORISED}),  # a paid one stays paid when AUTHORISED is sent along (assumed)
}


def status_problems(invoice: Invoice | None, wanted: str) -> list[str]:
    """Return why an invoice cannot have the status; None stands for a new one."""
    if wanted not in ALL:
        return [messages.not_one_of("Status", wanted, ", ".join(ALL))]
    if invoice is None:
        return [] if wanted in TO_CREATE else [messages.NOT_CREATABLE]
    if invoice.status in CLOSED:
        return [messages.NOT_MODIFIABLE]
    if has_money(invoice) and wanted in (VOIDED, DRAFT, SUBMITTED):
        return [messages.status_has_payments(wanted)]
    return [] if wanted in MOVES[invoice.status] else [messages.NOT_MODIFIABLE]


def has_money(invoice: Invoice) -> bool:
    """Whether payments or credits are allocated to it."""
    return bool(invoice.amount_paid or invoice.amount_credited)
