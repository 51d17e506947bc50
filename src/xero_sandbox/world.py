"""The whole state of the sandbox: one value that exports to JSON and back."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from xero_sandbox.clock import Clock
from xero_sandbox.identity.state import IdentityState
from xero_sandbox.limits.state import LimitState
from xero_sandbox.readings import Readings
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.soundness import first_flaw
from xero_sandbox.webhooks.state import WebhookState


class NotAState(ValueError):
    """What was given is no exported state; the sentence says where it goes wrong."""


@dataclass(slots=True)
class World:
    seed: str = "empty"
    clock: Clock = field(default_factory=Clock)
    organisations: dict[str, Organisation] = field(default_factory=dict)  # by organisation id
    identity: IdentityState = field(default_factory=IdentityState)
    limits: LimitState = field(default_factory=LimitState)
    readings: Readings = field(default_factory=Readings)
    webhooks: WebhookState = field(default_factory=WebhookState)

    def export(self) -> bytes:
        return msgspec.json.encode(self)

    def organisation_named(self, name_or_id: str) -> Organisation | None:
        by_id = self.organisations.get(name_or_id)
        if by_id is not None:
            return by_id
        wanted = name_or_id.casefold()
        return next((one for one in self.organisations.values() if one.name.casefold() == wanted), None)


def import_world(exported: bytes) -> World:
    """Return the world that `World.export` wrote; raises NotAState."""
    try:
        world = msgspec.json.decode(exported, type=World)
        world.clock.now()
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, OverflowError) as problem:
        raise NotAState(str(problem)) from problem
    flaw = first_flaw(world)
    if flaw:
        raise NotAState(flaw)
    return world
