"""Answer who calls, and whether they may look into the organisation they name."""

from dataclasses import dataclass

from xero_sandbox.problems import Problem, unauthorized
from xero_sandbox.world import World

__all__ = ["Access", "Problem", "authenticate"]


@dataclass(frozen=True, slots=True)
class Access:
    """A valid bearer token, and the organisation it opens."""

    client_id: str
    user_id: str | None  # None: a custom connection, which acts for no person
    scopes: frozenset[str]
    organisation_id: str | None  # None: the tenant header is missing, wrong, or no longer connected
    connected_at: object = None  # datetime of the connection, for Rapid Sync


def authenticate(world: World, authorization: str | None, tenant_id: str | None) -> Access:
    """Return the access of a bearer token; raises Problem (401) when the token is not good.

    A tenant that the token does not open is no error here: scope and limits are checked before it.
    """
    del world, authorization, tenant_id
    raise unauthorized("AuthenticationUnsuccessful")
