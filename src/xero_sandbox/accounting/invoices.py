"""Invoices: create, update (xero-api reference 6)."""

from __future__ import annotations

from dataclasses import replace

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.document_contact import find_contact
from xero_sandbox.accounting.invoice_lists import found_invoice
from xero_sandbox.accounting.recording import change_word, writing_of
from xero_sandbox.accounting.replies import Json, Outcome
from xero_sandbox.problems import lacks_permission
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.rules import statuses
from xero_sandbox.rules.invoices import approval_cap_problems, copy_of, drafted_invoice
from xero_sandbox.rules.permissions import APPROVE_BILL, APPROVE_SALE, may
from xero_sandbox.shapes.invoices import invoice_json
from xero_sandbox.wire.fields import NO_GUID, Fields
from xero_sandbox.wire.ids import new_id

FLAG = "HasErrors"
# Edits after a payment that Xero does not count as a change (reference 5 [MAN]).
QUIET_EDITS = frozenset({"InvoiceID", "DueDate", "SentToContact", "Type", "Status"})


def put_invoices(call: Call) -> Reply:
    return write_batch(call, "Invoices", FLAG, _create)


def post_invoices(call: Call) -> Reply:
    return write_batch(call, "Invoices", FLAG, _create_or_update)


def post_invoice(call: Call) -> Reply:
    target = found_invoice(call)
    return write_batch(call, "Invoices", FLAG, lambda call_, asked: save_invoice(call_, asked, target))


def _create(call: Call, asked: Fields) -> Outcome:
    if asked.guid("InvoiceID"):
        return _refused(call, asked, [messages.ID_ON_CREATE], None)
    return save_invoice(call, asked, None)


def _create_or_update(call: Call, asked: Fields) -> Outcome:
    """Match by id, else by number: a known number means that invoice, silently (6.2 [NS127], bills [XEROIZER125])."""
    invoice_id = asked.guid("InvoiceID")
    if invoice_id:
        target = call.books.invoice(invoice_id)
        if target is None:
            return _refused(call, asked, [messages.not_found_by_id("Invoice")], None)
        return save_invoice(call, asked, target)
    return save_invoice(call, asked, _same_number(call, asked))


def _same_number(call: Call, asked: Fields) -> Invoice | None:
    number, kind = asked.stripped("InvoiceNumber"), asked.stripped("Type")
    if not number or kind not in ("ACCREC", "ACCPAY"):
        return None
    free = statuses.DELETED if call.world.readings.deleted_numbers_are_free else ""
    return next((one for one in call.books.invoices_numbered(number, kind) if one.status != free), None)


def save_invoice(call: Call, asked: Fields, target: Invoice | None) -> Outcome:
    """Create or change one invoice, unless a rule forbids it."""
    kind = asked.stripped("Type") or (target.type if target else "")
    if kind not in ("ACCREC", "ACCPAY"):
        return _refused(call, asked, [messages.TYPE_MISSING], target)
    if target and kind != target.type:
        return _refused(call, asked, [messages.TYPE_FIXED], target)
    if target and target.status in statuses.CLOSED:
        return _refused(call, asked, [messages.NOT_MODIFIABLE], target)
    contact, problems = find_contact(call, asked, target.contact_id if target else None)
    if contact is None:
        return _refused(call, asked, problems, target)
    new = copy_of(target) if target else _blank(call, kind)
    drafted = drafted_invoice(writing_of(call), asked, target, new, contact)
    problems += drafted.problems + _cap_problems(call, target, new)
    if problems:
        return _refused(call, asked, problems, target)
    _require_rights(call, target, new)
    _finish(call, asked, target, new)
    call.books.save_invoice(new)
    _mark_contact(call, new)
    return Outcome(_shown(call, target, new), [], drafted.warnings)


def _blank(call: Call, kind: str) -> Invoice:
    themes = call.organisation.themes
    return Invoice(
        invoice_id=new_id(),
        type=kind,
        number="",
        contact_id="",
        dated=call.today,
        updated=call.now,
        currency=call.organisation.base_currency,
        branding_theme_id=themes[0].theme_id if themes else "",
        created_by=call.access.client_id,
    )


def _cap_problems(call: Call, target: Invoice | None, new: Invoice) -> list[str]:
    approved_before = target is not None and target.status in statuses.APPROVED
    if new.status != statuses.AUTHORISED or approved_before:
        return []
    return approval_cap_problems(call.books, new.type, call.today)


def _require_rights(call: Call, target: Invoice | None, new: Invoice) -> None:
    """Approving, and touching what is approved, needs more than drafting (Organisation/Actions; assumed)."""
    approved = new.status in statuses.APPROVED or (target is not None and target.status in statuses.APPROVED)
    if approved and not may(call.role, APPROVE_SALE if new.type == "ACCREC" else APPROVE_BILL):
        raise lacks_permission()


def _finish(call: Call, asked: Fields, target: Invoice | None, new: Invoice) -> None:
    if new.type == "ACCREC" and not new.number:
        new.number = call.books.next_invoice_number()
    quiet = target is not None and statuses.has_money(target) and set(asked.values) <= QUIET_EDITS
    if not quiet:
        new.updated = call.now
    new.history.append(
        HistoryEntry(
            call.now, change_word(target.status if target else None, new.status), _details(call, new), call.person_name
        )
    )


def _details(call: Call, new: Invoice) -> str:
    contact = call.organisation.contacts[new.contact_id]
    return f"{new.number or 'Invoice'} for {contact.name}, {new.total} {new.currency}, {new.status}"


def _mark_contact(call: Call, new: Invoice) -> None:
    """IsCustomer and IsSupplier flip with the first document, without a newer UpdatedDateUTC (reference 5, 7)."""
    contact = call.organisation.contacts[new.contact_id]
    if new.type == "ACCREC" and not contact.is_customer:
        call.books.save_contact(replace(contact, is_customer=True))
    if new.type == "ACCPAY" and not contact.is_supplier:
        call.books.save_contact(replace(contact, is_supplier=True))


def _shown(call: Call, target: Invoice | None, new: Invoice) -> Json:
    """The reply to a void shows the amount due as it was [DOCKET invoice_void]."""
    shown = invoice_json(new, call.books, call.price_step)
    if target is not None and new.status == statuses.VOIDED:
        shown["AmountDue"] = target.amount_due
    return shown


def _refused(call: Call, asked: Fields, problems: list[str], target: Invoice | None) -> Outcome:
    """Return the echo: what was asked for over what is stored, without number and amount due (6.4 [DOCKET])."""
    stored: Json = {"InvoiceID": NO_GUID}
    if target is not None:
        stored = invoice_json(target, call.books, call.price_step)
        for member in ("InvoiceNumber", "AmountDue"):
            stored.pop(member, None)
    return Outcome({**stored, **dict(asked.values)}, problems)
