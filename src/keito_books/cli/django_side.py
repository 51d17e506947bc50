"""The commands that run inside Django; they import it late, so that the supervisor stays light."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import typer

from keito_books.cli.database import lent_database
from keito_books.cli.errors import CommandError
from keito_books.cli.options import DataOption
from keito_books.cli.ports import local_addresses
from keito_books.cli.preparation import Prepared, SignIn

if TYPE_CHECKING:
    from procrastinate import App

    from keito_books.workspaces.models import Membership

SETTINGS = "keito_books.config.settings"
WEB_THREADS = 8
LARGEST_BODY_BYTES = 10_000_000
WORKER_CONCURRENCY = 5
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
# After so many missed heartbeats a worker is taken for dead.
MISSED_BEATS = 4
# The longest that a call and the recording of its answer may take; whoever stops us should wait as long.
STOP_PATIENCE_SECONDS = 25.0


def web(port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000) -> None:
    """Serve the web pages on this machine."""
    import waitress  # noqa: PLC0415

    # By name, since `config` stands above this room and joins all of them.
    application = importlib.import_module("keito_books.config.wsgi").application
    waitress.serve(
        application,
        listen=" ".join(local_addresses(port)),
        threads=WEB_THREADS,
        max_request_body_size=LARGEST_BODY_BYTES,
        ident=None,
        **_behind_a_proxy(),
    )


def worker() -> None:
    """Run the worker that sends what is due. Any number of them may run."""
    _set_up_django()
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: PLC0415

    from keito_books.syncing import clock, runner  # noqa: PLC0415

    heartbeat = clock.real_seconds(HEARTBEAT_SECONDS, at_least=HEARTBEAT_SECONDS / 10)
    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as engine:
        asyncio.run(_until_told_to_stop(engine, heartbeat=heartbeat, told=runner.stopping.set))


async def _until_told_to_stop(engine: App, *, heartbeat: float, told: Callable[[], None]) -> None:
    """Run the engine's worker. SIGTERM and Ctrl-C tell the slices under way to end after their present call."""
    async with engine.open_async():
        working = asyncio.ensure_future(
            engine.run_worker_async(
                concurrency=WORKER_CONCURRENCY,
                # Beside the notifications: jobs under one lock are only found by asking.
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=heartbeat,
                stalled_worker_timeout=heartbeat * MISSED_BEATS,
                shutdown_graceful_timeout=STOP_PATIENCE_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )

        def stop() -> None:
            told()
            working.cancel()

        for signal_number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signal_number, stop)
        with contextlib.suppress(asyncio.CancelledError):
            await working


def seed_demo(data: DataOption = Path(".data")) -> None:
    """Fill the database with the example workspaces."""
    with lent_database(data):
        _set_up_django()
        from keito_books.invoicing.demo import seed  # noqa: PLC0415

        summary = seed(now=datetime.now(UTC))
    if not summary.was_empty:
        raise CommandError("The database already holds workspaces, so nothing was added. Start with an empty one.")
    typer.echo(f"Added {summary.workspaces} workspaces, {summary.clients} clients, {summary.invoices} invoices.")


def found(
    company: Annotated[str, typer.Argument(help="The company's name.")],
    email: Annotated[str, typer.Option(prompt=True, help="The first Administrator's e-mail, to sign in with.")],
    name: Annotated[str, typer.Option(prompt="Name", help="Their name.")],
    password: Annotated[
        str,
        typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="KEITO_FOUNDER_PASSWORD"),
    ],
    currency: Annotated[str, typer.Option(help="The currency of its books.")] = "GBP",
    time_zone: Annotated[str, typer.Option(help="Where its day begins and ends.")] = "Europe/London",
    data: DataOption = Path(".data"),
) -> None:
    """Open a workspace of your own, with its first Administrator."""
    with lent_database(data):
        _set_up_django()
        from keito_books.invoicing.books import open_books  # noqa: PLC0415
        from keito_books.workspaces.errors import InvalidDetail  # noqa: PLC0415
        from keito_books.workspaces.founding import Founder, found_workspace  # noqa: PLC0415

        founder = Founder(email, name, password)
        try:
            member = found_workspace(company, currency, time_zone, founder=founder, now=datetime.now(UTC))
        except InvalidDetail as problem:
            raise CommandError(problem.sentence) from problem
        open_books(member.workspace)
    typer.echo(f"{member.workspace} is open; {member.person} may sign in and administer it.")


def prepare(*, demo: Annotated[bool, typer.Option("--demo", help="Fill an empty database.")] = False) -> None:
    """Migrate, seed an empty database, and report to `run` in JSON."""
    _set_up_django()
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.management.base import SystemCheckError  # noqa: PLC0415
    from django.db import OperationalError  # noqa: PLC0415

    from keito_books.connections.providing import redirect_uri  # noqa: PLC0415
    from keito_books.invoicing.demo import seed  # noqa: PLC0415

    try:
        call_command("check", stdout=sys.stderr)
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
    except SystemCheckError as error:
        raise CommandError(" ".join(str(error).split())) from error
    except OperationalError as error:
        raise CommandError(
            f"The database does not answer as it should: {' '.join(str(error).split())} "
            "See that DATABASE_URL names a PostgreSQL 15 or newer that is up, and a role that may create tables there."
        ) from error
    if demo:
        seed(now=datetime.now(UTC))
    report = Prepared(sign_ins=_sign_ins(), xero_redirect=redirect_uri("xero"))
    sys.stdout.buffer.write(msgspec.json.encode(report))


def manage(context: typer.Context, data: DataOption = Path(".data")) -> None:
    """Run one of Django's own commands, for example: keito-books manage shell."""
    with lent_database(data):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["keito-books manage", *context.args])


def _behind_a_proxy() -> dict[str, object]:
    """Return what lets a proxy on this machine say that the outside speaks https. Anyone else's word is dropped."""
    from django.conf import settings  # noqa: PLC0415

    if settings.SECURE_PROXY_SSL_HEADER is None:
        return {}
    return {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"}}


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django  # noqa: PLC0415

    django.setup()


def _sign_ins() -> list[SignIn]:
    """Return the demo's people, as long as they are in the database."""
    from keito_books.invoicing.demo import PASSWORD, PEOPLE  # noqa: PLC0415
    from keito_books.workspaces.models import Membership  # noqa: PLC0415

    demo = [person.email for person in PEOPLE]
    memberships = Membership.objects.filter(person__email__in=demo).select_related("person", "workspace")
    of_person: dict[str, list[Membership]] = {}
    for membership in memberships.order_by("pk"):
        of_person.setdefault(membership.person.email, []).append(membership)
    return [_sign_in(of_person[email], PASSWORD) for email in demo if email in of_person]


def _sign_in(memberships: list[Membership], password: str) -> SignIn:
    person = memberships[0].person
    return SignIn(
        name=person.name,
        role=memberships[0].get_role_display(),
        workspace=" and ".join(each.workspace.name for each in memberships),
        email=person.email,
        password=password,
    )
