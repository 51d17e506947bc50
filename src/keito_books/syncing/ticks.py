"""Wake a worker for an organisation once the transaction that made work for it has committed."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

WORK = "keito_books.work"
READ_CONTACTS = "keito_books.read_contacts"
SEARCH = "keito_books.search"
log = logging.getLogger(__name__)


def poke_soon(lane_id: UUID) -> None:
    """Defer a tick after commit. A failure is only logged: the periodic sweep finds the work anyway."""
    transaction.on_commit(lambda: poke(lane_id), robust=True)


def poke(lane_id: UUID) -> None:
    """Defer a tick unless one waits already. Ticks of one organisation never run side by side."""
    name = f"organisation:{lane_id}"
    try:
        with transaction.atomic():
            app.configure_task(WORK, lock=name, queueing_lock=name).defer(lane_id=str(lane_id))
    except AlreadyEnqueued:
        log.debug("a tick of %s waits already", lane_id)


def read_contacts_soon(lane_id: UUID, connection_id: UUID) -> None:
    """Have the organisation's contacts read before somebody copies many invoices; it is never needed, only quicker."""
    name = f"organisation:{lane_id}"
    try:
        with transaction.atomic():
            task = app.configure_task(READ_CONTACTS, lock=name, queueing_lock=f"contacts:{connection_id}")
            task.defer(connection_id=str(connection_id))
    except AlreadyEnqueued:
        log.debug("the contacts of %s are about to be read", connection_id)


def search_soon(search_id: UUID, lane_id: UUID) -> None:
    """Defer a slice of a search after commit; a failure is only logged, as above."""
    transaction.on_commit(lambda: search(search_id, lane_id), robust=True)


def search(search_id: UUID, lane_id: UUID) -> None:
    """Defer a slice of a search unless one waits already. It takes its turn among the ticks of its organisation."""
    try:
        with transaction.atomic():
            task = app.configure_task(SEARCH, lock=f"organisation:{lane_id}", queueing_lock=f"search:{search_id}")
            task.defer(search_id=str(search_id))
    except AlreadyEnqueued:
        log.debug("a slice of search %s waits already", search_id)
