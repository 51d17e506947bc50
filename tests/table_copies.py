"""Remember the contents of all tables and bring them back in a moment, under the eyes of running processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

# What the processes themselves rely on while they run: which migrations were applied, which workers live.
KEPT = ("django_migrations", "procrastinate_workers")
# A tick that happened to be under way would come back as one that never ends, and hold its lock.
DISPOSABLE = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")
ATTEMPTS_MAX = 5

TABLES = """
    SELECT quote_ident(tablename) FROM pg_tables
    WHERE schemaname = 'public' AND NOT tablename = ANY(%s) ORDER BY tablename
"""


@dataclass(frozen=True)
class TableCopies:
    url: str
    contents: dict[str, bytes]

    @classmethod
    def of(cls, url: str) -> TableCopies:
        with psycopg.connect(url) as connection:
            tables = [name for (name,) in connection.execute(TABLES, [list(KEPT)])]
            contents = {table: b"" if table in DISPOSABLE else b"".join(_read(connection, table)) for table in tables}
            return cls(url, contents)

    def restore(self) -> None:
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                self._restore()
            except psycopg.errors.DeadlockDetected:
                # A process was in the middle of its own transaction; it or we had to give way.
                if attempt == ATTEMPTS_MAX:
                    raise
            else:
                return

    def _restore(self) -> None:
        with psycopg.connect(self.url) as connection:
            # Our triggers forbid to empty the audit trail, and references would dictate an order.
            connection.execute("SET session_replication_role = replica")
            # Numbers go on from where they are: a worker may still finish a job of the journey before, by its number.
            connection.execute(_statement(f"TRUNCATE {', '.join(self.contents)} CASCADE"))
            for table, content in self.contents.items():
                if content:
                    with connection.cursor().copy(_statement(f"COPY {table} FROM STDIN (FORMAT binary)")) as copy:
                        copy.write(content)


def _read(connection: psycopg.Connection[tuple[str]], table: str) -> Iterator[bytes]:
    with connection.cursor().copy(_statement(f"COPY {table} TO STDOUT (FORMAT binary)")) as copy:
        for chunk in copy:
            yield bytes(chunk)


def _statement(text: str) -> sql.Composed:
    # The names come from the database, quoted by it.
    return sql.Composed([sql.SQL(text)])
