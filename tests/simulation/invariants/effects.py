"""Invariants of what a write does over there, asked when it has its effect."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from simulation.invariants.jobs import failed_means_nothing_is_there
from simulation.invariants.words import GONE, MARKER, elements, marker_of, once, reference, url
from simulation.ledger import Ledger, Violated
from simulation.wire import Call
from xero_sandbox.control.held import Held


def in_order(ledger: Ledger, call: Call) -> None:
    """I15: no payment before its invoice is Success, no invoice before its contact is linked."""
    for element in elements(call):
        if call.resource.startswith("/Payments") and call.method == "PUT":
            invoice_id = element.get("Invoice", {}).get("InvoiceID", "")
            rows = [row for row in ledger.jobs.values() if row.kind == "invoice" and row.remote_id == invoice_id]
            if not any(row.state == "done" for row in rows):
                raise Violated(f"I15: a payment of {invoice_id} was sent before its invoice was Success")
        if call.resource.startswith("/Invoices"):
            contact_id = element.get("Contact", {}).get("ContactID", "")
            linked = ledger.stage.snapshot.ask("SELECT 1 FROM syncing_link WHERE remote_id = %s LIMIT 1", contact_id)
            if not linked and contact_id:
                raise Violated(f"I15: an invoice for {contact_id} was sent before that contact was linked")
            if not contact_id:
                raise Violated("I15: an invoice was sent without its contact's id")


def no_foreign_ids(ledger: Ledger, call: Call) -> None:
    """I28: ids of one organisation are never sent to another."""
    text = call.body.decode()
    for identifier, organisation in ledger.stage.xero.world.organisations.items():
        if identifier == call.organisation:
            continue
        for theirs in (*organisation.invoices, *organisation.contacts, *organisation.payments):
            if theirs in text:
                raise Violated(f"I28: {theirs} of {organisation.name} was sent to another organisation")


def exact_money(ledger: Ledger, call: Call) -> None:
    """I18: a payment is sent with exactly the amount that was recorded."""
    if not (call.method == "PUT" and call.resource.startswith("/Payments")):
        return
    for element in elements(call):
        marker = marker_of(element)
        rows = ledger.stage.snapshot.ask("SELECT amount FROM invoicing_payment WHERE marker = %s", marker)
        if not rows or Decimal(str(element["Amount"])) != rows[0][0]:
            raise Violated(f"I18: payment {marker} was sent with {element['Amount']} instead of {rows}")


def created_not_replaced(_ledger: Ledger, call: Call) -> None:
    """I19: invoices and contacts are created (PUT), never written over (POST)."""
    if call.method == "POST" and not call.resource.startswith("/Payments/"):
        raise Violated(f"I19: {call.method} {call.resource} would write over what is there")


def nothing_twice(ledger: Ledger, call: Call) -> None:
    """I1, I2, I3: at most one invoice per number and marker, one payment per reference, one contact per client."""
    organisation = ledger.stage.xero.world.organisations[call.organisation]
    once("I1", [each for each in organisation.invoices.values() if each.status not in GONE and each.url], url)
    ours = [each for each in organisation.payments.values() if each.status != "DELETED"]
    once("I2", [each for each in ours if MARKER.search(each.reference)], reference)
    contacts = [each for each in organisation.contacts.values() if each.contact_number.startswith("KC-")]
    once("I3", contacts, lambda each: str(each.contact_number))


def failed_stays_absent(ledger: Ledger, call: Call) -> None:
    """I5: nothing arrives for a job that was declared Failed."""
    for row in ledger.jobs.values():
        if row.state == "failed" and row.organisation == call.organisation:
            failed_means_nothing_is_there(ledger, row)


def no_limit_of_our_own_making(call: Call, reply: Held) -> None:
    """I14: Xero itself never has to say 429."""
    if reply.status == 429:
        raise Violated(f"I14: call {call.number} ran into Xero's own limit")


AT_AN_EFFECT: tuple[Callable[[Ledger, Call], None], ...] = (
    created_not_replaced,
    in_order,
    no_foreign_ids,
    exact_money,
    nothing_twice,
    failed_stays_absent,
)
