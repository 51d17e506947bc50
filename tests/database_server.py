"""One PostgreSQL server for a whole test session, started by the first test that asks for a database.

Everyone in the session (pytest and its parallel workers) holds a shared lock. The holder of the server,
a process of its own, waits for that lock alone: it gets it when the last of them has ended, however they
ended, and then it stops the server and sweeps up.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SESSION = "KEITO_TEST_SESSION"
START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 30
PREFIX = "keito-tests-"
STALE_AFTER_SECONDS = 3600
PLENTY_BYTES = 2_000_000_000


class Session:
    """The folder that the processes of one test session share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._membership: int | None = None

    @classmethod
    def begin(cls) -> "Session":
        folder = _make_quick_folder()
        _sweep_up(folder.parent)
        os.environ[SESSION] = str(folder)
        return cls.join()

    @classmethod
    def join(cls) -> "Session":
        session = cls(Path(os.environ[SESSION]))
        session._membership = _lock(session.folder / "members.lock", fcntl.LOCK_SH)
        return session

    def leave(self, *, last: bool) -> None:
        if self._membership is not None:
            os.close(self._membership)
        if last and not self._url_file.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while last and self.folder.exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def database_url(self, database: str) -> str:
        """Return the address of a database on the session's server, whether or not it exists."""
        url = os.environ.get("DATABASE_URL")
        if not url:
            self._start_once()
            url = self._url_file.read_text()
        return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))

    @property
    def _url_file(self) -> Path:
        return self.folder / "url"

    def _start_once(self) -> None:
        turn = _lock(self.folder / "start.lock", fcntl.LOCK_EX)
        try:
            if not self._url_file.exists():
                _start_holder(self.folder)
        finally:
            os.close(turn)


def hold(folder: Path) -> None:
    """Run the server until nobody is left in the session."""
    from keito_books.cli.postgres import EmbeddedPostgres  # noqa: PLC0415  # only the holder needs its weight

    with EmbeddedPostgres(folder / "database", durable=False) as server:
        unfinished = folder / "url.new"
        unfinished.write_text(server.url())
        unfinished.rename(folder / "url")
        os.close(_lock(folder / "members.lock", fcntl.LOCK_EX))
        cluster = server.cluster
    shutil.rmtree(cluster.parent)  # perhaps outside the folder, when root's server could not reach it
    shutil.rmtree(folder)


def _start_holder(folder: Path) -> None:
    log = folder / "holder.log"
    with log.open("wb") as file:
        holder = subprocess.Popen(  # this file, run by this Python
            [sys.executable, __file__, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # a Ctrl-C is meant for pytest
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not folder.joinpath("url").exists():
        if holder.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The database for the tests did not start: {log.read_text()}")
        time.sleep(0.02)
    holder.returncode = 0  # it outlives us on purpose, and Popen would warn about that


def _make_quick_folder() -> Path:
    """Return a new folder, in memory if there is plenty, where a database loses nothing but time to the disk."""
    memory = Path("/dev/shm")  # noqa: S108  # a folder of our own with a random name is made in it
    in_memory = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > PLENTY_BYTES
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=memory if in_memory else None))
    folder.chmod(0o711)  # root's server runs as another account
    return folder


def _sweep_up(parent: Path) -> None:
    """Remove what sessions left that were killed before they had a holder."""
    for members in parent.glob(f"{PREFIX}*/members.lock"):
        with contextlib.suppress(OSError):  # somebody is in it, or it is another user's
            if members.stat().st_mtime < time.time() - STALE_AFTER_SECONDS:
                lock = _lock(members, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(members.parent, ignore_errors=True)
                os.close(lock)


def _lock(path: Path, kind: int) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(file, kind)
    return file


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
