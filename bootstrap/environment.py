"""Make the virtual environment from a lock file with hashes, with nothing but Python's own library and pip."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin" / "python"
STAMP = HOME / "made-from"


class SetupError(Exception):
    """The environment can't be made; the message says why and what to do."""


def ensure(*lock_names: str) -> Path:
    """Return the Python of an environment that holds the first of these locks, or already holds another one.

    Name the smallest first: a bigger environment does for it.
    """
    try:
        with _alone():
            wanted = {name: _fingerprint(ROOT / name) for name in lock_names}
            if not (STAMP.exists() and STAMP.read_text() in wanted.values() and _works()):
                _make(lock_names[0])
                STAMP.write_text(wanted[lock_names[0]])
            _show_our_sources()
    except OSError as problem:
        raise SetupError(
            f"The environment in {HOME} can't be made or read: {problem.strerror} ({problem.filename}). "
            "Start as the owner of the project's folder, or clone it into a folder of your own."
        ) from problem
    return PYTHON


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let a second ./run or ./test wait until the first has made the environment."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _fingerprint(lock: Path) -> str:
    # The place counts, since an environment does not survive being moved or copied; so does the Python.
    seen = f"{HOME} {sys.version} ".encode() + lock.read_bytes()
    return hashlib.sha256(seen).hexdigest()


def _works() -> bool:
    try:
        return subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0  # noqa: S603
    except OSError:
        return False


def _make(lock_name: str) -> None:
    started = time.monotonic()
    print("Making the environment in .venv from", lock_name, "(the first time takes a while) ...", flush=True)
    STAMP.unlink(missing_ok=True)
    has_pip = importlib.util.find_spec("pip") is not None
    if not has_pip and importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "This Python has no pip to fetch packages with. On Debian: apt-get install python3-pip; "
            "elsewhere install your system's pip for Python 3, then start again."
        )
    if not _works():
        _make_folder(with_pip=not has_pip)
    # pip itself comes from outside, which is quicker and works without Debian's python3-venv.
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)] if has_pip else [str(PYTHON), "-m", "pip"]
    _install(pip, ROOT / lock_name)
    print(f"Made the environment in {time.monotonic() - started:.0f} s.", flush=True)


def _make_folder(*, with_pip: bool) -> None:
    command = [sys.executable, "-m", "venv", "--clear", *(() if with_pip else ("--without-pip",)), str(HOME)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # ours
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        raise SetupError(
            f"Python could not make an environment in {HOME}; it said: {said[-1]}. "
            "See that the folder can be written to and, on Debian, apt-get install python3-venv."
        )


def _install(pip: list[str], lock: Path) -> None:
    # The lock names every package, so there is nothing for pip to work out (--no-deps, a quarter of the time).
    command = [
        *pip,
        *("install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)),
        *("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"),
    ]
    # A person's own pip settings may ask for --user, which an environment refuses.
    done = subprocess.run(  # noqa: S603  # the command was put together here
        command, check=False, capture_output=True, text=True, env={**os.environ, "PIP_USER": "0"}
    )
    if done.returncode != 0:
        errors = re.findall(r"^ERROR: (.*)", done.stderr, re.MULTILINE) or [done.stderr.strip()]
        raise SetupError(
            f"pip could not install the packages that {lock.name} names; it said: {errors[0]} "
            "See that this machine reaches the package index (pip's own settings count), then start again."
        )


def _show_our_sources() -> None:
    # A path file is all that an editable install would leave behind, and it needs no build tool.
    packages = next(HOME.glob("lib/python3*/site-packages"))
    path_file = packages / "keito-books.pth"
    line = f"{ROOT / 'src'}\n"
    if not path_file.exists() or path_file.read_text() != line:
        path_file.write_text(line)
