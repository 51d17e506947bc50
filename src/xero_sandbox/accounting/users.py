"""The people of an organisation [OAS]."""

from __future__ import annotations

from typing import Any

from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.replies import success
from xero_sandbox.identity.state import Person
from xero_sandbox.problems import not_found
from xero_sandbox.records.roles import Role
from xero_sandbox.wire.dates import dotnet
from xero_sandbox.wire.fields import read_guid

ROLE_NAMES = {
    Role.ADVISER: "FINANCIALADVISER",
    Role.STANDARD: "STANDARD",
    Role.INVOICE_ONLY: "INVOICEONLY",
    Role.READ_ONLY: "READONLY",
}


def list_users(call: Call) -> Reply:
    """Filters and dates are not looked at: people carry no date of change."""
    return success(call, "Users", [_user_json(call, one) for one in _people(call)])


def show_user(call: Call) -> Reply:
    wanted = read_guid(call.parts["id"])
    for one in _people(call):
        if one.user_id == wanted:
            return success(call, "Users", [_user_json(call, one)])
    raise not_found()


def _people(call: Call) -> list[Person]:
    people = call.world.identity.people.values()
    return [one for one in people if call.organisation.organisation_id in one.roles]


def _user_json(call: Call, one: Person) -> dict[str, Any]:
    role = Role(one.roles[call.organisation.organisation_id])
    return {
        "UserID": one.user_id,
        "EmailAddress": one.email,
        "FirstName": one.given_name,
        "LastName": one.family_name,
        "UpdatedDateUTC": dotnet(call.organisation.created),
        "IsSubscriber": role is Role.ADVISER,
        "OrganisationRole": ROLE_NAMES[role],
    }
