"""The commands that run inside Django; they import it late, so that the supervisor stays light."""

import importlib
import importlib.util
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import msgspec
import typer

from keito_books.cli.database import lent_database
from keito_books.cli.options import DataOption
from keito_books.cli.ports import local_addresses
from keito_books.cli.preparation import Prepared, SignIn

SETTINGS = "keito_books.config.settings"
WEB_THREADS = 8
WORKER_CONCURRENCY = 5
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
STALLED_AFTER_SECONDS = 20.0
STOP_PATIENCE_SECONDS = 8.0


def web(port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000) -> None:
    """Serve the web pages on this machine."""
    import waitress  # noqa: PLC0415

    # By name, since `config` stands above this room and joins all of them.
    application = importlib.import_module("keito_books.config.wsgi").application
    waitress.serve(application, listen=" ".join(local_addresses(port)), threads=WEB_THREADS, ident=None)


def worker() -> None:
    """Run the worker that sends what is due. Any number of them may run."""
    _set_up_django()
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: PLC0415

    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as engine:
        engine.run_worker(
            concurrency=WORKER_CONCURRENCY,
            # Beside the notifications: jobs under one lock are only found by asking.
            fetch_job_polling_interval=POLL_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_AFTER_SECONDS,
            shutdown_graceful_timeout=STOP_PATIENCE_SECONDS,
            delete_jobs="successful",
        )


def seed_demo(data: DataOption = Path(".data")) -> None:
    """Fill the database with the example workspaces."""
    with lent_database(data):
        _set_up_django()
        _seed()


def prepare(*, demo: Annotated[bool, typer.Option("--demo", help="Fill an empty database.")] = False) -> None:
    """Migrate, seed an empty database, and report to `run` in JSON."""
    _set_up_django()
    from django.core.management import call_command  # noqa: PLC0415

    from keito_books.workspaces.models import Workspace  # noqa: PLC0415

    call_command("check", stdout=sys.stderr)
    call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
    if demo and not Workspace.objects.exists():
        _seed()
    report = Prepared(sign_ins=_sign_ins(), xero_redirect=_xero_redirect())
    sys.stdout.buffer.write(msgspec.json.encode(report))


def manage(context: typer.Context, data: DataOption = Path(".data")) -> None:
    """Run one of Django's own commands, for example: keito-books manage shell."""
    with lent_database(data):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["keito-books manage", *context.args])


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django  # noqa: PLC0415

    django.setup()


def _seed() -> None:
    if importlib.util.find_spec("keito_books.invoicing.demo"):
        importlib.import_module("keito_books.invoicing.demo").seed(now=datetime.now(UTC))


def _sign_ins() -> list[SignIn]:
    """Return whom the demo seeded, as long as they are there."""
    return []


def _xero_redirect() -> str:
    return ""
