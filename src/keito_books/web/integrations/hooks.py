"""What Keito's own pages ask of the integrations; they know nothing else of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from keito_books.connections.queries import live_connection
from keito_books.invoicing.models import Invoice
from keito_books.mapping.books import books_of
from keito_books.mapping.queries import choices_of, preferences_of
from keito_books.mapping.troubles import troubles_of
from keito_books.syncing.keeping import reason_to_keep
from keito_books.syncing.progress import Progress, progress_of
from keito_books.syncing.runs import open_runs
from keito_books.syncing.status import Status, connection_to_show, invoice_standings, with_status
from keito_books.web.integrations import trail
from keito_books.workspaces.models import AuditEntry, Membership, Workspace
from keito_books.workspaces.permissions import Ability, may

_COPIES_MAX = 3
SYNC_STATUSES = {status.value: status.label for status in Status}


def shows_sync(member: Membership) -> bool:
    """Say whether a status beside each invoice tells anything: not before the first connection."""
    return connection_to_show(member.workspace) is not None


def may_copy_many(member: Membership) -> bool:
    """Say whether invoices can be selected for copying."""
    return may(member, Ability.COPY_INVOICES) and live_connection(member.workspace) is not None


def copied_when_sent(invoice: Invoice) -> str:
    """Return the organisation to which an invoice goes by itself once it is sent; empty when it stays here."""
    connection = live_connection(invoice.workspace)
    if connection is None or invoice.is_finalized or not preferences_of(connection).copies_when_sent:
        return ""
    return connection.organisation_name


def choices_that_broke(member: Membership) -> int:
    """Return to an Administrator how many choices no longer hold in the accounting system; 0 to everybody else."""
    connection = live_connection(member.workspace) if may(member, Ability.MANAGE_INTEGRATIONS) else None
    books = books_of(connection) if connection is not None else None
    if connection is None or books is None:
        return 0
    return len(troubles_of(choices_of(connection), books))


def copies_under_way(member: Membership) -> list[Progress]:
    """Return how the copies of many invoices stand that are not through, the newest first."""
    now = timezone.now()
    runs = open_runs(member.workspace).select_related("connection")[:_COPIES_MAX]
    return [progress_of(run, now=now) for run in runs]


def narrow(invoices: QuerySet[Invoice], workspace: Workspace, status: str) -> QuerySet[Invoice]:
    """Return the invoices with this status, a value of SYNC_STATUSES."""
    return with_status(invoices, workspace, Status(status))


def statuses_of(workspace: Workspace, invoices: Iterable[Invoice]) -> dict[UUID, str]:
    """Return the status of each invoice, in a fixed number of queries."""
    return {key: standing.status.value for key, standing in invoice_standings(workspace, invoices).items()}


def must_stay(invoice: Invoice) -> bool:
    """Say whether an invoice can't be reverted to draft because of its copy in the accounting system."""
    return reason_to_keep(invoice) is not None


def describe(entry: AuditEntry) -> str | None:
    """Return what was done, to follow the person's name; None for actions of other rooms."""
    return trail.describe(entry)


def icon_of(entry: AuditEntry) -> str | None:
    """Return the icon for an entry about an integration; None for other entries."""
    return trail.icon_of(entry)
