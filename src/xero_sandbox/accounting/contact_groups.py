"""Contact groups and who is in them [OAS]."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, chosen
from xero_sandbox.accounting.replies import Outcome, success
from xero_sandbox.problems import not_found
from xero_sandbox.records.contact_group import ContactGroup
from xero_sandbox.shapes.contacts import contact_in_document_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import NO_GUID, Fields, read_guid

PLURAL = "ContactGroups"
NAME_MAX = 255
NO_FLAG = None
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
GROUPS: Table[ContactGroup] = Table(
    PLURAL,
    {
        "contactgroupid": Field(Kind.TEXT, lambda one: one.group_id),
        "name": Field(Kind.TEXT, lambda one: one.name),
        "status": Field(Kind.TEXT, lambda one: one.status),
    },
    id_of=lambda one: one.name,
    updated_of=lambda _one: _NEVER,
)


def list_groups(call: Call) -> Reply:
    """The list names the groups, a look-up their contacts too; deleted ones are gone [OAS]."""
    call.modified_since = None  # groups carry no date
    page = chosen(call, GROUPS, lambda _: call.organisation.groups.values(), lambda one: one.status == "ACTIVE")
    return success(call, PLURAL, [_group_json(one) for one in page.records])


def show_group(call: Call) -> Reply:
    group = _found(call)
    return success(call, PLURAL, [_with_contacts(call, group)])


def put_groups(call: Call) -> Reply:
    return write_batch(call, PLURAL, NO_FLAG, lambda call_, asked: _save(call_, asked, None))


def post_group(call: Call) -> Reply:
    target = _found(call)
    return write_batch(call, PLURAL, NO_FLAG, lambda call_, asked: _save(call_, asked, target))


def put_members(call: Call) -> Reply:
    group_id = _found(call).group_id
    return write_batch(call, "Contacts", "HasValidationErrors", lambda call_, asked: _add(call_, asked, group_id))


def delete_members(call: Call) -> Reply:
    """Empty the group."""
    call.books.keep(call.organisation.groups, (group := _found(call)).group_id, replace(group, contact_ids=[]))
    return Reply(204, content_type=None)


def delete_member(call: Call) -> Reply:
    group, contact_id = _found(call), read_guid(call.parts["contact_id"])
    if contact_id not in group.contact_ids:
        raise not_found()
    kept = [one for one in group.contact_ids if one != contact_id]
    call.books.keep(call.organisation.groups, group.group_id, replace(group, contact_ids=kept))
    return Reply(204, content_type=None)


def _save(call: Call, asked: Fields, target: ContactGroup | None) -> Outcome:
    group = replace(target) if target else ContactGroup(str(uuid4()), "")
    group.name = asked.stripped("Name") or group.name
    group.status = asked.stripped("Status") or group.status
    problems = _problems(call, group)
    if problems:
        return Outcome({**dict(asked.values), "ContactGroupID": target.group_id if target else NO_GUID}, problems)
    call.books.keep(call.organisation.groups, group.group_id, group)
    return Outcome(_group_json(group))


def _problems(call: Call, group: ContactGroup) -> list[str]:
    """Names are unique among active groups (assumed)."""
    if not group.name:
        return [messages.GROUP_NAME_MISSING]
    if len(group.name) > NAME_MAX:
        return [messages.too_long("Name", NAME_MAX)]
    if group.status not in ("ACTIVE", "DELETED"):
        return [messages.not_one_of("Status", group.status, "ACTIVE, DELETED")]
    others = (one for one in call.organisation.groups.values() if one.group_id != group.group_id)
    taken = any(one.status == "ACTIVE" and one.name.casefold() == group.name.casefold() for one in others)
    return [messages.GROUP_NAME_TAKEN] if taken else []


def _add(call: Call, asked: Fields, group_id: str) -> Outcome:
    contact = call.books.contact(asked.guid("ContactID") or "")
    if contact is None:
        return Outcome(dict(asked.values), [messages.CONTACT_NOT_FOUND])
    group = call.organisation.groups[group_id]
    if contact.contact_id not in group.contact_ids:
        grown = replace(group, contact_ids=[*group.contact_ids, contact.contact_id])
        call.books.keep(call.organisation.groups, group_id, grown)
    return Outcome(contact_in_document_json(contact))


def _found(call: Call) -> ContactGroup:
    group = call.organisation.groups.get(read_guid(call.parts["id"]))
    if group is None or group.status != "ACTIVE":
        raise not_found()
    return group


def _group_json(one: ContactGroup) -> dict[str, Any]:
    return {"ContactGroupID": one.group_id, "Name": one.name, "Status": one.status}


def _with_contacts(call: Call, one: ContactGroup) -> dict[str, Any]:
    contacts = [contact_in_document_json(call.organisation.contacts[member]) for member in one.contact_ids]
    return {**_group_json(one), "Contacts": contacts}
