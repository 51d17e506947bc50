"""A workspace that is connected, before and after its settings were chosen."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import NOW
from connected import a_connection, the_books
from keito_books.connections.models import Connection
from keito_books.mapping.books import to_json
from keito_books.mapping.models import BooksCopy, Preferences, TaxMapping
from keito_books.workspaces.models import Membership, Workspace


@pytest.fixture
def connection(workspace: Workspace, administrator: Membership) -> Connection:
    """A connection whose lists were read, and nothing chosen yet."""
    made = a_connection(workspace, administrator)
    BooksCopy.objects.create(connection=made, content=to_json(the_books()), read_at=NOW)
    return made


@pytest.fixture
def set_up(connection: Connection, administrator: Membership) -> Connection:
    """The same with accounts and taxes chosen."""
    Preferences.objects.create(
        connection=connection,
        revenue_account_id="account-200",
        payment_account_id="account-090",
        saved_at=NOW,
        saved_by=administrator.person,
    )
    TaxMapping.objects.create(connection=connection, tax1=None, tax2=None, tax_type="NONE")
    TaxMapping.objects.create(connection=connection, tax1=Decimal(20), tax2=None, tax_type="OUTPUT2")
    return connection
