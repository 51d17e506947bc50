"""Keep the list of item categories."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from keito_books.invoicing import checks, trail
from keito_books.invoicing.errors import InvalidValue
from keito_books.invoicing.models import ItemCategory
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace


@transaction.atomic
def add_category(name: str, *, by: Membership, now: datetime) -> ItemCategory:
    require(by, Ability.MANAGE_SETTINGS)
    category = ItemCategory(workspace=by.workspace)
    category.name = _check_name(name, category)
    category.save(force_insert=True)
    trail.about_settings("category.added", by=by, now=now, name=category.name)
    return category


@transaction.atomic
def rename_category(category: ItemCategory, name: str, *, by: Membership, now: datetime) -> ItemCategory:
    kept = _locked(category, by)
    old, kept.name = kept.name, _check_name(name, kept)
    kept.save(update_fields=["name"])
    trail.about_settings("category.renamed", by=by, now=now, old=old, new=kept.name)
    return kept


@transaction.atomic
def archive_category(category: ItemCategory, *, by: Membership, now: datetime) -> ItemCategory:
    """Take it out of pickers; lines that have it keep it."""
    kept = _locked(category, by)
    if kept.archived_at is None:
        kept.archived_at = now
        kept.save(update_fields=["archived_at"])
        trail.about_settings("category.archived", by=by, now=now, name=kept.name)
    return kept


@transaction.atomic
def restore_category(category: ItemCategory, *, by: Membership, now: datetime) -> ItemCategory:
    kept = _locked(category, by)
    if kept.archived_at is not None:
        kept.archived_at = None
        kept.save(update_fields=["archived_at"])
        trail.about_settings("category.restored", by=by, now=now, name=kept.name)
    return kept


def _locked(category: ItemCategory, by: Membership) -> ItemCategory:
    require(by, Ability.MANAGE_SETTINGS)
    require_same_workspace(by, category)
    return ItemCategory.objects.select_for_update().get(pk=category.pk)


def _check_name(name: str, category: ItemCategory) -> str:
    kept = checks.line_of_text(name, "The name of the category", field="name", required=True)
    twins = ItemCategory.objects.filter(workspace_id=category.workspace_id, name__iexact=kept).exclude(pk=category.pk)
    if twins.exists():
        raise InvalidValue(f"There is already a category named {kept}. Choose another name.", field="name")
    return kept
