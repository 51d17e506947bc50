"""Rows of a connected workspace and the lists of a small organisation; no Xero is needed to show a page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from builders import NOW
from keito_books.accounting.documents import (
    RemoteAccount,
    RemoteBooks,
    RemoteOrganisation,
    RemoteTaxRate,
    RemoteTrackingCategory,
    RemoteTrackingOption,
    TaxComponent,
)
from keito_books.accounting.port import TokenSet
from keito_books.connections.grants import new_grant
from keito_books.connections.models import Connection
from keito_books.workspaces.models import Membership, Workspace

HOSTILE = "Harbour <script>alert(1)</script> & Sons"


def a_rate(tax_type: str, name: str, percent: str, *, revenue: bool = True) -> RemoteTaxRate:
    rate = Decimal(percent)
    return RemoteTaxRate(tax_type, name, rate, (TaxComponent(name, rate),), is_active=True, applies_to_revenue=revenue)


def an_account(code: str, name: str, *, revenue: bool = True) -> RemoteAccount:
    kind = "REVENUE" if revenue else "BANK"
    return RemoteAccount(
        id=f"account-{code}",
        code=code,
        name=name,
        type=kind,
        is_active=True,
        takes_revenue=revenue,
        takes_payments=not revenue,
    )


def the_books() -> RemoteBooks:
    return RemoteBooks(
        organisation=RemoteOrganisation("org-1", HOSTILE, base_currency="GBP"),
        accounts=(
            an_account("200", "Sales"),
            an_account("260", "Other <b>Revenue</b>"),
            an_account("090", "Bank", revenue=False),
        ),
        tax_rates=(
            a_rate("OUTPUT2", "20% (VAT on Income)", "20"),
            a_rate("NONE", "No VAT", "0"),
            a_rate("RROUTPUT", "5% (VAT on Income)", "5"),
            a_rate("INPUT2", "20% (VAT on Expenses)", "20", revenue=False),
        ),
        tracking=(
            RemoteTrackingCategory(
                "region",
                "Region",
                is_active=True,
                options=(RemoteTrackingOption("north", "North"), RemoteTrackingOption("web", "website")),
            ),
        ),
        currencies=("GBP",),
        read_at=NOW,
    )


def a_connection(
    workspace: Workspace, by: Membership, *, state: Connection.State = Connection.State.ACTIVE, provider: str = "xero"
) -> Connection:
    tokens = TokenSet("access", "refresh", NOW + timedelta(minutes=30), NOW + timedelta(days=60), "accounting")
    is_live = state != Connection.State.DISCONNECTED
    return Connection.objects.create(
        workspace=workspace,
        provider=provider,
        organisation_id="org-1",
        organisation_name=HOSTILE,
        state=state,
        grant=new_grant(provider, tokens, now=NOW) if is_live else None,
        connected_by=by.person,
        connected_at=NOW,
        expired_because="Xero no longer accepts the permission." if state == Connection.State.EXPIRED else "",
        disconnected_at=None if is_live else NOW,
    )
