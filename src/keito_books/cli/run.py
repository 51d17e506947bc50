"""The command `run`: everything on one machine, for a first look or for a small firm."""

import os
from pathlib import Path
from typing import Annotated

import typer

from keito_books.cli.options import DataOption
from keito_books.cli.plan import Plan, wants_real_xero
from keito_books.cli.postgres.places import make_data_folder
from keito_books.cli.reset import reset
from keito_books.cli.stack import Stack
from keito_books.cli.stop import StopRequest

EPILOG = """
Real Xero: set XERO_CLIENT_ID and XERO_CLIENT_SECRET (from developer.xero.com, an app of the type "Web app") and no
sandbox is started. Register the redirect URI that is then printed; Xero takes https addresses and http://localhost.

Another database: DATABASE_URL=postgresql://user:password@host/name takes the place of the embedded PostgreSQL.
"""


def run(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the web pages.")] = 8000,
    sandbox_port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the Xero sandbox.")] = 9400,
    data: DataOption = Path(".data"),
    *,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Fill an empty database with an example.")] = True,
    fresh: Annotated[bool, typer.Option("--reset", help="Delete everything in the data folder first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before deleting.")] = False,
) -> None:
    """Start database, web pages, worker and Xero sandbox; stop them all with Ctrl-C."""
    plan = Plan(
        data=data.absolute(),
        port=port,
        sandbox_port=sandbox_port,
        demo=demo,
        outside_database=os.environ.get("DATABASE_URL"),
        real_xero=wants_real_xero(os.environ),
    )
    if fresh:
        reset(plan, sure=yes)
    make_data_folder(plan.data)
    stop = StopRequest()
    stop.listen()
    Stack(plan, stop, typer.echo).run()
