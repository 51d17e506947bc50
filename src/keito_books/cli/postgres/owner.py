"""Let one process own a database at a time. The kernel drops the lock with its holder, however it ends."""

import fcntl
import os
from pathlib import Path

from keito_books.cli.postgres.errors import DatabaseInUseError


def take_ownership(lock: Path) -> int:
    """Return the open lock file; closing it gives the database up."""
    file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(file, 20).decode().strip() or "unknown"
        os.close(file)
        raise DatabaseInUseError(
            f"The database in {lock.parent} is in use by another Keito Books (process {owner}). "
            "Stop that one first, or name another data folder with --data."
        ) from None
    os.ftruncate(file, 0)
    os.write(file, f"{os.getpid()}\n".encode())
    return file
