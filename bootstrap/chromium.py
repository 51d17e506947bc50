"""Find the machine's Chromium for the browser tests, or have the system's package manager install it."""

import os
import shutil
import subprocess

from environment import SetupError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_TIMEOUT_SECONDS = 900


def find_or_install() -> str:
    found = _find() or (_install() and _find())
    if not found:
        raise SetupError(
            "The browser tests need Chromium, and there is none. "
            "Install it (on Debian: sudo apt-get install chromium), "
            "name it in KEITO_CHROMIUM, or leave the browser out with ./test --fast."
        )
    return found


def _find() -> str | None:
    return os.environ.get("KEITO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _install() -> bool:
    """Return whether there was a way to try."""
    apt = shutil.which("apt-get")
    rise = _way_to_root()
    if apt is None or rise is None:
        return False
    print("Installing Chromium with apt-get (once) ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(  # noqa: S603  # fixed commands
            [*rise, apt, *arguments],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=APT_TIMEOUT_SECONDS,
        )
        if done.returncode != 0:
            print(done.stdout, done.stderr, sep="\n", flush=True)
    return True


def _way_to_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    may = subprocess.run([sudo, "-n", "true"], check=False, capture_output=True)  # noqa: S603  # asks nobody
    return [sudo, "-n"] if may.returncode == 0 else None
