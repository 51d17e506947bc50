"""Wake a worker for an organisation once the transaction that made work for it has committed."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

QUEUE = "organisations"
WORK = "keito_books.work"
READ_CONTACTS = "keito_books.read_contacts"
SEARCH = "keito_books.search"
log = logging.getLogger(__name__)
# Always through Django's connection of the thread. In a worker the engine's own connections belong to its event loop,
# and the threads that work a lane have none: sooner or later they would meet at one of its locks, and both would fail.
_engine = JobManager(DjangoConnector())


def poke_soon(lane_id: UUID) -> None:
    """Defer a tick after commit. A failure is only logged: the periodic sweep finds the work anyway."""
    transaction.on_commit(lambda: poke(lane_id), robust=True)


def poke(lane_id: UUID) -> None:
    """Defer a tick unless one waits already. Ticks of one organisation never run side by side."""
    name = f"organisation:{lane_id}"
    try:
        with transaction.atomic():
            _defer(WORK, lock=name, queueing_lock=name, lane_id=lane_id)
    except AlreadyEnqueued:
        log.debug("a tick of %s waits already", lane_id)


def read_contacts_soon(lane_id: UUID, connection_id: UUID) -> None:
    """Have the organisation's contacts read before somebody copies many invoices; it is never needed, only quicker."""
    name = f"organisation:{lane_id}"
    try:
        with transaction.atomic():
            _defer(READ_CONTACTS, lock=name, queueing_lock=f"contacts:{connection_id}", connection_id=connection_id)
    except AlreadyEnqueued:
        log.debug("the contacts of %s are about to be read", connection_id)


def search_soon(search_id: UUID, lane_id: UUID) -> None:
    """Defer a slice of a search after commit; a failure is only logged, as above."""
    transaction.on_commit(lambda: search(search_id, lane_id), robust=True)


def search(search_id: UUID, lane_id: UUID) -> None:
    """Defer a slice of a search unless one waits already. It takes its turn among the ticks of its organisation."""
    try:
        with transaction.atomic():
            name = f"organisation:{lane_id}"
            _defer(SEARCH, lock=name, queueing_lock=f"search:{search_id}", search_id=search_id)
    except AlreadyEnqueued:
        log.debug("a slice of search %s waits already", search_id)


def _defer(task: str, *, lock: str, queueing_lock: str, **given: UUID) -> None:
    job = configure_task(name=task, job_manager=_engine, lock=lock, queueing_lock=queueing_lock, queue=QUEUE)
    job.defer(**{name: str(value) for name, value in given.items()})
