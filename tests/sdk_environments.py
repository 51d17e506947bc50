"""Environments that hold one of Xero's SDKs and nothing else, made once for each content of their lock."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "tests" / "xero_sandbox" / "sdks"
CACHE = ROOT / ".sdks"  # ignored by git
INSTALL_SECONDS = 240


def python_environment() -> Path:
    """Return the interpreter of an environment with xero-python."""
    lock = HERE / "python" / "requirements.lock"

    def install(folder: Path) -> None:
        _run([sys.executable, "-m", "venv", str(folder)], folder)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        _run([*pip, "install", "--quiet", "--require-hashes", "-r", str(lock)], folder)

    return _made_once(f"python{sys.version_info.minor}", lock, install) / "bin" / "python"


def node_modules() -> Path:
    """Return the folder of modules with xero-node."""
    lock = HERE / "node" / "package-lock.json"

    def install(folder: Path) -> None:
        for file in (lock, HERE / "node" / "package.json"):
            shutil.copy(file, folder)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder)

    return _made_once("node", lock, install) / "node_modules"


def _made_once(kind: str, lock: Path, install: Callable[[Path], None]) -> Path:
    """Build beside the place and move there at the end, so that nobody finds half of it."""
    place = CACHE / f"{kind}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if place.exists():
        return place
    CACHE.mkdir(exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=CACHE))
    install(building)
    try:
        building.rename(place)
    except OSError:  # another process was quicker
        shutil.rmtree(building)
    return place


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} failed. Is the package registry reachable?\n{done.stderr[-2000:]}")
