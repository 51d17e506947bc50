"""A joined workspace whose organisation's books are given, so that choosing needs no server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from builders import a_membership, a_workspace
from keito_books.accounting.documents import (
    RemoteAccount,
    RemoteBooks,
    RemoteOrganisation,
    RemoteTaxRate,
    RemoteTrackingCategory,
    RemoteTrackingOption,
    TaxComponent,
)
from keito_books.connections.models import Connection, Grant
from keito_books.mapping.books import to_json
from keito_books.mapping.models import BooksCopy
from keito_books.workspaces.models import Membership

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Chooser:
    by: Membership
    connection: Connection


@pytest.fixture
def chooser(db: None) -> Chooser:
    by = a_membership(a_workspace())
    connection = Connection.objects.create(
        workspace=by.workspace,
        provider="xero",
        organisation_id="org",
        organisation_name="Harbour & Finch",
        state=Connection.State.ACTIVE,
        grant=Grant.objects.create(provider="xero", refreshed_at=NOW, created_at=NOW),
        connected_at=NOW,
    )
    BooksCopy.objects.create(connection=connection, content=to_json(_books()), read_at=NOW)
    return Chooser(by, connection)


def _books() -> RemoteBooks:
    def account(code: str, name: str, *, revenue: bool = False, payments: bool = False) -> RemoteAccount:
        return RemoteAccount(
            f"id-{code}", code, name, "X", is_active=True, takes_revenue=revenue, takes_payments=payments
        )

    def rate(tax_type: str, percent: str, *, revenue: bool = True) -> RemoteTaxRate:
        parts = (TaxComponent("VAT", Decimal(percent)),)
        return RemoteTaxRate(
            tax_type, tax_type.title(), Decimal(percent), parts, is_active=True, applies_to_revenue=revenue
        )

    north = RemoteTrackingOption("north", "North")
    return RemoteBooks(
        organisation=RemoteOrganisation("org", "Harbour & Finch"),
        accounts=(
            account("200", "Sales", revenue=True),
            account("260", "Consulting", revenue=True),
            account("090", "Bank", payments=True),
        ),
        tax_rates=(rate("OUTPUT2", "20"), rate("RROUTPUT", "5"), rate("INPUT2", "20", revenue=False)),
        tracking=(RemoteTrackingCategory("region", "Region", is_active=True, options=(north,)),),
        currencies=("GBP",),
        read_at=NOW,
    )
