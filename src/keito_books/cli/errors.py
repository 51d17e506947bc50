"""Name what a command may fail with; the text is written for whoever typed the command."""


class CommandError(Exception):
    """The command can't go on; the message says why and what to do."""
