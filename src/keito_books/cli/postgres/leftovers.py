"""Clear away what a killed server left behind, after making sure that nothing of it lives."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from keito_books.cli.postgres.errors import PostgresError

WAIT_SECONDS = 20.0
PAUSE_SECONDS = 0.05
PROC = Path("/proc")


def clear_leftovers(cluster: Path, socket_dir: Path) -> None:
    """Remove the lock files of a dead server; end one that lost its supervisor.

    PostgreSQL would refuse to start when a lock file names a process number that exists. After kill -9
    the number may belong to a zombie that nobody reaps (usual in containers) or to a stranger. Only the
    holder of the owner's lock may call this: a server found here is therefore nobody's.
    """
    if not PROC.joinpath("self", "cwd").exists():
        return  # without /proc we can't tell who lives, so PostgreSQL's own careful check decides
    _end_survivors(cluster)
    for name in ("postmaster.pid", "postmaster.opts"):
        cluster.joinpath(name).unlink(missing_ok=True)
    for lock in socket_dir.glob(".s.PGSQL.*"):
        lock.unlink()


def _end_survivors(cluster: Path) -> None:
    # Its supervisor's death made it stop by itself, so the first signal comes only as a reminder.
    for last_words in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        for pid in _living(cluster):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, last_words)
        deadline = time.monotonic() + WAIT_SECONDS
        while any(_living(cluster)):
            if time.monotonic() > deadline:
                break
            time.sleep(PAUSE_SECONDS)
        else:
            return
    raise PostgresError(
        f"Processes of an earlier database server still hold {cluster} and can't be ended "
        f"({', '.join(map(str, _living(cluster)))}). End them, then start again."
    )


def _living(cluster: Path) -> Iterator[int]:
    """Yield the server's processes: each of them works inside its data folder."""
    for entry in PROC.iterdir():
        if not entry.name.isdecimal():
            continue
        with contextlib.suppress(OSError):  # ended meanwhile, or another user's: then not our server
            if entry.joinpath("cwd").samefile(cluster) and _is_running_postgres(entry):
                yield int(entry.name)


def _is_running_postgres(entry: Path) -> bool:
    # "pid (name) state ...". A person's shell may stand in the folder too, and a zombie is not alive.
    name, _, rest = entry.joinpath("stat").read_text().partition("(")[2].rpartition(")")
    return name == "postgres" and rest.split()[0] not in {"Z", "X"}
