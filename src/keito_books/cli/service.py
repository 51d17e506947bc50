"""Keep one child process running: start it, notice its death, start it again after a growing pause."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from keito_books.cli.children import dies_with_parent, kill_group
from keito_books.cli.logs import open_log

LONGEST_PAUSE_SECONDS = 30.0
SETTLED_AFTER_SECONDS = 60.0


def pause_before_restart(deaths: int) -> float:
    """Return seconds: half a second after the first death in a row, doubling up to half a minute."""
    doublings = min(deaths - 1, 10)  # a float would overflow after a few days of dying
    return min(0.5 * 2.0**doublings, LONGEST_PAUSE_SECONDS)


class Service:
    """A child that always runs. Start it from the main thread: see `dies_with_parent`."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._deaths = 0
        self._start_again_at: float | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def start(self, *, now: float) -> None:
        with open_log(self.log) as log:
            self._process = subprocess.Popen(  # noqa: S603  # commands of our own
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                process_group=0,  # a Ctrl-C reaches us alone, and we end our children in order
                preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509  # see there why it is safe
            )
        self._started_at = now
        self._start_again_at = None

    def keep_alive(self, *, now: float) -> str | None:
        """Start it again when its pause is over. Return a sentence for the operator when something happened."""
        if self._start_again_at is not None:
            return self._start_again(now) if now >= self._start_again_at else None
        code = self.exit_code
        if code is None:
            return None
        self._deaths = 1 if now - self._started_at > SETTLED_AFTER_SECONDS else self._deaths + 1
        pause = pause_before_restart(self._deaths)
        self._start_again_at = now + pause
        return f"The {self.name} {how_it_ended(code)}; starting it again in {pause:g} s. See {self.log}."

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def see_stopped(self, *, patience_seconds: float) -> None:
        """Wait for the end that was asked for, then insist."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(patience_seconds, 0.0))
        except subprocess.TimeoutExpired:
            kill_group(self._process)
            self._process.wait()

    def _start_again(self, now: float) -> str:
        self.start(now=now)
        return f"The {self.name} was started again."


def how_it_ended(code: int) -> str:
    return f"stopped with code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"


def without_our_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a program that is not ours to trust with secrets."""
    ours = ("KEITO_", "XERO_", "DATABASE_URL", "DJANGO_")
    return {name: value for name, value in environ.items() if not name.startswith(ours)}


def child_environment(settings: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **settings}
