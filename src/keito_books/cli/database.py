"""Lend a command the database of a data folder, whether or not `run` has it open."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from keito_books.cli.keys import key_settings
from keito_books.cli.postgres import DatabaseInUseError, EmbeddedPostgres


@contextlib.contextmanager
def lent_database(data: Path) -> Iterator[None]:
    """Put DATABASE_URL and the keys into the environment, unless the operator set them."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = EmbeddedPostgres(data)
    # When `run` owns the server it stays the owner, and we are one more client.
    with contextlib.suppress(DatabaseInUseError):
        server.start()
    try:
        os.environ.update({"DATABASE_URL": server.url(), **key_settings(data.absolute(), os.environ)})
        yield
    finally:
        server.stop()
