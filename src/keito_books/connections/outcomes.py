"""What the way back from a provider's consent page can come to. Each sentence is for the person's page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keito_books.connections.models import ConnectAttempt, Connection
from keito_books.workspaces.models import Workspace


class Why(StrEnum):
    """Reasons for a failed return, for logs and tests."""

    UNKNOWN = "unknown state"  # forged, missing, or of an attempt that is long deleted
    FOREIGN = "another session, person or provider"
    REUSED = "used before"
    OLD = "too old"
    REFUSED_THERE = "the provider answered with an error"
    CODE_REFUSED = "the code was refused"
    UNREACHABLE = "no answer"
    NO_ORGANISATION = "no organisation was granted"
    NOT_ALLOWED = "the person may not connect"
    TAKEN = "the workspace's place is taken"


@dataclass(frozen=True, slots=True)
class Connected:
    connection: Connection
    is_reconnection: bool

    @property
    def sentence(self) -> str:
        name = self.connection.organisation_name
        provider = self.connection.get_provider_display()
        if self.is_reconnection:
            return f"Reconnected to {name} in {provider}. What was waiting goes on by itself."
        return f"Connected to {name} in {provider}."


@dataclass(frozen=True, slots=True)
class ChooseOrganisation:
    """The consent reaches several organisations: show them, then `choose_organisation`."""

    attempt: ConnectAttempt


@dataclass(frozen=True, slots=True)
class ConfirmOther:
    """Another organisation than before: show both names, then `confirm_other_organisation` or `abandon`."""

    attempt: ConnectAttempt
    old_name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The person said no; nothing is wrong."""

    sentence: str
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was connected. `workspace` is known only when it is certain that the return belongs to this person."""

    why: Why
    sentence: str
    workspace: Workspace | None = None


Outcome = Connected | ChooseOrganisation | ConfirmOther | Cancelled | Failed
