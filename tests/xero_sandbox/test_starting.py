"""Starting and stopping the sandbox as a process."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import xero_sandbox


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # our own program
        [sys.executable, "-m", "xero_sandbox", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    return line[line.index("http") :].strip().removesuffix("/_sandbox/")


def test_it_prints_its_address_answers_and_keeps_its_state_when_stopped(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = start("--port", "0", "--state", str(state))
    try:
        address = address_of(process)
        with urllib.request.urlopen(f"{address}/_sandbox/", timeout=5) as reply:  # our own http address
            shown = reply.read().decode()
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=10)

    assert "Harbour &amp; Finch Ltd" in shown
    assert process.returncode == 0
    assert complaints == ""
    assert json.loads(state.read_text())["seed"] == "demo"


def test_it_starts_again_from_its_state_file(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    for _ in range(2):
        process = start("--port", "0", "--state", str(state))
        address_of(process)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)

    assert process.returncode == 0


def test_a_port_in_use_is_one_sentence_and_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        _, complaints = process.communicate(timeout=10)

    assert process.returncode == 1
    assert complaints == (
        f"xero-sandbox: port {port} on 127.0.0.1 is in use. Stop what uses it, or choose another with --port.\n"
    )


def test_a_damaged_state_file_is_one_sentence_and_is_left_alone(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("{")
    process = start("--port", "0", "--state", str(state))
    _, complaints = process.communicate(timeout=10)

    assert process.returncode == 1
    assert "is no saved state" in complaints
    assert complaints.count("\n") == 1
    assert state.read_text() == "{"


def test_the_fixture_of_the_readme_gives_each_test_a_fresh_sandbox(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["xero_sandbox.pytest_plugin"]\n')
    (tmp_path / "test_theirs.py").write_text(
        """
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_a_consent(xero_sandbox, number):
    assert xero_sandbox.requests() == []
    assert xero_sandbox.grant(["Harbour & Finch Ltd"])["access_token"]
    xero_sandbox.bookkeeper("Harbour & Finch Ltd", "rename contact", contact="Pennine Trail Rail", name="Renamed")
"""
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django", str(tmp_path)]

    found_here = os.environ | {"PYTHONPATH": str(Path(xero_sandbox.__file__).parents[1])}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=found_here, timeout=60, check=False)

    assert "2 passed" in ran.stdout, ran.stdout
