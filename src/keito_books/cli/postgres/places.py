"""Choose the folders of one database: its cluster, its socket, its log, and the lock of its one owner."""

import hashlib
import os
import pwd
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from keito_books.cli.postgres.account import Account, system_home
from keito_books.cli.postgres.errors import PostgresError

SOCKET_NAME = ".s.PGSQL.5432"
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing NUL among them.
LONGEST_SOCKET_PATH = 103
POINTER = "postgres.location"


@dataclass(frozen=True, slots=True)
class Places:
    cluster: Path
    socket_dir: Path
    log: Path
    lock: Path


def choose_places(data: Path, account: Account) -> Places:
    cluster = _choose_cluster(data, account)
    return Places(
        cluster=cluster,
        socket_dir=_choose_socket_dir(cluster),
        log=data / "postgres.log",
        lock=cluster.with_name(f"{cluster.name}.lock"),
    )


def make_data_folder(data: Path) -> None:
    """Make the data folder and see that it takes files, or say who else owns it."""
    try:
        if data.is_dir():
            _refuse_anothers_folder(data)
        # Root's server runs as another account, which has to pass through but not to look around.
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        raise PostgresError(
            f"Keito Books can't write to the data folder {data}: {error.strerror}. "
            "Name a folder that it may write to with --data."
        ) from error


def forget_places(places: Places, data: Path) -> None:
    """Remove what points to a database that was removed."""
    places.lock.unlink(missing_ok=True)
    if places.cluster.parent != data:
        (data / POINTER).unlink(missing_ok=True)
        places.cluster.parent.rmdir()


def make_socket_dir(socket_dir: Path, account: Account) -> None:
    """Make the private folder for the socket, and trust no folder that another user put there."""
    try:
        socket_dir.mkdir(mode=0o700, parents=False, exist_ok=True)
        found = socket_dir.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
            raise PostgresError(
                f"{socket_dir}, where the database's socket belongs, was made by someone else. "
                "Remove it, then start again."
            )
        if account.identity:
            os.chown(socket_dir, account.uid, account.gid)
        socket_dir.chmod(0o700)
    except OSError as error:
        raise PostgresError(
            f"Keito Books can't make {socket_dir} for the database's socket: {error.strerror}. "
            "Make its parent writable, then start again."
        ) from error


def _choose_cluster(data: Path, account: Account) -> Path:
    beside = data / "postgres"
    pointer = data / POINTER
    if beside.exists():
        return beside
    if pointer.exists():
        return Path(pointer.read_text().strip())
    if not account.identity or account.can_reach(data):
        return beside
    # Root's home is closed to the server's account, and opening it would open it to everyone.
    elsewhere = system_home() / f"database-{secrets.token_hex(6)}" / "postgres"
    elsewhere.parent.mkdir(mode=0o711)
    elsewhere.parent.chmod(0o711)
    pointer.write_text(f"{elsewhere}\n")
    return elsewhere


def _choose_socket_dir(cluster: Path) -> Path:
    beside = cluster.with_name("socket")
    fits = len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    if fits and "," not in str(beside):  # a comma means several folders to PostgreSQL and its clients
        return beside
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"keito-books-{os.geteuid()}-{name}"


def _refuse_anothers_folder(data: Path) -> None:
    owner = data.stat().st_uid
    if owner != os.geteuid():
        raise PostgresError(
            f"The data folder {data} belongs to {_name_of(owner)}, and you are {_name_of(os.geteuid())}. "
            f"Start as {_name_of(owner)}, or name another folder with --data."
        )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
