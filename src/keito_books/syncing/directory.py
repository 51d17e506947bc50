"""Compare many clients with the organisation's contacts at once: one call instead of several for each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from keito_books.accounting.documents import ContactDocument, RemoteContact
from keito_books.accounting.errors import ProviderError
from keito_books.connections.errors import NotConnected
from keito_books.connections.models import Connection
from keito_books.syncing import governor
from keito_books.syncing.models import BULK, ContactsCopy
from keito_books.syncing.road import Road

# A contact that somebody adds meanwhile is still noticed: Xero refuses its name a second time.
_FRESH = timedelta(minutes=10)
log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(tuple[RemoteContact, ...]).decode


@dataclass(frozen=True, slots=True)
class Copied:
    """The contacts as last read; none and no time while nobody has read them."""

    contacts: tuple[RemoteContact, ...]
    by_id: dict[str, RemoteContact]
    read_at: datetime | None


def contacts_copied(connection: Connection) -> Copied:
    """Return the contacts as last read, however old; no call is made."""
    copy = copied_contacts(connection)
    contacts = copy.contacts if copy else ()
    return Copied(contacts, {each.id: each for each in contacts}, copy.read_at if copy else None)


def matches(road: Road, contacts: list[ContactDocument]) -> dict[str, tuple[RemoteContact, ...]]:
    """Return the candidates of each contact by its marker. Reads the contacts when the copy is old; raises then what
    a read raises."""
    return road.documents.match_contacts(contacts, among=_contacts(road))


def read_ahead(connection_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Read the contacts unless the copy is fresh. Whoever holds the lane reads them when they are needed."""
    connection = Connection.objects.get(pk=connection_id)
    lane_id = governor.lane_of(connection).pk
    fence = governor.take_lease(lane_id, now=clock())
    if fence is None:
        return
    road = Road(connection, lane_id=lane_id, fence=fence, urgency=BULK, clock=clock, spread=lambda: 0)
    try:
        _contacts(road)
    except (ProviderError, NotConnected) as problem:
        log.info("the contacts could not be read ahead: %s", problem)
    finally:
        governor.release_lease(lane_id, fence=fence)


def is_fresh(connection: Connection, *, now: datetime) -> bool:
    return ContactsCopy.objects.filter(connection=connection, read_at__gt=now - _FRESH / 2).exists()


@dataclass(frozen=True, slots=True)
class ContactsRead:
    """The organisation's contacts, as they were at a time."""

    contacts: tuple[RemoteContact, ...]
    read_at: datetime


def copied_contacts(connection: Connection) -> ContactsRead | None:
    """Return the copy of the contacts, however old; None while they were never read. Nothing is asked."""
    copy = ContactsCopy.objects.filter(connection=connection).first()
    return ContactsRead(_decode(copy.content), copy.read_at) if copy else None


def _contacts(road: Road) -> tuple[RemoteContact, ...]:
    now = road.clock()
    copy = ContactsCopy.objects.filter(connection=road.connection, read_at__gt=now - _FRESH).first()
    if copy is not None:
        return _decode(copy.content)
    found = road.call("check", road.documents.list_contacts)
    content = msgspec.json.encode(found).decode()
    ContactsCopy.objects.update_or_create(connection=road.connection, defaults={"content": content, "read_at": now})
    return found
