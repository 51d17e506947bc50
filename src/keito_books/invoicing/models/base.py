"""What every row of the books has: an id of its own and one workspace."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from keito_books.workspaces.models import Workspace

HUNDRED = Decimal(100)
ZERO = Decimal(0)


class OfWorkspace(models.Model):
    """Base of all rows here. Nothing is found except through its workspace, hence no reverse names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def money_field(**options: Any) -> models.DecimalField[Any, Any]:
    """Hold amounts up to ten million million in currencies with up to three decimals."""
    return models.DecimalField(max_digits=17, decimal_places=3, **options)


def percent_field(**options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=7, decimal_places=4, **options)


def within_a_hundred(field: str) -> Q:
    return Q(**{f"{field}__gte": ZERO, f"{field}__lte": HUNDRED})
