"""Every change to a company and its people; rights are checked here, and each change leaves an audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from keito_books.workspaces import audit
from keito_books.workspaces.audit import Subject
from keito_books.workspaces.errors import InvalidDetail, LastAdministrator
from keito_books.workspaces.models import Membership, Person, Role, Workspace
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

# field: what a refusal calls it, its length in the table, whether it may be empty
_TEXTS = {
    "name": ("The company’s name", 255, False),
    "address": ("The address", 1000, True),
    "phone": ("The phone number", 50, True),
    "tax_number": ("The tax number", 50, True),
}


@dataclass(frozen=True, slots=True)
class CompanyDetails:
    """A company as typed."""

    name: str
    currency: str
    time_zone: str
    address: str = ""
    phone: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """A role; the two toggles count for Managers and are dropped for others."""

    role: str
    may_draft_invoices: bool = False
    may_send_invoices: bool = False


@transaction.atomic
def update_company(details: CompanyDetails, *, by: Membership, now: datetime) -> Workspace:
    """Replace the company's details. Invoices and clients that exist keep their currency."""
    require(by, Ability.MANAGE_COMPANY)
    kept = _locked(by)
    before = {name: getattr(kept, name) for name in CompanyDetails.__dataclass_fields__}
    for field, (what, limit, may_be_empty) in _TEXTS.items():
        setattr(kept, field, _text(getattr(details, field), what, field, limit, may_be_empty=may_be_empty))
    kept.currency, kept.time_zone = details.currency, _zone(details.time_zone)
    changed = [name for name, value in before.items() if getattr(kept, name) != value]
    if changed:
        kept.save(update_fields=changed)
        subject = Subject("workspace", kept.id, kept.name)
        audit.record(
            "company.changed", workspace=kept, at=now, person=by.person, subject=subject, details={"changed": changed}
        )
    return kept


@transaction.atomic
def add_person(email: str, name: str, rights: Rights, *, by: Membership, now: datetime) -> Membership:
    """Let somebody in, who gets an account without a password if they have none yet."""
    require(by, Ability.MANAGE_PEOPLE)
    workspace = _locked(by)
    address = _email(email)
    person = Person.objects.filter(email=address).first()
    if person is None:
        person = Person.objects.create_user(address, _text(name, "The name", "name", 255, may_be_empty=False))
    if Membership.objects.filter(workspace=workspace, person=person).exists():
        raise InvalidDetail(f"{address} is in this workspace already. Change their role in the list.", field="email")
    added = Membership(workspace=workspace, person=person)
    _give(added, rights)
    added.save(force_insert=True)
    _tell("person.added", added, by=by, now=now)
    return added


@transaction.atomic
def change_rights(member: Membership, rights: Rights, *, by: Membership, now: datetime) -> Membership:
    """Give somebody another role. Raises LastAdministrator when nobody would be left to manage the workspace."""
    kept = _locked_member(member, by)
    before = (kept.role, kept.may_draft_invoices, kept.may_send_invoices)
    if kept.is_administrator and rights.role != Role.ADMINISTRATOR:
        _require_another(kept)
    _give(kept, rights)
    if (kept.role, kept.may_draft_invoices, kept.may_send_invoices) != before:
        kept.save(update_fields=["role", "may_draft_invoices", "may_send_invoices"])
        _tell("person.changed", kept, by=by, now=now)
    return kept


@transaction.atomic
def remove_person(member: Membership, *, by: Membership, now: datetime) -> None:
    """Take somebody out of the workspace; their account and what they did stay."""
    kept = _locked_member(member, by)
    if kept.is_administrator:
        _require_another(kept)
    _tell("person.removed", kept, by=by, now=now)
    kept.delete()


def _locked(by: Membership) -> Workspace:
    return Workspace.objects.select_for_update().get(pk=by.workspace_id)


def _locked_member(member: Membership, by: Membership) -> Membership:
    require(by, Ability.MANAGE_PEOPLE)
    require_same_workspace(by, member)
    _locked(by)  # two Administrators must not remove each other at the same moment
    return Membership.objects.select_related("person", "workspace").get(pk=member.pk)


def _require_another(member: Membership) -> None:
    others = Membership.objects.filter(workspace_id=member.workspace_id, role=Role.ADMINISTRATOR).exclude(pk=member.pk)
    if not others.exists():
        raise LastAdministrator(
            f"{member.person} is the only Administrator of {member.workspace}. "
            "Make somebody else an Administrator first.",
            field="role",
        )


def _give(member: Membership, rights: Rights) -> None:
    if rights.role not in Role.values:
        raise InvalidDetail("Choose one of the roles in the list.", field="role")
    is_manager = rights.role == Role.MANAGER
    member.role = rights.role
    member.may_draft_invoices = is_manager and rights.may_draft_invoices
    member.may_send_invoices = is_manager and rights.may_send_invoices


def _tell(action: str, member: Membership, *, by: Membership, now: datetime) -> None:
    toggles = {"Draft invoices": member.may_draft_invoices, "Send/edit invoices": member.may_send_invoices}
    audit.record(
        action,
        workspace=by.workspace,
        at=now,
        person=by.person,
        subject=Subject("person", member.person_id, str(member.person)),
        details={"role": member.get_role_display(), "toggles": [name for name, on in toggles.items() if on]},
    )


def _text(value: str, what: str, field: str, limit: int, *, may_be_empty: bool) -> str:
    kept = value.replace("\r\n", "\n").strip()
    if not kept and not may_be_empty:
        raise InvalidDetail(f"{what} is missing. Please fill it in.", field=field)
    if "\0" in kept:
        raise InvalidDetail(f"{what} contains a character that can’t be printed. Please type it again.", field=field)
    if len(kept) > limit:
        raise InvalidDetail(f"{what} has {len(kept):,} characters; at most {limit:,} are possible.", field=field)
    return kept


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise InvalidDetail("Choose one of the time zones in the list, such as Europe/London.", field="time_zone")
    return name


def _email(value: str) -> str:
    address = value.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidDetail(
            f"“{address}” is not an e-mail address. Write it as name@example.com.", field="email"
        ) from None
    return address
