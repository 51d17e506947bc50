"""A contact on the wire."""

from __future__ import annotations

from typing import Any

from xero_sandbox.records.contact import Address, Contact, Phone
from xero_sandbox.shapes.organisation import terms_json
from xero_sandbox.wire.dates import dotnet

ADDRESS_TYPES = ("STREET", "POBOX")
PHONE_TYPES = ("DEFAULT", "DDI", "FAX", "MOBILE")  # always all four, in this order [DOCKET]
_TEXTS = (
    ("ContactNumber", "contact_number"),
    ("AccountNumber", "account_number"),
    ("FirstName", "first_name"),
    ("LastName", "last_name"),
    ("CompanyNumber", "company_number"),
    ("TaxNumber", "tax_number"),
    ("Website", "website"),
    ("DefaultCurrency", "default_currency"),
    ("AccountsReceivableTaxType", "receivable_tax_type"),
    ("AccountsPayableTaxType", "payable_tax_type"),
)


def contact_json(one: Contact) -> dict[str, Any]:
    """Return everything, as paged lists, look-ups and writes show it."""
    shown = _listed(one)
    shown["Addresses"] = _addresses(one)
    shown["Phones"] = _phones(one)
    shown["ContactGroups"] = []
    shown["ContactPersons"] = [
        {
            "FirstName": person.first_name,
            "LastName": person.last_name,
            "EmailAddress": person.email,
            "IncludeInEmails": person.include_in_emails,
        }
        for person in one.persons
    ]
    if one.sales_terms or one.bills_terms:
        shown["PaymentTerms"] = terms_json(one.bills_terms, one.sales_terms)
    if one.merged_to:
        shown["MergedToContactID"] = one.merged_to
    shown |= {"HasAttachments": bool(one.attachments), "HasValidationErrors": False}
    return shown


def contact_summary_json(one: Contact) -> dict[str, Any]:
    """Return what an unpaged list shows: no persons, no terms, no sign of a merge."""
    shown = _listed(one)
    shown["Addresses"] = _addresses(one)
    shown["Phones"] = _phones(one)
    shown |= {
        "ContactGroups": [],
        "ContactPersons": [],
        "HasAttachments": bool(one.attachments),
        "HasValidationErrors": False,
    }
    return shown


def contact_light_json(one: Contact) -> dict[str, Any]:
    """Return what summaryOnly=true leaves."""
    shown = _listed(one)
    for member in ("IsSupplier", "IsCustomer", "DefaultCurrency"):
        shown.pop(member, None)
    return shown | {"HasValidationErrors": False}


def contact_in_document_json(one: Contact) -> dict[str, Any]:
    """Return a contact as paged documents embed it [DOCKET]."""
    return {
        "ContactID": one.contact_id,
        "Name": one.name,
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def _listed(one: Contact) -> dict[str, Any]:
    shown: dict[str, Any] = {"ContactID": one.contact_id, "ContactStatus": one.status, "Name": one.name}
    for member, attribute in _TEXTS:
        text = getattr(one, attribute)
        if text:
            shown[member] = text
    shown["EmailAddress"] = one.email
    shown["BankAccountDetails"] = one.bank_account_details
    shown["UpdatedDateUTC"] = dotnet(one.updated)
    shown["IsSupplier"] = one.is_supplier
    shown["IsCustomer"] = one.is_customer
    return shown


def _addresses(one: Contact) -> list[dict[str, Any]]:
    return [_address(one.addresses[kind]) if kind in one.addresses else _NO_ADDRESS[kind] for kind in ADDRESS_TYPES]


def _phones(one: Contact) -> list[dict[str, Any]]:
    return [_phone(one.phones[kind]) if kind in one.phones else _NO_PHONE[kind] for kind in PHONE_TYPES]


def _address(one: Address) -> dict[str, Any]:
    shown: dict[str, Any] = {"AddressType": one.type}
    shown |= {f"AddressLine{number}": line for number, line in enumerate(one.lines, 1) if line}
    shown |= {
        "City": one.city,
        "Region": one.region,
        "PostalCode": one.postal_code,
        "Country": one.country,
        "AttentionTo": one.attention_to,
    }
    return shown


def _phone(one: Phone) -> dict[str, Any]:
    return {
        "PhoneType": one.type,
        "PhoneNumber": one.number,
        "PhoneAreaCode": one.area_code,
        "PhoneCountryCode": one.country_code,
    }


_NO_ADDRESS = {kind: _address(Address(kind)) for kind in ADDRESS_TYPES}
_NO_PHONE = {kind: _phone(Phone(kind)) for kind in PHONE_TYPES}
