"""Name what a command may fail with; the text is written for whoever typed the command."""

SORRY = "Keito Books stopped. "
"""How each command begins to say why it can't go on."""


class CommandError(Exception):
    """The command can't go on; the message says why and what to do."""
