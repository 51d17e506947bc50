"""A PostgreSQL database of the simulation's own: each schedule begins with the same rows, each actor has a connection.

PostgreSQL and not SQLite in memory, although that would be faster: row locks, `FOR UPDATE OF`, unique constraints in
which nulls are equal and the outcome of racing statements are what holds the promises, and only PostgreSQL has them.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper

ACTORS_MAX = 12
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def set_up_django() -> Callable[[str], str]:
    """Start Django for a command, and return how to find a database on a server that lives as long as the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keito_books.config.settings")
    os.environ.setdefault("KEITO_ENVIRONMENT", "test")
    import django  # noqa: PLC0415  settings are read from the environment that was just set

    from database_server import Session  # noqa: PLC0415  only the commands need a session of their own

    session = Session.begin()
    atexit.register(session.leave, last=True)
    django.setup()
    return session.database_url


@dataclass(frozen=True, slots=True)
class Database:
    """One migrated database; `home` is the connection for whatever happens outside an actor's turn."""

    home: BaseDatabaseWrapper
    settings: dict[str, Any]
    url: str

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Let Django's default connection lead here in this block."""
        before = connections["default"]
        connections["default"] = self.home
        try:
            yield
        finally:
            connections["default"] = before

    @contextmanager
    def actors_connections(self) -> Iterator[list[BaseDatabaseWrapper]]:
        """Yield connections for actors, kept open from schedule to schedule."""
        with ExitStack() as stack:
            opened: list[BaseDatabaseWrapper] = []
            for _ in range(ACTORS_MAX):
                database = DatabaseWrapper(self.settings, "default")
                stack.callback(database.close)
                opened.append(database)
            yield opened


@contextmanager
def own_database(url_of: Callable[[str], str], name: str) -> Iterator[Database]:
    """Make and migrate a database, and drop it when the block ends. `url_of` finds one by its name."""
    from keito_books.config import env  # noqa: PLC0415  it may be imported once Django's settings are known

    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        settings = connections.configure_settings({"default": env.database(url_of(name))})["default"]
        settings["CONN_HEALTH_CHECKS"] = False
        database = Database(DatabaseWrapper(settings, "default"), settings, url_of(name))
        try:
            with database.in_use():
                call_command("migrate", verbosity=0)
            yield database
        finally:
            database.home.close()
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Snapshot:
    """The rows of all tables as they were when it was taken; `restore` brings back those that were changed."""

    def __init__(self, database: Database) -> None:
        self.raw: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
            database.url, autocommit=True, prepare_threshold=3
        )
        self._tables = [name for (name,) in self.raw.execute(_TABLES)]
        self.raw.execute("SET session_replication_role = replica")
        self.raw.execute("CREATE SCHEMA remembered")
        for table in self._tables:
            self.raw.execute(f'CREATE TABLE remembered."{table}" AS TABLE public."{table}"')
            # Nothing may tidy up at moments of its own: where a row lies decides the order of unordered reads.
            self.raw.execute(f'ALTER TABLE public."{table}" SET (autovacuum_enabled = false)')

    def restore(self, changed: Iterable[str]) -> None:
        names = sorted(changed)
        if not names:
            return
        # Not TRUNCATE: that makes new files for each table and index, and takes ten times as long.
        emptied = "; ".join(f'DELETE FROM public."{name}"' for name in names)
        copies = "; ".join(
            f'INSERT INTO public."{name}" OVERRIDING SYSTEM VALUE SELECT * FROM remembered."{name}"' for name in names
        )
        self.raw.execute(f"BEGIN; {emptied}; {copies}; COMMIT")

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.raw.execute(sql, values).fetchall()

    def tidy(self) -> None:
        """Give back the room of rows that are gone."""
        self.raw.execute("VACUUM")

    def close(self) -> None:
        self.raw.close()
