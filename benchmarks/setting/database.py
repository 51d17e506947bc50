"""Set Django up on a database of this run alone, on the embedded server of the tests."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh_database() -> Iterator[None]:
    """Make, migrate and drop a database; call before anything of the application is imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keito_books.config.settings")
    os.environ["KEITO_ENVIRONMENT"] = "test"
    os.environ.setdefault("KEITO_LOG_LEVEL", "ERROR")
    from database_server import Session  # noqa: PLC0415

    session = Session.begin()
    os.environ["DATABASE_URL"] = session.database_url(f"bench_{os.getpid()}")
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    # Mails of the demo would stand between the figures.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    logging.disable(logging.WARNING)
    connection.creation.create_test_db(verbosity=0)
    try:
        yield
    finally:
        connection.creation.destroy_test_db("bench", verbosity=0)
        connection.close()
        session.leave(last=True)


def server_pid() -> int:
    """Return the pid of the database server."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('data_directory')")
        folder = cursor.fetchone()[0]
    return int(Path(folder, "postmaster.pid").read_text().splitlines()[0])


def cpu_seconds_below(pid: int) -> float:
    """Return the processor time of a process and of all its children, ended ones included."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == pid:
            total += sum(int(each) for each in fields[11:15])
        elif int(fields[1]) == pid:
            total += sum(int(each) for each in fields[11:13])
    return total / ticks
