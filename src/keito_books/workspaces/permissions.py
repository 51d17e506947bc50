"""Decide who may do what, as functions of a membership."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from keito_books.workspaces.errors import NeedsPlan, NotAllowed
from keito_books.workspaces.models import Membership, Plan


class Ability(StrEnum):
    """Things that not everybody may do; the value completes «Only ... may»."""

    SEE_INVOICES = "see invoices"
    DRAFT_INVOICES = "draft invoices"
    DELETE_DRAFTS = "delete draft invoices"
    SEND_INVOICES = "send and change invoices"
    RECORD_PAYMENTS = "record payments"
    MANAGE_CLIENTS = "change clients and projects"
    MANAGE_SETTINGS = "change invoice settings"
    MANAGE_COMPANY = "change the company’s details"
    MANAGE_PEOPLE = "manage people"
    MANAGE_INTEGRATIONS = "manage integrations"
    COPY_INVOICES = "copy invoices to an accounting system"
    SEE_AUDIT_TRAIL = "see the audit trail"


class OfAWorkspace(Protocol):
    """Anything that belongs to one workspace."""

    workspace_id: UUID


_MANAGERS = "Administrators and Managers"
_DRAFTERS = "Administrators, and Managers with “Draft invoices” or “Send/edit invoices”,"
_SENDERS = "Administrators, and Managers with “Send/edit invoices”,"
_ADMINISTRATORS = "Administrators"

# Deleting drafts is an Administrator's in Keito; drafting by a Manager with only "Send/edit invoices" is ours,
# since whoever may edit an invoice in any state can hardly be kept from writing one.
_WHO = {
    Ability.SEE_INVOICES: _MANAGERS,
    Ability.DRAFT_INVOICES: _DRAFTERS,
    Ability.DELETE_DRAFTS: _ADMINISTRATORS,
    Ability.SEND_INVOICES: _SENDERS,
    Ability.RECORD_PAYMENTS: _SENDERS,
    Ability.MANAGE_CLIENTS: _MANAGERS,
    Ability.MANAGE_SETTINGS: _ADMINISTRATORS,
    Ability.MANAGE_COMPANY: _ADMINISTRATORS,
    Ability.MANAGE_PEOPLE: _ADMINISTRATORS,
    Ability.MANAGE_INTEGRATIONS: _ADMINISTRATORS,
    Ability.COPY_INVOICES: _SENDERS,
    Ability.SEE_AUDIT_TRAIL: _ADMINISTRATORS,
}
_NEEDS_BUSINESS = frozenset((Ability.MANAGE_INTEGRATIONS, Ability.COPY_INVOICES))


def may(member: Membership, ability: Ability) -> bool:
    """Say whether role and plan allow it."""
    return refusal(member, ability) is None


def require(member: Membership, ability: Ability) -> None:
    """Raise NotAllowed, or NeedsPlan, unless role and plan allow it."""
    problem = refusal(member, ability)
    if problem is not None:
        raise problem


def refusal(member: Membership, ability: Ability) -> NotAllowed | None:
    """Return why not, in a sentence for a page or a disabled button; None when it is allowed."""
    if not _role_allows(member, ability):
        return NotAllowed(
            f"Only {_WHO[ability]} may {ability.value}. You are a {member.get_role_display()} here"
            f"{_missing_toggle(member, ability)}. Ask an Administrator of {member.workspace.name}."
        )
    if ability in _NEEDS_BUSINESS:
        return plan_refusal(member)
    return None


def plan_refusal(member: Membership) -> NeedsPlan | None:
    """Return why the workspace's plan has no accounting integrations; None when it has."""
    workspace = member.workspace
    if workspace.plan == Plan.BUSINESS:
        return None
    return NeedsPlan(
        f"Accounting integrations are part of the Business plan. {workspace.name} is on the "
        f"{workspace.get_plan_display()} plan. An Administrator can upgrade it.",
        plan=Plan.BUSINESS,
    )


def require_same_workspace(member: Membership, *things: OfAWorkspace) -> None:
    """Raise NotAllowed when a thing belongs to another workspace than the one the member acts in."""
    if any(thing.workspace_id != member.workspace_id for thing in things):
        raise NotAllowed("This belongs to another workspace. Nothing was changed.")


def _role_allows(member: Membership, ability: Ability) -> bool:
    if member.is_administrator:
        return True
    if not member.is_manager:
        return False
    who = _WHO[ability]
    if who == _MANAGERS:
        return True
    if who == _DRAFTERS:
        return member.may_draft_invoices or member.may_send_invoices
    return who == _SENDERS and member.may_send_invoices


def _missing_toggle(member: Membership, ability: Ability) -> str:
    if member.is_manager and _WHO[ability] in (_DRAFTERS, _SENDERS):
        return " without that permission"
    return ""
