"""Delete what `run` made in its data folder, and nothing else that may lie there."""

import shutil

import typer

from keito_books.cli.errors import CommandError
from keito_books.cli.plan import Plan
from keito_books.cli.postgres import EmbeddedPostgres

OURS = ("sandbox.json", "secret-key", "token-keys", "postgres.log", "postgres.log.1", "logs")


def reset(plan: Plan, *, sure: bool) -> None:
    if plan.outside_database:
        raise CommandError(
            "--reset deletes only a database that Keito Books made itself, and DATABASE_URL names another. "
            "Empty that one with its own tools, or unset DATABASE_URL."
        )
    if not plan.data.exists():
        return
    question = f"Delete all books, keys and logs in {plan.data}? This can't be undone."
    if not sure and not typer.confirm(question):
        raise CommandError("Nothing was deleted.")
    EmbeddedPostgres(plan.data).destroy()
    for name in OURS:
        path = plan.data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
