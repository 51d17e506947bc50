"""Decide who runs the server. PostgreSQL refuses root, so root hands it to an account without rights."""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from keito_books.cli.postgres.binaries import WHEEL, Binaries
from keito_books.cli.postgres.errors import PostgresError

NAME = "keito-books"
SYSTEM_HOME = Path("/var/lib/keito-books")


class Identity(TypedDict, total=False):
    """What subprocess needs to become another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, folder: Path) -> bool:
        """Ask the operating system, so that access lists and mounts count as they will for the server."""
        answer = subprocess.run(  # noqa: S603  # a fixed command
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=10,
            cwd="/",
            **self.identity,
        )
        return answer.returncode == 0


def server_account() -> Account:
    if os.geteuid() == 0:
        return _own_system_account()
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise PostgresError(
            f"The user with number {os.geteuid()} has no name on this machine, and PostgreSQL needs one. "
            "Add a line for it to /etc/passwd, start as another user, or point DATABASE_URL at a server."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def binaries_for(account: Account, binaries: Binaries) -> Binaries:
    """Return programs that the account may run: for a system account, a copy that only root can change."""
    if binaries.bundle is None or not account.identity:
        return binaries
    home = system_home()
    inside = binaries.directory.relative_to(binaries.bundle)
    fingerprint = _fingerprint(Path(binaries.program("postgres")))
    copy = home / f"postgresql-{binaries.version}-{fingerprint}"
    if not copy.exists():
        _copy_bundle(binaries.directory.parent, binaries.bundle, copy)
    return Binaries(copy / inside, binaries.version, copy)


def system_home() -> Path:
    try:
        SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o755)  # mkdir obeys the umask, and the account has to pass through
    except OSError as error:
        raise PostgresError(
            f"Keito Books, started as root, keeps its database programs in {SYSTEM_HOME} and can't: "
            f"{error.strerror}. Start it as an ordinary user, or point DATABASE_URL at a server."
        ) from error
    return SYSTEM_HOME


def _own_system_account() -> Account:
    found = _account(NAME) or next(_made_accounts(), None) or _account("postgres") or _account("nobody")
    if found is None:
        raise PostgresError(
            "PostgreSQL does not run as root, and no account for it could be made. "
            f"Add a system account named {NAME}, start as an ordinary user, "
            "or point DATABASE_URL at a server."
        )
    return found


def _account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def _made_accounts() -> Iterator[Account]:
    """Try the ways in which systems make an account without a home, a password or a shell."""
    home = str(SYSTEM_HOME)
    ways = (
        f"useradd --system --user-group --no-create-home --home-dir {home} --shell /usr/sbin/nologin {NAME}",
        f"adduser -S -D -H -h {home} -s /sbin/nologin {NAME}",  # BusyBox
    )
    for way in map(str.split, ways):
        if shutil.which(way[0]) is None:
            continue
        subprocess.run(way, capture_output=True, check=False, timeout=30)  # noqa: S603  # fixed commands
        made = _account(NAME)
        if made is not None:
            yield made


def _fingerprint(program: Path) -> str:
    with program.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _copy_bundle(installation: Path, bundle: Path, copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    keep_out = shutil.ignore_patterns("*.a", "pgxs", "include")
    # The wheel keeps shared libraries beside its package, and the programs look for them there.
    parts = [installation, bundle / f"{WHEEL}.libs"]
    try:
        for part in filter(Path.is_dir, parts):
            shutil.copytree(part, unfinished / part.relative_to(bundle), ignore=keep_out)
        _let_all_read(unfinished)
        unfinished.rename(copy)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not copy.exists():  # else another start was quicker
            raise PostgresError(
                f"Keito Books can't copy PostgreSQL's programs to {copy}: {error.strerror}. "
                "Make room there, or start as an ordinary user."
            ) from error


def _let_all_read(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
