"""Say whether this process can do its work: database, migrations, workers; and what is known of the other side."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Max

from keito_books.syncing.models import Lane

# The engine beats every 5 seconds, and takes a worker for dead after four missed ones; see `engine`.
WORKER_SEEN_WITHIN_SECONDS = 20
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """`missing` are migrations that were not applied; `last_call_at` is when anybody last asked the other side."""

    database: bool
    missing: int = 0
    workers: int = 0
    last_call_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Pages work without a worker, which only delays what is sent, so its absence is told and refuses nothing."""
        return self.database and not self.missing


def readiness() -> Readiness:
    """Look with three short queries and no call to anybody else."""
    try:
        missing = len(_known_migrations() - _applied_migrations())
        if missing:
            return Readiness(database=True, missing=missing)
        last_call_at = Lane.objects.aggregate(at=Max("last_call_at"))["at"]
        return Readiness(database=True, workers=_workers_seen(), last_call_at=last_call_at)
    except DatabaseError as problem:
        log.warning("not ready, since the database does not answer: %s", problem.__class__.__name__)
        return Readiness(database=False)


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Return what this release wants; it can't change while the process lives."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {})


def _applied_migrations() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return {(app, name) for app, name in cursor.fetchall()}


def _workers_seen() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [WORKER_SEEN_WITHIN_SECONDS],
        )
        return int(cursor.fetchone()[0])
