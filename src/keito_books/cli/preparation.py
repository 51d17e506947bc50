"""Bring the database up to date before anything uses it, in a child, and learn what to tell the newcomer."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from keito_books.cli.children import dies_with_parent, kill_group
from keito_books.cli.errors import SORRY, CommandError
from keito_books.cli.logs import last_words, open_log
from keito_books.cli.plan import Plan
from keito_books.cli.service import child_environment
from keito_books.cli.stop import StopRequest


@dataclass(frozen=True, slots=True)
class SignIn:
    name: str
    role: str
    workspace: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Prepared:
    sign_ins: list[SignIn]
    """Empty unless the demo is in the database."""

    xero_redirect: str


def prepare(plan: Plan, settings: Mapping[str, str], stop: StopRequest) -> Prepared | None:
    """Return what the child reports, or None if the wish to stop came first."""
    log = plan.logs / "prepare.log"
    command = [sys.executable, "-m", "keito_books.cli", "prepare", *(["--demo"] if plan.demo else [])]
    with open_log(log) as errors:
        process = subprocess.Popen(  # noqa: S603  # a command of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=child_environment(settings),
            process_group=0,
            preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509  # see there why it is safe
        )
    with process:
        while process.poll() is None:
            if stop.is_made:
                kill_group(process)  # each migration is a transaction, so nothing is left half done
                return None
            stop.pause(0.02)
        said = process.stdout.read() if process.stdout else b""
    if process.returncode != 0:
        raise CommandError(f"The database could not be made ready. {last_words(log, lines=1).removeprefix(SORRY)}")
    return msgspec.json.decode(said, type=Prepared)
