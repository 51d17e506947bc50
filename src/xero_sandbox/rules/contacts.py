"""What a contact may say (xero-api reference 7)."""

from __future__ import annotations

import copy
import re
from datetime import datetime

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.records.contact import Address, Contact, ContactPerson, PaymentTerm, Phone
from xero_sandbox.wire.fields import Fields

# Member, attribute, longest text (reference 7 [CON][OAS]).
TEXTS = (
    ("Name", "name", 255),
    ("ContactNumber", "contact_number", 50),
    ("AccountNumber", "account_number", 50),
    ("FirstName", "first_name", 255),
    ("LastName", "last_name", 255),
    ("EmailAddress", "email", 255),
    ("CompanyNumber", "company_number", 50),
    ("TaxNumber", "tax_number", 50),
    ("BankAccountDetails", "bank_account_details", 100),
    ("DefaultCurrency", "default_currency", 3),
    ("AccountsReceivableTaxType", "receivable_tax_type", 50),
    ("AccountsPayableTaxType", "payable_tax_type", 50),
    ("Website", "website", 2000),
)
ADDRESS_TEXTS = (
    ("City", "city", 255),
    ("Region", "region", 255),
    ("PostalCode", "postal_code", 50),
    ("Country", "country", 50),
    ("AttentionTo", "attention_to", 255),
)
PHONE_TEXTS = (
    ("PhoneNumber", "number", 50),
    ("PhoneAreaCode", "area_code", 10),
    ("PhoneCountryCode", "country_code", 20),
)
ADDRESS_KINDS = ("STREET", "POBOX", "DELIVERY")
PHONE_KINDS = ("DEFAULT", "DDI", "FAX", "MOBILE", "OFFICE")
ADDRESS_LINE_MAX = 500
PERSONS_MAX = 5
TERM_DAYS_MAX = 365
TERM_TYPES = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")  # no umlauts (reference 7)
_SPACES = re.compile(r"\s+")


def changed_contact(target: Contact | None, asked: Fields, contact_id: str, now: datetime) -> tuple[Contact, list[str]]:
    """Return the contact as the request wants it, and what forbids that. Omitted members stay as they are."""
    contact = copy.deepcopy(target) if target else Contact(contact_id, "", now)
    contact.updated = now
    problems: list[str] = []
    for member, attribute, limit in TEXTS:
        text = asked.text(member)
        if text is None:
            continue
        if len(text) > limit:
            problems.append(messages.too_long(member, limit))
        setattr(contact, attribute, plain_name(text) if member == "Name" else text.strip())
    status = asked.stripped("ContactStatus")
    if status is not None:
        if status not in ("ACTIVE", "ARCHIVED", "GDPRREQUEST"):
            problems.append(messages.not_one_of("ContactStatus", status, "ACTIVE, ARCHIVED, GDPRREQUEST"))
        contact.status = status
    problems += _read_addresses(contact, asked) + _read_phones(contact, asked)
    problems += _read_persons(contact, asked) + _read_terms(contact, asked)
    return contact, problems + _form(contact)


def plain_name(name: str) -> str:
    """Return a name without outer or doubled spaces, which Xero does not keep (reference 7)."""
    return _SPACES.sub(" ", name).strip()


def clashes(books: Books, contact: Contact, *, older_words: bool) -> list[str]:
    """Names are unique among active contacts, letter case aside; contact numbers always (reference 7)."""
    problems: list[str] = []
    if contact.status == "ACTIVE":
        others = [one for one in books.contacts_named(contact.name) if one.contact_id != contact.contact_id]
        if any(one.status == "ACTIVE" for one in others):
            problems.append(messages.CONTACT_NAME_EXISTS if older_words else messages.contact_name_taken(contact.name))
    if contact.contact_number:
        holder = books.contact_numbered(contact.contact_number)
        if holder and holder.contact_id != contact.contact_id:
            problems.append(messages.CONTACT_NUMBER_TAKEN)
    return problems


def _form(contact: Contact) -> list[str]:
    problems: list[str] = []
    if not contact.name:
        problems.append(messages.CONTACT_NAME_MISSING)
    if "<" in contact.name or ">" in contact.name:
        problems.append(messages.CONTACT_NAME_FORM)
    emails = [contact.email, *(person.email for person in contact.persons)]
    if any(email and not _EMAIL.fullmatch(email) for email in emails):
        problems.append(messages.EMAIL_INVALID)
    return problems


def _read_addresses(contact: Contact, asked: Fields) -> list[str]:
    problems: list[str] = []
    for given in asked.children("Addresses") or ():
        kind = given.stripped("AddressType") or "POBOX"
        if kind not in ADDRESS_KINDS:
            problems.append(messages.not_one_of("AddressType", kind, ", ".join(ADDRESS_KINDS)))
            continue
        address = contact.addresses.setdefault(kind, Address(kind))
        for number in range(4):
            line = given.text(f"AddressLine{number + 1}")
            if line is not None:
                address.lines[number] = line
                problems += _too_long(f"AddressLine{number + 1}", line, ADDRESS_LINE_MAX)
        for member, attribute, limit in ADDRESS_TEXTS:
            text = given.text(member)
            if text is not None:
                setattr(address, attribute, text)
                problems += _too_long(member, text, limit)
        if not all(one.isalpha() or one in " '.-(),&" for one in address.country):
            problems.append(messages.COUNTRY_FORM)
    return problems


def _read_phones(contact: Contact, asked: Fields) -> list[str]:
    problems: list[str] = []
    for given in asked.children("Phones") or ():
        kind = given.stripped("PhoneType") or "DEFAULT"
        if kind not in PHONE_KINDS:
            problems.append(messages.not_one_of("PhoneType", kind, ", ".join(PHONE_KINDS)))
            continue
        phone = contact.phones.setdefault(kind, Phone(kind))
        for member, attribute, limit in PHONE_TEXTS:
            text = given.text(member)
            if text is not None:
                setattr(phone, attribute, text)
                problems += _too_long(member, text, limit)
    return problems


def _read_persons(contact: Contact, asked: Fields) -> list[str]:
    """A list of persons replaces the one before."""
    given = asked.children("ContactPersons")
    if given is None:
        return []
    contact.persons = [
        ContactPerson(
            one.text("FirstName") or "",
            one.text("LastName") or "",
            one.stripped("EmailAddress") or "",
            one.flag("IncludeInEmails") or False,
        )
        for one in given
    ]
    return [messages.PERSONS_FIVE] if len(given) > PERSONS_MAX else []


def _read_terms(contact: Contact, asked: Fields) -> list[str]:
    terms = asked.child("PaymentTerms")
    if terms is None:
        return []
    problems: list[str] = []
    for member, attribute in (("Sales", "sales_terms"), ("Bills", "bills_terms")):
        given = terms.child(member)
        if given is None:
            continue
        kind, day = given.stripped("Type") or "", given.whole("Day") or 0
        if kind not in TERM_TYPES:
            problems.append(messages.not_one_of("PaymentTerms.Type", kind, ", ".join(TERM_TYPES)))
        if not 0 <= day <= TERM_DAYS_MAX:
            problems.append(messages.TERM_DAYS)
        setattr(contact, attribute, PaymentTerm(day, kind))
    return problems


def _too_long(member: str, text: str, limit: int) -> list[str]:
    return [messages.too_long(member, limit)] if len(text) > limit else []
