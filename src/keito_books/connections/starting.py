"""Begin to connect: remember who asked, and say where the browser goes."""

from __future__ import annotations

import uuid
from datetime import datetime

from keito_books.connections.binding import hash_of, session_hash, verifier_place
from keito_books.connections.errors import CannotConnect, NotOffered
from keito_books.connections.models import ConnectAttempt
from keito_books.connections.providing import offer_of, provider_for, provider_name, redirect_uri
from keito_books.connections.queries import live_connection
from keito_books.connections.vault import seal
from keito_books.workspaces.models import Membership, Workspace
from keito_books.workspaces.permissions import Ability, require


def start_connecting(*, by: Membership, session_key: str, now: datetime, provider: str = "xero") -> str:
    """Return the address of the provider's consent page, to which the browser is redirected.

    `session_key` names the browser session, and only in this session can the attempt be finished.
    Raises NotAllowed, NeedsPlan, NotOffered or CannotConnect.
    """
    require(by, Ability.MANAGE_INTEGRATIONS)
    _require_offered(provider)
    require_free_place(by.workspace, provider)
    authorisation = provider_for(provider).identity.start(redirect_uri=redirect_uri(provider))
    attempt_id = uuid.uuid4()
    ConnectAttempt.objects.create(
        id=attempt_id,
        workspace=by.workspace,
        person=by.person,
        provider=provider,
        state_hash=hash_of(authorisation.state),
        session_hash=session_hash(session_key),
        sealed_verifier=seal(authorisation.code_verifier, verifier_place(attempt_id)),
        started_at=now,
    )
    return authorisation.url


def require_free_place(workspace: Workspace, provider: str) -> None:
    """Raise CannotConnect when another accounting system is connected, or expired and not yet disconnected."""
    live = live_connection(workspace)
    if live is not None and live.provider != provider:
        raise CannotConnect(
            f"Disconnect {live.get_provider_display()} before connecting {provider_name(provider)}. "
            "Only one accounting integration can be active at a time."
        )


def _require_offered(provider: str) -> None:
    offer = offer_of(provider)
    if offer is None:
        raise NotOffered("Keito Books knows no such accounting system.")
    if not offer.is_available:
        raise NotOffered(offer.problem)
