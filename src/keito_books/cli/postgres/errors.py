"""Name the errors of this package."""

from keito_books.cli.errors import CommandError


class PostgresError(CommandError):
    """The embedded database can't be used."""


class DatabaseInUseError(PostgresError):
    """Another process owns it, and its server is up or coming up."""
