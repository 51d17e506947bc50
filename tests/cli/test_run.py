"""One command starts everything, mends it, and takes it all away again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keito_books.cli.ports import ask
from running_stack import free_port

PATIENCE_SECONDS = 60


@pytest.mark.timeout(180)
def test_run_serves_mends_what_is_killed_refuses_a_twin_and_leaves_nothing_behind(data: Path) -> None:
    port, sandbox_port = free_port(), free_port()
    run = _run(data, port, sandbox_port)
    try:
        assert _until(lambda: "Keito Books is ready" in _output(data)), _output(data)
        assert ask(port, "/") is not None
        assert ask(sandbox_port, "/_sandbox/") is not None

        twin = _run(data, free_port(), free_port(), capture=True)
        refusal = twin.communicate(timeout=PATIENCE_SECONDS)[0]
        assert twin.returncode == 1
        assert b"in use by another Keito Books" in refusal
        assert refusal.count(b"\n") == 1

        before = _children(run.pid)
        for name in ("worker", "postgres"):
            os.kill(before[name], signal.SIGKILL)
        assert _until(lambda: _was_replaced(before, _children(run.pid))), _output(data)
        assert _until(lambda: ask(port, "/") is not None)

        everyone = list(_descendants(run.pid))
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=PATIENCE_SECONDS) == 0
        assert [pid for pid in everyone if _is_alive(pid)] == []
    finally:
        run.kill()
        run.wait()


def _run(data: Path, port: int, sandbox_port: int, *, capture: bool = False) -> subprocess.Popen[bytes]:
    output = data.with_name("output.txt").open("wb")
    command = ["run", "--port", str(port), "--sandbox-port", str(sandbox_port), "--data", str(data)]
    with output:
        return subprocess.Popen(
            [sys.executable, "-m", "keito_books.cli", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else output,
            stderr=subprocess.STDOUT,
            env={**_without_a_database(), "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"},
        )


def _without_a_database() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def _output(data: Path) -> str:
    return data.with_name("output.txt").read_text()


def _until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def _children(parent: int) -> dict[str, int]:
    """Return the direct children by what they are."""
    found = {}
    for pid in _descendants(parent):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if int(stat[1]) == parent and stat[0] != "Z":
            command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            found["postgres" if "-D" in command else command[3]] = pid
    return found


def _was_replaced(before: dict[str, int], now: dict[str, int]) -> bool:
    return now.keys() == before.keys() and all(now[name] != before[name] for name in ("worker", "postgres"))


def _descendants(root: int) -> Iterator[int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except FileNotFoundError:
            continue
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        children = [pid for pid, ppid in parents.items() if ppid == parent]
        yield from children
        waiting += children


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
