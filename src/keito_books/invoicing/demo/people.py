"""Who can sign in to the demo, and where they work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keito_books.workspaces.models import Membership, Person, Plan, Role, Workspace

# One password for everybody in the demo; it is printed at the start and opens nothing else.
PASSWORD = "show me the books"  # noqa: S105  meant to be known

FERNHILL = "fernhill"
CEDAR = "cedar-and-pine"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo and what they are in Fernhill Studio."""

    email: str
    name: str
    role: Role
    may_draft_invoices: bool = False
    may_send_invoices: bool = False


AMELIA = DemoPerson("amelia@fernhill.example", "Amelia Fern", Role.ADMINISTRATOR)
PEOPLE = (
    AMELIA,
    DemoPerson(
        "marcus@fernhill.example", "Marcus Boateng", Role.MANAGER, may_draft_invoices=True, may_send_invoices=True
    ),
    DemoPerson("priya@fernhill.example", "Priya Nair", Role.MANAGER),
    DemoPerson("tom@fernhill.example", "Tom Hughes", Role.MEMBER),
)


def found_fernhill(now: datetime) -> Workspace:
    return Workspace.objects.create(
        name="Fernhill Studio",
        slug=FERNHILL,
        plan=Plan.BUSINESS,
        currency="GBP",
        time_zone="Europe/London",
        address="14 Canal Wharf\nBristol\nBS1 6XL\nUnited Kingdom",
        phone="+44 117 496 0142",
        tax_number="GB 293 8471 06",
        created_at=now,
    )


def found_cedar(now: datetime) -> Workspace:
    return Workspace.objects.create(
        name="Cedar & Pine",
        slug=CEDAR,
        plan=Plan.PRO,
        currency="GBP",
        time_zone="Europe/London",
        address="3 Mill Lane\nKendal\nLA9 4QB\nUnited Kingdom",
        phone="+44 1539 496 018",
        created_at=now,
    )


def join_people(fernhill: Workspace, cedar: Workspace) -> dict[str, Membership]:
    """Add everybody to Fernhill Studio and its Administrator to both; return the memberships by workspace slug."""
    for each in PEOPLE:
        person = Person.objects.create_user(email=each.email, name=each.name, password=PASSWORD)
        Membership.objects.create(
            person=person,
            workspace=fernhill,
            role=each.role,
            may_draft_invoices=each.may_draft_invoices,
            may_send_invoices=each.may_send_invoices,
        )
    amelia = Membership.objects.get(person__email=AMELIA.email, workspace=fernhill)
    return {
        FERNHILL: amelia,
        CEDAR: Membership.objects.create(person=amelia.person, workspace=cedar, role=Role.ADMINISTRATOR),
    }
