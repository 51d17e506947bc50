"""Open the books of a workspace: its invoice settings and first item categories."""

from __future__ import annotations

from django.db import transaction

from keito_books.invoicing.models import InvoiceSettings, ItemCategory
from keito_books.workspaces.models import Workspace

FIRST_CATEGORIES = ("Service", "Product", "Expense")


@transaction.atomic
def open_books(workspace: Workspace) -> InvoiceSettings:
    """Give a new workspace its settings and item categories; safe to repeat."""
    settings, created = InvoiceSettings.objects.get_or_create(workspace=workspace)
    if created:
        ItemCategory.objects.bulk_create(ItemCategory(workspace=workspace, name=name) for name in FIRST_CATEGORIES)
    return settings


def settings_of(workspace: Workspace) -> InvoiceSettings:
    """Return the workspace's invoice settings, made with their defaults if there are none yet."""
    return InvoiceSettings.objects.filter(workspace=workspace).first() or open_books(workspace)
