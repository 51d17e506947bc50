"""One command starts everything, mends it, and takes it all away again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keito_books.cli.ports import ask
from processes import children, command_line, descendants, is_alive, soon
from running_stack import free_port

PATIENCE_SECONDS = 100


@pytest.mark.timeout(400)
def test_run_serves_mends_what_is_killed_refuses_a_twin_and_leaves_nothing_behind(data: Path) -> None:
    port, sandbox_port = free_port(), free_port()
    run = _run(data, port, sandbox_port)
    try:
        assert _soon(lambda: "Keito Books is ready" in _output(data)), _output(data)
        assert ask(port, "/") is not None
        assert ask(sandbox_port, "/_sandbox/") is not None

        twin = _run(data, port, sandbox_port, capture=True)
        refusal = twin.communicate(timeout=PATIENCE_SECONDS)[0]
        assert twin.returncode == 1
        assert b"in use by another Keito Books" in refusal
        assert refusal.count(b"\n") == 1

        assert "Ada Byron may sign in" in _found_a_workspace(data)

        before = _by_name(run)
        for name in ("worker", "postgres"):
            os.kill(before[name], signal.SIGKILL)
        assert _soon(lambda: _was_replaced(before, _by_name(run))), _output(data)
        assert _soon(lambda: ask(port, "/") is not None)

        everyone = list(descendants(run.pid))
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=PATIENCE_SECONDS) == 0
        assert [pid for pid in everyone if is_alive(pid)] == []
    finally:
        run.kill()
        run.wait()


def _run(data: Path, port: int, sandbox_port: int, *, capture: bool = False) -> subprocess.Popen[bytes]:
    output = data.with_name("output.txt").open("wb")
    command = ["run", "--port", str(port), "--sandbox-port", str(sandbox_port), "--data", str(data), "--no-demo"]
    with output:
        return subprocess.Popen(
            [sys.executable, "-m", "keito_books.cli", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else output,
            stderr=subprocess.STDOUT,
            env={**_without_a_database(), "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"},
        )


def _found_a_workspace(data: Path) -> str:
    """Use a command that borrows the database from `run`."""
    command = ["found", "Lovelace & Co", "--email", "ada@example.com", "--name", "Ada Byron", "--data", str(data)]
    return subprocess.run(
        [sys.executable, "-m", "keito_books.cli", *command],
        env={
            **_without_a_database(),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "KEITO_FOUNDER_PASSWORD": "correct horse battery",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _without_a_database() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def _output(data: Path) -> str:
    return data.with_name("output.txt").read_text()


def _soon(true: Callable[[], bool]) -> bool:
    return soon(true, within_seconds=PATIENCE_SECONDS)


def _by_name(run: subprocess.Popen[bytes]) -> dict[str, int]:
    """Return the direct children by what they are: postgres, xero_sandbox's port option, web, worker."""
    found = {}
    for pid in children(run.pid):
        command = command_line(pid)
        if len(command) > 3:  # between fork and exec it still looks like something else
            found["postgres" if "-D" in command else command[3]] = pid
    return found


def _was_replaced(before: dict[str, int], now: dict[str, int]) -> bool:
    return now.keys() == before.keys() and all(now[name] != before[name] for name in ("worker", "postgres"))
