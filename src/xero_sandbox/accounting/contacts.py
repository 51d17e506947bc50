"""Contacts: read, create, update (xero-api reference 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, answer_list, chosen, ids_asked
from xero_sandbox.accounting.replies import Outcome, success
from xero_sandbox.problems import not_found
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.records.contact import Contact
from xero_sandbox.rules.contacts import changed_contact, clashes, plain_name
from xero_sandbox.shapes.contact_books import whole_contact_json
from xero_sandbox.shapes.contacts import contact_json, contact_light_json, contact_summary_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import NO_GUID, Fields, looks_like_guid
from xero_sandbox.wire.texts import plain_text

FLAG = "HasValidationErrors"
CONTACTS: Table[Contact] = Table(
    "Contacts",
    {
        "contactid": Field(Kind.TEXT, lambda one: one.contact_id),
        "name": Field(Kind.TEXT, lambda one: one.name),
        "contactnumber": Field(Kind.TEXT, lambda one: one.contact_number),
        "accountnumber": Field(Kind.TEXT, lambda one: one.account_number),
        "contactstatus": Field(Kind.TEXT, lambda one: one.status),
        "emailaddress": Field(Kind.TEXT, lambda one: one.email),
        "firstname": Field(Kind.TEXT, lambda one: one.first_name),
        "lastname": Field(Kind.TEXT, lambda one: one.last_name),
        "taxnumber": Field(Kind.TEXT, lambda one: one.tax_number),
        "companynumber": Field(Kind.TEXT, lambda one: one.company_number),
        "iscustomer": Field(Kind.FLAG, lambda one: one.is_customer),
        "issupplier": Field(Kind.FLAG, lambda one: one.is_supplier),
        "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
    },
    id_of=lambda one: one.contact_id,
    updated_of=lambda one: one.updated,
)


def list_contacts(call: Call) -> Reply:
    ids = ids_asked(call, "IDs")
    archived = call.query.flag("includeArchived")
    summary_only = call.query.flag("summaryOnly")
    term = plain_text(call.query.text("searchTerm") or "")

    def candidates(equal: Mapping[str, str]) -> Iterable[Contact]:
        if ids is not None:
            return [found for one in ids if (found := call.books.contact(one))]
        return _indexed(call, equal)

    def keep(one: Contact) -> bool:
        return (archived or one.status == "ACTIVE") and (not term or _mentions(one, term))

    page = chosen(call, CONTACTS, candidates, keep, paged_anyway=summary_only)
    if page.pagination and not summary_only:
        shown = [whole_contact_json(one, call.books, call.today) for one in page.records]
    else:
        shape = contact_light_json if summary_only else contact_summary_json
        shown = [shape(one) for one in page.records]
    return answer_list(call, "Contacts", shown, page.pagination)


def show_contact(call: Call) -> Reply:
    return success(call, "Contacts", [whole_contact_json(_found(call), call.books, call.today)])


def put_contacts(call: Call) -> Reply:
    return write_batch(call, "Contacts", FLAG, _create)


def post_contacts(call: Call) -> Reply:
    return write_batch(call, "Contacts", FLAG, _create_or_update)


def post_contact(call: Call) -> Reply:
    target = _found(call)
    return write_batch(call, "Contacts", FLAG, lambda call_, asked: save_contact(call_, asked, target))


def save_contact(call: Call, asked: Fields, target: Contact | None) -> Outcome:
    """Create or change one contact, unless a rule forbids it."""
    if target is not None and target.status == "ARCHIVED" and not _restores(call, asked):
        return _refused(asked, [messages.CONTACT_ARCHIVED], target)
    contact, problems = changed_contact(target, asked, str(uuid4()), call.now)
    problems += clashes(call.books, contact, older_words=call.world.readings.older_duplicate_words)
    if contact.default_currency and contact.default_currency not in call.organisation.currencies:
        problems.append(messages.currency_not_subscribed(contact.default_currency))
    if problems:
        return _refused(asked, problems, target)
    if target is None:
        contact.created_by = call.access.client_id
    change = "Edited" if target else "Created"
    contact.history.append(HistoryEntry(call.now, change, contact.name, call.person_name))
    call.books.save_contact(contact)
    return Outcome(contact_json(contact))


def _restores(call: Call, asked: Fields) -> bool:
    """Whether this un-archives a contact, and may (assumed not, open question 10)."""
    return call.world.readings.archived_contacts_can_be_restored and asked.stripped("ContactStatus") == "ACTIVE"


def _create(call: Call, asked: Fields) -> Outcome:
    if asked.guid("ContactID"):
        return _refused(asked, [messages.CONTACT_ID_ON_CREATE], None)
    return save_contact(call, asked, None)


def _create_or_update(call: Call, asked: Fields) -> Outcome:
    """Match by id, then by number, then by name [OLD-POST]."""
    contact_id = asked.guid("ContactID")
    if contact_id:
        target = call.books.contact(contact_id)
        if target is None:
            return _refused(asked, [messages.CONTACT_NOT_FOUND], None)
        return save_contact(call, asked, target)
    target = call.books.contact_numbered(asked.stripped("ContactNumber") or "")
    if target is None and call.world.readings.post_contact_by_name_updates:
        target = call.books.active_contact_named(plain_name(asked.text("Name") or ""))
    return save_contact(call, asked, target)


def _refused(asked: Fields, problems: list[str], target: Contact | None) -> Outcome:
    """Return the echo of a refused element, with the all-zero id [DOCKET]."""
    echo = {**dict(asked.values), "ContactID": target.contact_id if target else NO_GUID}
    return Outcome(echo, problems)


def _found(call: Call) -> Contact:
    """Return the contact whose id or number is in the path."""
    asked = call.parts["id"]
    contact = call.books.contact(asked) if looks_like_guid(asked) else call.books.contact_numbered(asked)
    if contact is None:
        raise not_found()
    return contact


def _indexed(call: Call, equal: Mapping[str, str]) -> Iterable[Contact]:
    if "contactid" in equal:
        found = call.books.contact(equal["contactid"])
        return [found] if found else []
    if "name" in equal:
        return call.books.contacts_named_alike(equal["name"])
    return call.organisation.contacts.values()


def _mentions(one: Contact, term: str) -> bool:
    texts = (one.name, one.first_name, one.last_name, one.contact_number, one.email)
    return any(term in plain_text(text) for text in texts if text)
