"""Open a connection for a call: a live token for the right organisation, refreshed by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from keito_books.accounting.errors import MustReconnect, TokenRejected, TryAgainLater
from keito_books.accounting.port import Access, Receipt
from keito_books.connections.checking import check_connection
from keito_books.connections.errors import NotConnected
from keito_books.connections.models import Connection
from keito_books.connections.refreshing import Need, opened_grant

T = TypeVar("T")
Record = Callable[[Receipt], None]
Permit = Callable[[], None]

_ASK_AGAIN = timedelta(minutes=1)
_NOT_LIVE = "This connection has ended. Nothing was sent."


def access_for(
    connection: Connection, *, now: datetime, record: Record, permit: Permit | None = None, rejected: str = ""
) -> Access:
    """Return what a call needs, for the epoch that `connection` was read in. Never call this inside a transaction.

    `rejected` is an access token that the provider has just declined, so that another one must be had.
    Without a `permit` of the caller's own, each request asks whether the connection still stands.
    Raises TryAgainLater, MustReconnect (it has expired) or NotConnected (it has ended, or a new epoch began).
    """
    current = _standing(connection)
    try:
        opened = opened_grant(_grant_id(current), Need(now=now, rejected=rejected))
    except NotConnected:
        _standing(connection)
        raise
    return Access(
        access_token=opened.access_token,
        organisation_id=current.organisation_id,
        record=record,
        permit=permit or standing_permit(connection),
    )


def call_with_access(
    connection: Connection,
    *,
    now: datetime,
    record: Record,
    call: Callable[[Access], T],
    permit: Permit | None = None,
) -> T:
    """Call with a live token; when it is rejected, refresh once and repeat the same call.

    Raises what `access_for` and `call` raise, but never TokenRejected; MustReconnect only when it is certain.
    """
    access = access_for(connection, now=now, record=record, permit=permit)
    try:
        return call(access)
    except TokenRejected:
        access = access_for(connection, now=now, record=record, permit=permit, rejected=access.access_token)
    except MustReconnect as problem:
        raise _confirmed(connection, problem, now=now) from problem
    try:
        return call(access)
    except (TokenRejected, MustReconnect) as problem:
        raise _confirmed(connection, problem, now=now) from problem


def standing_permit(connection: Connection) -> Permit:
    """Return a permit that holds while the connection is active in the epoch that it was read in."""

    def permit() -> None:
        if not Connection.objects.filter(
            pk=connection.pk, epoch=connection.epoch, state=Connection.State.ACTIVE
        ).exists():
            raise TryAgainLater(_NOT_LIVE, reason="disconnected")

    return permit


def _standing(connection: Connection) -> Connection:
    current = Connection.objects.get(pk=connection.pk)
    if current.epoch != connection.epoch or not current.is_live:
        raise NotConnected(_NOT_LIVE)
    if not current.is_active:
        raise MustReconnect(current.expired_because, code=current.expired_kind)
    return current


def _grant_id(connection: Connection) -> UUID:
    if connection.grant_id is None:
        raise NotConnected(_NOT_LIVE)
    return connection.grant_id


def _confirmed(
    connection: Connection, problem: TokenRejected | MustReconnect, *, now: datetime
) -> MustReconnect | TryAgainLater:
    """Ask the provider whether the organisation is still joined, and return what is then true."""
    try:
        stands = check_connection(connection, now=now)
    except TokenRejected:
        stands = True
    if not stands:
        return MustReconnect("The organisation is no longer joined", code="gone")
    return TryAgainLater(
        f"The provider declined a consent that stands: {problem}", reason="token", retry_after=_ASK_AGAIN
    )
