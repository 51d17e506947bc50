"""What the invariants' words stand for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from simulation.ledger import JobRow, Ledger, Sent, Violated
from simulation.wire import Call
from xero_sandbox.records.invoice import Invoice as RemoteInvoice
from xero_sandbox.records.payment import Payment as RemotePayment

GONE = ("VOIDED", "DELETED")
MARKER = re.compile(r"KP-[0-9A-Z]+$")


def is_expected_to_end(ledger: Ledger, row: JobRow) -> bool:
    """Say whether an open job can go on by itself.

    An expired connection waits for a person, and so does a payment whose invoice failed or was stopped.
    """
    if row.connection_state != "active":
        return False
    if row.because != "invoice":
        return True
    invoices = [each for each in ledger.jobs.values() if each.invoice_id == row.payment_invoice_id is not None]
    return any(each.is_open or each.state == "done" for each in invoices)


def organisation(ledger: Ledger, row: JobRow) -> Any:
    return ledger.stage.xero.world.organisations[row.organisation]


def our_invoices(ledger: Ledger, row: JobRow) -> list[RemoteInvoice]:
    every = organisation(ledger, row).invoices.values()
    return [each for each in every if str(row.invoice_id) in each.url and each.status not in GONE and each.url.strip()]


def alive_payments(ledger: Ledger, organisation: str, marker: str) -> list[RemotePayment]:
    every = ledger.stage.xero.world.organisations[organisation].payments.values()
    return [each for each in every if each.reference.endswith(marker) and each.status != "DELETED"]


def once(invariant: str, things: list[Any], name: Callable[[Any], str]) -> None:
    seen: set[str] = set()
    for thing in things:
        if name(thing) in seen:
            raise Violated(f"{invariant}: {name(thing)} is there twice")
        seen.add(name(thing))


def url(invoice: RemoteInvoice) -> str:
    return invoice.url.rstrip("/")


def reference(payment: RemotePayment) -> str:
    found = MARKER.search(payment.reference)
    return found.group() if found else payment.reference


def elements(call: Call) -> list[dict[str, Any]]:
    whole = msgspec.json.decode(call.body) if call.body else {}
    for name in ("Invoices", "Contacts", "Payments"):
        if name in whole:
            found: list[dict[str, Any]] = whole[name]
            return found
    return [whole] if whole else []


def documents_in(call: Call) -> list[str]:
    """Return the markers of what a write carries; a deletion is known by its address."""
    if call.method == "POST" and call.resource.startswith("/Payments/"):
        return [call.resource]
    return [marker_of(element) for element in elements(call)]


def marker_of(element: dict[str, Any]) -> str:
    if "InvoiceNumber" in element:
        return str(element.get("Url") or element["InvoiceNumber"])
    if "ContactNumber" in element:
        return str(element["ContactNumber"])
    found = MARKER.search(str(element.get("Reference", "")))
    return found.group() if found else str(element)


def in_doubt(sent: Sent) -> Call | None:
    """Return the last sending whose outcome the worker can't know; None when it can know all of them."""
    doubtful = [call for call in sent.calls if not is_clear(call)]
    return sent.calls[-1] if doubtful else None


def is_clear(call: Call) -> bool:
    fault = call.fault.name if call.fault else ""
    return (call.told is not None and (call.told < 500 or call.told == 503)) or fault == "CANNOT_CONNECT"


def is_users(call: Call) -> bool:
    return call.actor.startswith("user")


def is_frozen(ledger: Ledger, call: Call) -> bool:
    """Say whether the caller freezes now, or froze so lately that its lease may have run out under this call."""
    lately = ledger.hub.now - timedelta(seconds=60)
    return any(actor.name == call.actor and (actor.is_frozen or actor.woke_at > lately) for actor in ledger.hub.actors)


def was_frozen(ledger: Ledger, call: Call) -> bool:
    """Say whether the caller may have slept between its permit and the call."""
    return ledger.hub.trouble.freeze > 0 or is_users(call)


def resource(call: Call) -> str:
    """Return Invoices, Contacts or Payments."""
    return call.resource.strip("/").split("/")[0]


def connection_of_key(ledger: Ledger, call: Call) -> tuple[Any, ...] | None:
    if not call.key:
        return None
    rows = ledger.stage.snapshot.ask(
        "SELECT dispatch.connection_id, connection.organisation_id, dispatch.epoch, connection.epoch"
        " FROM syncing_dispatch dispatch"
        " JOIN connections_connection connection ON connection.id = dispatch.connection_id WHERE dispatch.key = %s",
        call.key,
    )
    if not rows:
        raise Violated(f"I9: call {call.number} was sent under a key that nobody stored before")
    return rows[0]
