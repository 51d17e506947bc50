"""The embedded database keeps every row and keeps to itself, whoever is killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from keito_books.cli.postgres import DatabaseInUseError, EmbeddedPostgres, PostgresError
from keito_books.cli.postgres.account import server_account
from processes import is_alive, soon

SUPERVISE = Path(__file__).with_name("supervise.py")
GONE_WITHIN_SECONDS = 20


@pytest.mark.parametrize("victims", [("postmaster",), ("supervisor",), ("postmaster", "supervisor")])
def test_every_row_is_there_after_kill_9(data: Path, victims: tuple[str, ...]) -> None:
    supervisor, postmaster = _supervised(data)
    _add_row(EmbeddedPostgres(data))
    pids = {"postmaster": postmaster, "supervisor": supervisor.pid}

    for victim in victims:
        os.kill(pids[victim], signal.SIGKILL)
    if "supervisor" not in victims:
        supervisor.terminate()
    supervisor.wait(timeout=GONE_WITHIN_SECONDS)
    server_ended_too = soon(lambda: not is_alive(postmaster))

    with EmbeddedPostgres(data, durable=False) as server:
        assert _rows(server) == [(1,)]
    assert server_ended_too


def test_a_dead_server_is_started_again_by_its_owner(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        _add_row(server)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        assert soon(lambda: not server.is_running)

        server.start()

        assert _rows(server) == [(1,)]


def test_lock_files_that_name_a_process_other_than_the_server_are_no_obstacle(data: Path) -> None:
    # PostgreSQL itself refuses to start here: it only asks whether its account has a process of that number.
    server = EmbeddedPostgres(data)
    with server:
        _add_row(server)
    for lifetime in ("0", "60"):  # a zombie, since nobody waits for it, and a stranger
        process = subprocess.Popen(["sleep", lifetime], **server_account().identity)
        for lock in (data / "postgres" / "postmaster.pid", data / "socket" / ".s.PGSQL.5432.lock"):
            lock.write_text(f"{process.pid}\n{data / 'postgres'}\n{int(time.time())}\n5432\n{data / 'socket'}\n\n\n")

        with server:
            assert _rows(server) == [(1,)]
        process.kill()
        process.wait()


def test_a_second_owner_is_refused_and_the_first_goes_on(shared: EmbeddedPostgres) -> None:
    with pytest.raises(DatabaseInUseError, match=f"in use by another Keito Books .process {os.getpid()}"):
        EmbeddedPostgres(shared.cluster.parent).start()

    assert _rows(shared) == []


def test_a_database_of_another_major_version_is_refused_and_left_alone(data: Path) -> None:
    with EmbeddedPostgres(data, durable=False):
        pass
    version = data / "postgres" / "PG_VERSION"
    version.write_text("12\n")

    with pytest.raises(PostgresError, match=r"made by PostgreSQL 12.*Nothing was changed"):
        EmbeddedPostgres(data).start()

    assert version.read_text() == "12\n"


def test_half_a_database_from_an_interrupted_start_is_made_anew(data: Path) -> None:
    unfinished = data / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(data, durable=False) as server:
        assert _rows(server) == []
    assert not unfinished.exists()


def test_a_closed_folder_stays_closed(tmp_path: Path) -> None:
    # pytest's folders are closed to all others, as a home is; root's server runs as another account.
    home = tmp_path / "home"
    home.mkdir(mode=0o700)

    with EmbeddedPostgres(home / "data", durable=False) as server:
        assert _rows(server) == []
        assert [_mode(folder) for folder in (home, tmp_path)] == [0o700, 0o700]

    server.destroy()
    assert not server.cluster.exists()


@pytest.mark.parametrize(
    "name", ["a-long-name-" * 15, "Bücher, Küche", 'it\'s "quoted" and spaced'], ids=["long", "comma", "quotes"]
)
def test_any_name_of_a_folder_will_do_and_the_socket_stays_private(data: Path, name: str) -> None:
    # A socket's path has 107 bytes at most, and a comma divides several folders.
    with EmbeddedPostgres(data / name, durable=False) as server:
        socket_dir = Path(unquote(server.url().partition("host=")[2]))
        assert _rows(server) == []
        assert _mode(socket_dir) == 0o700

    server.destroy()
    assert not socket_dir.exists()


def test_only_a_private_socket_listens(shared: EmbeddedPostgres) -> None:
    with psycopg.connect(shared.url()) as connection:
        listening = connection.execute("SELECT current_setting('listen_addresses')").fetchone()

    assert listening == ("",)
    assert _mode(shared.cluster.with_name("socket")) == 0o700


def test_whoever_falls_asleep_in_a_transaction_does_not_hold_its_rows_for_ever(shared: EmbeddedPostgres) -> None:
    with psycopg.connect(shared.url()) as connection:
        row = connection.execute("SHOW idle_in_transaction_session_timeout").fetchone()

    assert row == ("1min",)


def test_text_is_unicode_and_case_is_understood_beyond_ascii(shared: EmbeddedPostgres) -> None:
    with psycopg.connect(shared.url()) as connection:
        row = connection.execute("SELECT upper('žluťoučký kůň'), current_setting('server_encoding')").fetchone()

    assert row == ("ŽLUŤOUČKÝ KŮŇ", "UTF8")


@pytest.mark.parametrize("programs", [str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")] or [""])
def test_another_postgresql_can_take_its_place(data: Path, programs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEITO_POSTGRES_BIN", programs)

    with EmbeddedPostgres(data, durable=False) as server, psycopg.connect(server.url()) as connection:
        major = connection.info.server_version // 10_000

    assert major >= 15
    assert programs in ("", f"/usr/lib/postgresql/{major}/bin")


def test_programs_that_are_not_there_are_named(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEITO_POSTGRES_BIN", str(tmp_path))

    with pytest.raises(PostgresError, match="no working postgres and initdb"):
        EmbeddedPostgres(data)

    monkeypatch.undo()


def _supervised(data: Path) -> tuple[subprocess.Popen[str], int]:
    supervisor = subprocess.Popen(
        [sys.executable, str(SUPERVISE), str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert supervisor.stdout is not None
    with supervisor.stdout:
        return supervisor, int(supervisor.stdout.readline())


def _add_row(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def _rows(server: EmbeddedPostgres) -> list[tuple[int]]:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        return connection.execute("SELECT id FROM kept").fetchall()


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
