"""What the integrations add to Keito's own pages; those ask here and know nothing else about them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from keito_books.invoicing.models import Invoice
from keito_books.workspaces.models import AuditEntry, Membership

# value in the address: word on the chip
SYNC_STATUSES = {"not_synced": "Not synced", "pending": "Pending", "success": "Success", "failed": "Failed"}


def shows_sync(member: Membership) -> bool:  # noqa: ARG001  asked with the member, who may have no connection
    """Say whether lists have a column with the status in the accounting system."""
    return False


def narrow(invoices: QuerySet[Invoice], status: str) -> QuerySet[Invoice]:  # noqa: ARG001  filled by the sync pages
    """Keep the invoices with one of SYNC_STATUSES."""
    return invoices


def statuses_of(invoices: Sequence[Invoice]) -> dict[UUID, str]:  # noqa: ARG001  filled by the sync pages
    """Return the status of each invoice of a page, with one query for all of them."""
    return {}


def describe(entry: AuditEntry) -> str | None:  # noqa: ARG001  filled by the sync pages
    """Return what an entry about an integration says, to follow the person's name; None for other entries."""
    return None
