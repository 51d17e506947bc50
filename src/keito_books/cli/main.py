"""The command `keito-books`: translate what an operator types, and say in one sentence what went wrong."""

import sys

import typer

from keito_books.cli import django_side
from keito_books.cli.errors import SORRY, CommandError
from keito_books.cli.keys import new_token_key
from keito_books.cli.run import EPILOG, run

app = typer.Typer(
    name="keito-books",
    help="Invoicing for professional services, with invoices, clients and payments that appear in Xero.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(epilog=EPILOG)(run)
app.command()(django_side.web)
app.command()(django_side.worker)
app.command()(django_side.found)
app.command()(django_side.seed_demo)
app.command(hidden=True)(django_side.prepare)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})(
    django_side.manage
)


@app.command()
def new_key() -> None:
    """Print a key for KEITO_TOKEN_KEYS."""
    typer.echo(new_token_key())


def main() -> None:
    try:
        app(prog_name="keito-books")
    except CommandError as problem:
        typer.echo(f"{SORRY}{problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
