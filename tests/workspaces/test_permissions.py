"""Who may do what, as one table, and the sentences of refusals."""

from __future__ import annotations

import pytest

from builders import a_workspace
from keito_books.workspaces.errors import NeedsPlan, NotAllowed
from keito_books.workspaces.models import Membership, Plan, Role, Workspace
from keito_books.workspaces.permissions import Ability, may, refusal, require, require_same_workspace

# Nobody is stored: rights are a function of the membership.
FERNHILL = Workspace(name="Fernhill Studio", plan=Plan.BUSINESS)
MEMBER = Membership(workspace=FERNHILL, role=Role.MEMBER, may_draft_invoices=True, may_send_invoices=True)
MANAGER = Membership(workspace=FERNHILL, role=Role.MANAGER)
DRAFTER = Membership(workspace=FERNHILL, role=Role.MANAGER, may_draft_invoices=True)
SENDER = Membership(workspace=FERNHILL, role=Role.MANAGER, may_send_invoices=True)
ADMINISTRATOR = Membership(workspace=FERNHILL, role=Role.ADMINISTRATOR)


@pytest.mark.promise("P11")
@pytest.mark.parametrize(
    ("ability", "allowed"),
    [
        (Ability.SEE_INVOICES, {MANAGER, DRAFTER, SENDER, ADMINISTRATOR}),
        (Ability.DRAFT_INVOICES, {DRAFTER, SENDER, ADMINISTRATOR}),
        (Ability.DELETE_DRAFTS, {ADMINISTRATOR}),
        (Ability.SEND_INVOICES, {SENDER, ADMINISTRATOR}),
        (Ability.RECORD_PAYMENTS, {SENDER, ADMINISTRATOR}),
        (Ability.MANAGE_CLIENTS, {MANAGER, DRAFTER, SENDER, ADMINISTRATOR}),
        (Ability.MANAGE_SETTINGS, {ADMINISTRATOR}),
        (Ability.MANAGE_INTEGRATIONS, {ADMINISTRATOR}),
        (Ability.COPY_INVOICES, {SENDER, ADMINISTRATOR}),
        (Ability.SEE_AUDIT_TRAIL, {ADMINISTRATOR}),
    ],
)
def test_who_may_do_what(ability: Ability, allowed: set[Membership]) -> None:
    everybody = {MEMBER, MANAGER, DRAFTER, SENDER, ADMINISTRATOR}

    assert {member for member in everybody if may(member, ability)} == allowed


@pytest.mark.promise("P9")
@pytest.mark.parametrize("plan", [Plan.FREE, Plan.PRO])
@pytest.mark.parametrize("ability", [Ability.MANAGE_INTEGRATIONS, Ability.COPY_INVOICES])
def test_integrations_need_the_business_plan_even_for_administrators(plan: Plan, ability: Ability) -> None:
    cedar = Workspace(name="Cedar & Pine", plan=plan)
    administrator = Membership(workspace=cedar, role=Role.ADMINISTRATOR)

    with pytest.raises(NeedsPlan, match=r"part of the Business plan\. Cedar & Pine is on the") as problem:
        require(administrator, ability)

    assert problem.value.plan == Plan.BUSINESS


def test_a_refusal_says_who_may_and_whom_to_ask() -> None:
    assert str(refusal(MANAGER, Ability.SEND_INVOICES)) == (
        "Only Administrators, and Managers with “Send/edit invoices”, may send and change invoices. "
        "You are a Manager here without that permission. Ask an Administrator of Fernhill Studio."
    )
    assert str(refusal(MEMBER, Ability.MANAGE_INTEGRATIONS)) == (
        "Only Administrators may manage integrations. You are a Member here. Ask an Administrator of Fernhill Studio."
    )


def test_the_role_is_refused_before_the_plan_is_mentioned() -> None:
    member = Membership(workspace=Workspace(name="Cedar & Pine", plan=Plan.FREE), role=Role.MEMBER)

    assert not isinstance(refusal(member, Ability.MANAGE_INTEGRATIONS), NeedsPlan)


@pytest.mark.django_db
def test_things_of_another_workspace_are_out_of_reach() -> None:
    here, elsewhere = a_workspace(), a_workspace()
    member = Membership(workspace=here, role=Role.ADMINISTRATOR)

    require_same_workspace(member, Membership(workspace=here))
    with pytest.raises(NotAllowed, match="another workspace"):
        require_same_workspace(member, Membership(workspace=here), Membership(workspace=elsewhere))
