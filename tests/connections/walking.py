"""Walk from Keito Books to the sandbox's consent page and back, as a person does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from consenting import AppServer, Visitor
from keito_books.connections.actions import finish_connecting, start_connecting
from keito_books.connections.grants import refresh_token_of
from keito_books.connections.models import Connection, Grant
from keito_books.connections.outcomes import Connected, Outcome
from keito_books.workspaces.models import Membership, Workspace
from xero_sandbox.seeds.demo import ADVISER_ID, BRITISH_ID, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from xero_sandbox.testing import RunningSandbox

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PUBLIC_URL = "http://localhost:8000"
SESSION = "a-browser-session-key"

A = TypeVar("A")


@dataclass(frozen=True)
class Return:
    """What the provider's redirect brings back."""

    state: str
    code: str = ""
    error: str = ""


def begin(by: Membership, *, session: str = SESSION, now: datetime = NOW) -> str:
    return start_connecting(by=by, session_key=session, now=now)


def consent(url: str, *organisation_ids: str, user_id: str = ADVISER_ID) -> Return:
    """Sign in at the address that the browser was sent to, and click Allow access."""
    visitor = _visitor(url)
    try:
        told = visitor.allow(visitor.sign_in(visitor.http.get(url), user_id), *(organisation_ids or (BRITISH_ID,)))
    finally:
        visitor.close()
    return Return(state=told["state"], code=told["code"])


def cancel(url: str, *, user_id: str = ADVISER_ID) -> Return:
    visitor = _visitor(url)
    try:
        answer = visitor.answer(visitor.sign_in(visitor.http.get(url), user_id), answer="cancel")
    finally:
        visitor.close()
    told = dict(pair.split("=") for pair in answer.headers["location"].partition("?")[2].split("&"))
    return Return(state=told["state"], error=told["error"])


def come_back(
    back: Return, by: Membership, *, session: str = SESSION, now: datetime = NOW, provider: str = "xero"
) -> Outcome:
    return finish_connecting(
        state=back.state,
        code=back.code,
        error=back.error,
        person=by.person,
        session_key=session,
        now=now,
        provider=provider,
    )


def connect(by: Membership, *organisation_ids: str, user_id: str = ADVISER_ID, now: datetime = NOW) -> Connection:
    """Walk the whole way to a connection."""
    outcome = come_back(consent(begin(by, now=now), *organisation_ids, user_id=user_id), by, now=now)
    return the(Connected, outcome).connection


def the(kind: type[A], outcome: object) -> A:
    """Return the outcome, which must be of this kind."""
    assert isinstance(outcome, kind), outcome
    return outcome


def _visitor(url: str) -> Visitor:
    return Visitor(url.partition("/identity/")[0], DEMO_CLIENT_ID)


def joined_at_xero(sandbox: RunningSandbox) -> set[str]:
    """Return the ids of the organisations that the app is joined to there, by whomever."""
    identity = sandbox.sandbox.world.identity
    return {each.tenant_id for each in identity.connections.values() if each.disconnected_at is None}


def is_accepted_at_xero(sandbox: RunningSandbox, refresh_token: str) -> bool:
    """Say whether Xero still trades this refresh token for new ones."""
    server = AppServer(sandbox.url, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)
    try:
        return server.refresh(refresh_token).status_code == 200
    finally:
        server.close()


def allow_several(sandbox: RunningSandbox) -> None:
    """Let one walk end with several organisations, as Xero allows to some apps."""
    sandbox.sandbox.world.identity.apps[DEMO_CLIENT_ID].bulk_connections = True


def token_calls(sandbox: RunningSandbox) -> int:
    return sum(each["path"] == "/connect/token" for each in sandbox.requests())


def refresh_token(connection: Connection) -> str:
    grant = Connection.objects.get(pk=connection.pk).grant
    assert grant is not None
    return refresh_token_of(grant)


def quickbooks_in(workspace: Workspace) -> Connection:
    """Put a workspace's one place into the hands of another accounting system."""
    grant = Grant.objects.create(provider="quickbooks", refreshed_at=NOW, created_at=NOW)
    return Connection.objects.create(
        workspace=workspace,
        provider="quickbooks",
        organisation_id="9130347",
        organisation_name="Fernhill Studio QB",
        state=Connection.State.ACTIVE,
        grant=grant,
        connected_at=NOW,
    )
