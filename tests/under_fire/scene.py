"""Everything that runs as a process of its own: the database, the sandbox and the workers, with one pace of time."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from database_server import _make_quick_folder
from keito_books.cli.children import kill_group
from keito_books.cli.plan import SANDBOX_CLIENT
from keito_books.cli.ports import ask
from keito_books.cli.postgres import EmbeddedPostgres
from keito_books.cli.service import Service, child_environment, without_our_settings
from running_stack import free_port
from under_fire.organisations import Seat, make_world
from xero_sandbox.testing import RunningSandbox

START_TIMEOUT_SECONDS = 60.0
SEATS_PER_ORGANISATION = 1.34  # so that some workspaces share one


@dataclass
class Scene:
    folder: Path
    rate: float
    database: EmbeddedPostgres
    sandbox: RunningSandbox
    sandbox_service: Service
    seats: list[Seat]
    workers: list[Service] = field(default_factory=list)

    def real(self, seconds: float) -> float:
        """Return how long so many seconds of the application's time really take."""
        return seconds / self.rate

    def add_worker(self) -> Service:
        name = f"worker {len(self.workers) + 1}"
        command = [sys.executable, "-m", "keito_books.cli", "worker"]
        log = self.folder / "logs" / f"{name.replace(' ', '-')}.log"
        worker = Service(name, command, child_environment({}), log)
        self.workers.append(worker)
        worker.start(now=time.monotonic())
        return worker


@contextmanager
def scene(*, rate: float, organisations: int, folder: Path | None = None) -> Iterator[Scene]:
    """Start the database and the sandbox, put the settings into our own environment, and set up Django on them."""
    place = folder or _make_quick_folder()
    place.mkdir(exist_ok=True)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    # Durable, since a server that is killed must not forget what it has confirmed.
    database = EmbeddedPostgres(place / "books")
    database.start()
    world, seats = make_world(organisations, round(organisations * SEATS_PER_ORGANISATION))
    state = place / "sandbox.json"
    state.write_bytes(world.export())
    port = free_port()
    sandbox_service = _sandbox(port, state, place)
    built: Scene | None = None
    try:
        _wait_for(sandbox_service, port)
        _set_up(database.url(), f"http://localhost:{port}", rate)
        sandbox = RunningSandbox(f"http://localhost:{port}")
        _run_the_clock(sandbox, rate)
        built = Scene(place, rate, database, sandbox, sandbox_service, seats)
        yield built
    finally:
        _end(built, sandbox_service, database)
        if folder is None:
            database.destroy()
            shutil.rmtree(place, ignore_errors=True)


def _sandbox(port: int, state: Path, place: Path) -> Service:
    command = [sys.executable, "-m", "xero_sandbox", "--port", str(port), "--state", str(state)]
    environment = {**without_our_settings(os.environ), "PYTHONUNBUFFERED": "1"}
    service = Service("sandbox", command, environment, place / "logs" / "sandbox.log")
    service.start(now=time.monotonic())
    return service


def _set_up(database_url: str, sandbox_url: str, rate: float) -> None:
    os.environ |= {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "keito_books.config.settings",
        "KEITO_ENVIRONMENT": "test",
        "KEITO_TEST_CLOCK": f"{rate} since {datetime.now(UTC).isoformat()}",
        "KEITO_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "XERO_SANDBOX_URL": sandbox_url,
        **SANDBOX_CLIENT,
    }
    import django  # noqa: PLC0415  # its settings come from the environment above
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def _run_the_clock(sandbox: RunningSandbox, rate: float) -> None:
    from keito_books.syncing import clock  # noqa: PLC0415  # Django is set up by now

    sandbox.door("POST", "/clock", {"set": clock.now().isoformat(), "rate": rate})


def _wait_for(service: Service, port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while ask(port, "/_sandbox/") is None:
        if service.exit_code is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The {service.name} does not answer:\n{service.log.read_text()[-3000:]}")
        time.sleep(0.05)


def _end(built: Scene | None, sandbox_service: Service, database: EmbeddedPostgres) -> None:
    for worker in built.workers if built else []:
        if worker._process is not None and worker.exit_code is None:
            kill_group(worker._process)
            worker.see_stopped(patience_seconds=5)
    sandbox_service.ask_to_stop()
    sandbox_service.see_stopped(patience_seconds=10)
    database.stop()
