"""What comes before Python and its packages: finding one, and fetching the others only when they changed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", ["run", "test"])
def test_without_a_new_enough_python_one_sentence_says_what_to_install(tmp_path: Path, command: str) -> None:
    dirname = shutil.which("dirname")
    assert dirname
    tmp_path.joinpath("dirname").symlink_to(dirname)

    done = subprocess.run(
        ["/bin/sh", str(ROOT / command)], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3 python3-pip" in done.stderr


def test_without_pip_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    project = _project_with(tmp_path, "environment.py", "start.py")
    without_pip = (
        "import sys; sys.modules['pip'] = sys.modules['ensurepip'] = None; sys.argv = ['x']; import start; start.main()"
    )

    done = _python(project, without_pip)

    assert done.returncode == 1
    assert "Keito Books did not start. This Python has no pip" in done.stderr
    assert "apt-get install python3-pip" in done.stderr


def test_an_environment_for_the_tests_does_for_running_too() -> None:
    # bootstrap/start.py relies on it.
    runtime, development = (_pins(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))

    assert runtime
    assert runtime <= development


def _project_with(folder: Path, *names: str) -> Path:
    (folder / "bootstrap").mkdir()
    for name in names:
        shutil.copy(ROOT / "bootstrap" / name, folder / "bootstrap" / name)
    (folder / "requirements.lock").write_text("")
    (folder / "requirements-dev.lock").write_text("")
    return folder


def _python(project: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["python3", "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(project / "bootstrap")},
        capture_output=True,
        text=True,
        check=False,
    )


def _pins(lock: Path) -> set[str]:
    return set(re.findall(r"^[a-z0-9-]+(?:\[[^]]*\])?==\S+", lock.read_text(), re.MULTILINE))
