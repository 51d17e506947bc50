"""A world for the sandbox with as many organisations as are wanted, each with an adviser of its own and empty books."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from uuid import UUID

from xero_sandbox.identity.state import Person
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.roles import Role
from xero_sandbox.seeds.demo import BRITISH_ID, demo_world
from xero_sandbox.world import World


@dataclass(frozen=True, slots=True)
class Seat:
    """Who consents for a workspace, and to which organisation."""

    email: str
    organisation: str
    organisation_id: str


def make_world(organisations: int, seats: int) -> tuple[World, list[Seat]]:
    """Return the world and its seats; when there are more seats than organisations, some share one."""
    world = demo_world()
    empty = _emptied(world.organisations[BRITISH_ID])
    made = [_named(empty, number) for number in range(organisations)]
    world.organisations = {each.organisation_id: each for each in made}
    people = [_person(number, made[number % organisations]) for number in range(seats)]
    world.identity.people = {each.user_id: each for each in people}
    joined = zip(people, (made[number % organisations] for number in range(seats)), strict=True)
    return world, [Seat(person.email, each.name, each.organisation_id) for person, each in joined]


def _emptied(organisation: Organisation) -> Organisation:
    empty = copy.deepcopy(organisation)
    empty.contacts, empty.invoices, empty.payments, empty.items = {}, {}, {}, {}
    return empty


def _named(empty: Organisation, number: int) -> Organisation:
    organisation = copy.deepcopy(empty)
    organisation.organisation_id = str(UUID(int=0xA0000000000040008000000000000000 + number))
    organisation.name = f"Harbour Street {number + 1} Ltd"
    organisation.short_code = f"!hs{number:03d}"
    return organisation


def _person(number: int, organisation: Organisation) -> Person:
    return Person(
        str(UUID(int=0xB0000000000040008000000000000000 + number)),
        f"adviser{number + 1}@harbourstreet.example",
        "Robin",
        f"Adviser {number + 1}",
        "Adviser",
        {organisation.organisation_id: Role.ADVISER},
    )
