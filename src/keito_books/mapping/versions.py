"""Notice that somebody else saved a section of the settings since a page showed it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from keito_books.connections.models import Connection
from keito_books.mapping.errors import ChangedMeanwhile
from keito_books.mapping.queries import choices_of, preferences_of


def version(connection: Connection, section: str) -> str:
    """Return a word that is another one as soon as anything in a section is chosen differently."""
    choices = choices_of(connection)
    parts = {
        "accounts": (choices.revenue_account_id, choices.payment_account_id, choices.as_draft),
        "currencies": sorted(choices.currencies.items()),
        "taxes": sorted((situation.key, tax_type) for situation, tax_type in choices.taxes.items()),
        "tracking": choices.tracking,
        "overrides": (sorted(choices.project_accounts.items()), sorted(choices.category_accounts.items())),
        "behaviour": preferences_of(connection).copies_when_sent,
    }
    return hashlib.sha256(repr(parts[section]).encode()).hexdigest()[:16]


@contextmanager
def unless_changed(connection: Connection, section: str, *, seen: str) -> Iterator[None]:
    """Let the choices of a section be saved, one person after the other. Raises ChangedMeanwhile, with nothing saved,
    when the section is no longer as it was seen; an empty `seen` claims nothing."""
    with transaction.atomic():
        Connection.objects.select_for_update().get(pk=connection.pk)
        if seen and seen != version(connection, section):
            raise ChangedMeanwhile
        yield
