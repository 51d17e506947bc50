"""Supervise one PostgreSQL server: start it, notice its end, stop it with us."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from keito_books.cli.children import dies_with_parent, end
from keito_books.cli.logs import last_words, open_log
from keito_books.cli.postgres import cluster
from keito_books.cli.postgres.account import Account, binaries_for, server_account
from keito_books.cli.postgres.binaries import Binaries, find_binaries
from keito_books.cli.postgres.errors import PostgresError
from keito_books.cli.postgres.leftovers import clear_leftovers
from keito_books.cli.postgres.owner import take_ownership
from keito_books.cli.postgres.places import choose_places, forget_places, make_data_folder, make_socket_dir

DATABASE = "keito"
START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 20.0
PAUSE_SECONDS = 0.01

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    # A worker that is frozen in the middle of a transaction must not hold its rows for as long as it sleeps.
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
HURRIED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """The server of one data folder, as a direct child of ours.

    Start it from the main thread, since it stops by itself when the thread that started it ends.
    With `durable=False` it is quicker and a power cut may lose everything: for tests.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        make_data_folder(data)
        self._account: Account = server_account()
        self._binaries: Binaries = binaries_for(self._account, find_binaries())
        self._data = data.absolute()
        self._places = choose_places(self._data, self._account)
        self._durable = durable
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def cluster(self) -> Path:
        return self._places.cluster

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url(self, database: str = DATABASE) -> str:
        # As a parameter, since programs may lower the case of what stands where a host name stands.
        return f"postgresql://{cluster.ROLE}@/{database}?host={quote(str(self._places.socket_dir))}"

    def claim(self) -> None:
        """Become the owner without starting yet. Raises DatabaseInUseError when another process is."""
        if self._lock is None:
            self._lock = take_ownership(self._places.lock)

    def start(self) -> None:
        """Return when the server answers. After its death, call this again."""
        self.claim()
        try:
            self._prepare()
            self._launch()
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._process is not None:
            end(self._process, kindly=signal.SIGINT, patience_seconds=STOP_TIMEOUT_SECONDS)
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def destroy(self) -> None:
        """Remove the database and all it holds. The server must be stopped."""
        self.claim()
        clear_leftovers(self.cluster, self._places.socket_dir)
        for folder in (self.cluster, self._places.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)
        forget_places(self._places, self._data)
        self.stop()

    def _prepare(self) -> None:
        places = self._places
        if places.cluster.exists():
            cluster.refuse_another_owner(places.cluster, self._account)
            cluster.refuse_another_major(places.cluster, self._binaries)
        else:
            cluster.make_cluster(places.cluster, self._binaries, self._account, durable=self._durable)
        make_socket_dir(places.socket_dir, self._account)
        clear_leftovers(places.cluster, places.socket_dir)
        cluster.admit_only_us(places.cluster, self._account)

    def _launch(self) -> None:
        with open_log(self._places.log) as log:
            self._process = subprocess.Popen(  # noqa: S603  # the command was put together here
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=cluster.ENVIRONMENT,
                cwd="/",
                process_group=0,
                # SIGINT is PostgreSQL's quick and clean stop.
                preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509  # no threads are needed here
                **self._account.identity,
            )
        self._wait_until_ready(self._process)

    def _command(self) -> list[str]:
        settings = SETTINGS | ({} if self._durable else HURRIED)
        socket_dir = str(self._places.socket_dir).replace('"', '""')
        settings["unix_socket_directories"] = f'"{socket_dir}"'
        return [
            self._binaries.program("postgres"),
            *("-D", str(self._places.cluster)),
            *(f"--{name}={value}" for name, value in settings.items()),
        ]

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        pid_file = self._places.cluster / "postmaster.pid"
        while not _says_ready(pid_file, process.pid):
            if process.poll() is not None:
                raise PostgresError(f"PostgreSQL did not start. Its last words: {last_words(self._places.log)}")
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"PostgreSQL was not ready within {START_TIMEOUT_SECONDS:.0f} seconds. "
                    f"Its last words: {last_words(self._places.log)}"
                )
            time.sleep(PAUSE_SECONDS)

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=10) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if known.rowcount == 0:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def _says_ready(pid_file: Path, pid: int) -> bool:
    """Read what PostgreSQL itself writes for pg_ctl: its number first, its state in the eighth line."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004
