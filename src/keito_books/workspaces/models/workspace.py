"""A company that keeps its books here."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.db import models


class Plan(models.TextChoices):
    FREE = "free", "Free"
    PRO = "pro", "Pro"
    BUSINESS = "business", "Business"


class Workspace(models.Model):
    """One company. Everything else belongs to exactly one of these."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    slug = models.SlugField(max_length=63, db_index=False)
    plan = models.CharField(max_length=16, choices=Plan.choices, default=Plan.FREE)
    currency = models.CharField(max_length=3, default="GBP")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    locale = models.CharField(max_length=16, default="en-GB")
    # What stands at the head of an invoice.
    address = models.TextField(blank=True, default="")
    phone = models.CharField(max_length=50, blank=True, default="")
    tax_number = models.CharField(max_length=50, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["slug"], name="workspace_slug_unique"),
            models.CheckConstraint(condition=models.Q(slug__regex=r"^[a-z0-9-]+$"), name="workspace_slug_shape"),
            models.CheckConstraint(condition=models.Q(plan__in=Plan.values), name="workspace_plan_known"),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="workspace_currency_shape"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
