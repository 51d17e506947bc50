"""Name the one error of this package: its text is written for whoever started the command."""


class PostgresError(Exception):
    """The embedded database can't be used; the message says why and what to do."""
