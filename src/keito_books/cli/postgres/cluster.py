"""Make the folder in which PostgreSQL keeps its tables, and refuse one that these programs can't read."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from keito_books.cli.postgres.account import Account
from keito_books.cli.postgres.binaries import Binaries
from keito_books.cli.postgres.errors import PostgresError

ROLE = "keito"
INITDB_TIMEOUT_SECONDS = 120
FIRST_MAJOR_WITH_BUILTIN_LOCALE = 17

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"}
"""What the server's programs see: nothing of ours, and so none of our secrets."""


def make_cluster(cluster: Path, binaries: Binaries, account: Account, *, durable: bool) -> None:
    """Make the cluster in a folder beside it and move it in place, so that half of one is never found."""
    unfinished = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account.identity:
        os.chown(unfinished, account.uid, account.gid)
    command = [
        *(binaries.program("initdb"), "--pgdata", str(unfinished), "--username", ROLE, "--encoding", "UTF8"),
        *("--auth-local", "peer", "--auth-host", "reject"),
        *_locale_options(binaries.major),
        *(() if durable else ("--no-sync",)),
    ]
    done = subprocess.run(  # noqa: S603  # the command was put together here
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=INITDB_TIMEOUT_SECONDS,
        env=ENVIRONMENT,
        cwd="/",
        **account.identity,
    )
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise PostgresError(
            f"PostgreSQL {binaries.version} could not make a database in {cluster}. "
            f"It said: {' '.join(done.stderr.split())}"
        )
    unfinished.rename(cluster)


def refuse_another_major(cluster: Path, binaries: Binaries) -> None:
    version = cluster.joinpath("PG_VERSION").read_text().strip()
    if version != str(binaries.major):
        raise PostgresError(
            f"The database in {cluster} was made by PostgreSQL {version}, and the PostgreSQL found here "
            f"({binaries.directory}) is {binaries.version}, which can't read it. Nothing was changed. "
            f"Name the programs of PostgreSQL {version} in KEITO_POSTGRES_BIN, "
            "or dump the database with them and load it into a new data folder."
        )


def refuse_another_owner(cluster: Path, account: Account) -> None:
    owner = cluster.stat().st_uid
    if owner != account.uid:
        raise PostgresError(
            f"The database in {cluster} belongs to the user with number {owner}, and the server would run "
            f"as {account.name} ({account.uid}). Nothing was changed. Start as the user who made it, "
            "or name another data folder with --data."
        )


def admit_only_us(cluster: Path, account: Account) -> None:
    """Let in whoever runs the application and whoever runs the server; the kernel vouches for the names."""
    names = {account.name, pwd.getpwuid(os.geteuid()).pw_name}
    hba = f"local all {ROLE} peer map=keito\n"
    ident = "".join(f'keito "{name}" {ROLE}\n' for name in sorted(names))
    for name, text in (("pg_hba.conf", hba), ("pg_ident.conf", ident)):
        _replace(cluster / name, text, account)


def _replace(path: Path, text: str, account: Account) -> None:
    # The folder is the server's. Root, writing there, must not follow a link that the server could plant.
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        os.write(file, text.encode())
        if account.identity:
            os.fchown(file, account.uid, account.gid)
    finally:
        os.close(file)


def _locale_options(major: int) -> tuple[str, ...]:
    if major < FIRST_MAJOR_WITH_BUILTIN_LOCALE:
        return ("--locale", "C.UTF-8")
    # Built in, so that a change of the machine's C library can never corrupt an index.
    return ("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8")
