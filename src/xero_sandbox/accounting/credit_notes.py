"""Credit notes: create, update (xero-api reference 9)."""

from __future__ import annotations

from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.credit_lists import found_credit_note
from xero_sandbox.accounting.document_contact import find_contact
from xero_sandbox.accounting.recording import change_word, posting_of, writing_of
from xero_sandbox.accounting.replies import Json, Outcome
from xero_sandbox.problems import lacks_permission
from xero_sandbox.records.credit import Credit, CreditNoun
from xero_sandbox.rules import statuses
from xero_sandbox.rules.credits import CREDIT_NOTE, copy_of_credit, drafted_credit_note
from xero_sandbox.rules.permissions import APPROVE_BILL, APPROVE_SALE, may
from xero_sandbox.shapes.credits import credit_json
from xero_sandbox.wire.fields import NO_GUID, Fields

FLAG = "HasErrors"
TYPES = ("ACCRECCREDIT", "ACCPAYCREDIT")


def put_credit_notes(call: Call) -> Reply:
    return write_batch(call, "CreditNotes", FLAG, _create)


def post_credit_notes(call: Call) -> Reply:
    return write_batch(call, "CreditNotes", FLAG, _create_or_update)


def post_credit_note(call: Call) -> Reply:
    target = found_credit_note(call)
    return write_batch(call, "CreditNotes", FLAG, lambda call_, asked: _save(call_, asked, target))


def _create(call: Call, asked: Fields) -> Outcome:
    if asked.guid("CreditNoteID"):
        return _refused(call, asked, [messages.CREDIT_ID_ON_CREATE], None)
    return _save(call, asked, None)


def _create_or_update(call: Call, asked: Fields) -> Outcome:
    """Match by id, else by number, as POST does for invoices (6.2; for credit notes assumed)."""
    credit_id = asked.guid("CreditNoteID")
    if credit_id:
        target = call.books.credits.get(CreditNoun.CREDIT_NOTE, credit_id)
        if target is None:
            return _refused(call, asked, [messages.not_found_by_id(CREDIT_NOTE)], None)
        return _save(call, asked, target)
    number, kind = asked.stripped("CreditNoteNumber"), asked.stripped("Type")
    found = call.books.credits.numbered(number, kind) if number and kind in TYPES else []
    return _save(call, asked, found[0] if found else None)


def _save(call: Call, asked: Fields, target: Credit | None) -> Outcome:
    """Create or change one credit note, unless a rule forbids it."""
    kind = asked.stripped("Type") or (target.type if target else "")
    if kind not in TYPES:
        return _refused(call, asked, [messages.CREDIT_TYPE_MISSING], target)
    if target and kind != target.type:
        return _refused(call, asked, [messages.CREDIT_TYPE_FIXED], target)
    if target and target.status in statuses.CLOSED:
        return _refused(call, asked, [messages.not_modifiable(CREDIT_NOTE)], target)
    contact, problems = find_contact(call, asked, target.contact_id if target else None)
    if contact is None:
        return _refused(call, asked, problems, target)
    new = copy_of_credit(target) if target else _blank(call, kind)
    drafted = drafted_credit_note(writing_of(call), asked, target, new, contact)
    problems += drafted.problems
    if problems:
        return _refused(call, asked, problems, target)
    _require_rights(call, target, new)
    if new.type == "ACCRECCREDIT" and not new.number:
        new.number = call.books.next_credit_note_number()
    details = f"{new.number or CREDIT_NOTE} for {contact.name}, {new.total} {new.currency}, {new.status}"
    posting_of(call).save_credit(new, change_word(target.status if target else None, new.status), details)
    return Outcome(credit_json(new, call.books, call.price_step), [], drafted.warnings)


def _blank(call: Call, kind: str) -> Credit:
    themes = call.organisation.themes
    return Credit(
        credit_id=str(uuid4()),
        noun=CreditNoun.CREDIT_NOTE,
        type=kind,
        number="",
        contact_id="",
        dated=call.today,
        updated=call.now,
        currency=call.organisation.base_currency,
        branding_theme_id=themes[0].theme_id if themes else "",
        created_by=call.access.client_id,
    )


def _require_rights(call: Call, target: Credit | None, new: Credit) -> None:
    """Approving needs more than drafting, as for invoices (assumed)."""
    approved = new.status in statuses.APPROVED or (target is not None and target.status in statuses.APPROVED)
    if approved and not may(call.role, APPROVE_SALE if new.of_customer else APPROVE_BILL):
        raise lacks_permission()


def _refused(call: Call, asked: Fields, problems: list[str], target: Credit | None) -> Outcome:
    """Return the echo: what was asked for over what is stored, as for invoices."""
    stored: Json = {"CreditNoteID": NO_GUID}
    if target is not None:
        stored = credit_json(target, call.books, call.price_step)
        stored.pop("CreditNoteNumber")
    return Outcome({**stored, **dict(asked.values)}, problems)
