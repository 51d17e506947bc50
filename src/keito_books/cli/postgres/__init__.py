"""Run PostgreSQL beside the application: one folder, one owner, one private socket, no port."""

from keito_books.cli.postgres.errors import DatabaseInUseError, PostgresError
from keito_books.cli.postgres.server import EmbeddedPostgres

__all__ = ["DatabaseInUseError", "EmbeddedPostgres", "PostgresError"]
