"""Find, change or make the contact that a document names (xero-api reference 6.1)."""

from __future__ import annotations

from xero_sandbox import messages
from xero_sandbox.accounting.call import Call
from xero_sandbox.accounting.contacts import save_contact
from xero_sandbox.records.contact import Contact
from xero_sandbox.rules.contacts import plain_name
from xero_sandbox.wire.fields import Fields

IDENTIFYING = ("ContactID", "ContactNumber", "Name")
READ_ONLY = frozenset(
    {"ContactID", "HasValidationErrors", "ValidationErrors", "IsCustomer", "IsSupplier", "UpdatedDateUTC",
     "ContactGroups", "Balances", "HasAttachments"}
)  # fmt: skip


def find_contact(call: Call, asked: Fields, kept_id: str | None) -> tuple[Contact | None, list[str]]:
    """Return the contact, or why there is none. Anything beyond its id edits the contact [MAN][SKILL].

    `kept_id` is the contact of the document as it is stored.
    """
    named = asked.child("Contact")
    if named is None:
        kept_contact = call.organisation.contacts[kept_id] if kept_id else None
        return kept_contact, [] if kept_contact else [messages.CONTACT_MISSING]
    if not any(named.has(member) for member in IDENTIFYING):
        return None, [messages.CONTACT_NOT_IDENTIFIED]
    contact, problems = _known(call, named)
    if contact is None:
        return (None, problems) if problems else _saved(call, named, None)
    if contact.status != "ACTIVE":
        return (contact, []) if contact.contact_id == kept_id else (None, [messages.CONTACT_ARCHIVED_FOR_DOCUMENT])
    return _saved(call, named, contact) if _says_more(named, contact) else (contact, [])


def _known(call: Call, named: Fields) -> tuple[Contact | None, list[str]]:
    contact_id = named.guid("ContactID")
    if contact_id:
        found = call.books.contact(contact_id)
        return found, [] if found else [messages.CONTACT_NOT_FOUND]
    number = named.stripped("ContactNumber")
    if number and (found := call.books.contact_numbered(number)):
        return found, []
    found_by_name = call.books.contacts_named(plain_name(named.text("Name") or ""))
    return min(found_by_name, key=lambda one: one.status != "ACTIVE", default=None), []


def _says_more(named: Fields, contact: Contact) -> bool:
    for member, value in named.values.items():
        if member in READ_ONLY or value in (None, "", []):
            continue
        if member == "Name" and plain_name(str(value)) == contact.name:
            continue
        if member == "ContactNumber" and value == contact.contact_number:
            continue
        return True
    return False


def _saved(call: Call, named: Fields, contact: Contact | None) -> tuple[Contact | None, list[str]]:
    """Write what the document says about its contact; persons that it does not list are dropped."""
    said = {name: value for name, value in named.values.items() if name not in READ_ONLY}
    said.setdefault("ContactPersons", [])
    outcome = save_contact(call, Fields(said, "Contact"), contact)
    if outcome.errors:
        return None, outcome.errors
    return call.books.contact(str(outcome.element["ContactID"])), []
