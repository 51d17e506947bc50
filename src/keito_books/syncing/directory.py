"""Compare many clients with the organisation's contacts at once: one call instead of several for each."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from keito_books.accounting.documents import ContactDocument, RemoteContact
from keito_books.syncing.models import ContactsCopy
from keito_books.syncing.road import Road

# A contact that somebody adds meanwhile is still noticed: Xero refuses its name a second time.
_FRESH = timedelta(minutes=10)
_decode = msgspec.json.Decoder(tuple[RemoteContact, ...]).decode


def matches(road: Road, contacts: list[ContactDocument]) -> dict[str, tuple[RemoteContact, ...]]:
    """Return the candidates of each contact by its marker. Reads the contacts when the copy is old; raises then what
    a read raises."""
    return road.documents.match_contacts(contacts, among=_contacts(road))


def _contacts(road: Road) -> tuple[RemoteContact, ...]:
    now = road.clock()
    copy = ContactsCopy.objects.filter(connection=road.connection, read_at__gt=now - _FRESH).first()
    if copy is not None:
        return _decode(copy.content)
    found = road.call("check", road.documents.list_contacts)
    content = msgspec.json.encode(found).decode()
    ContactsCopy.objects.update_or_create(connection=road.connection, defaults={"content": content, "read_at": now})
    return found
