"""What a workspace has chosen for its organisation, and the copy of the organisation's books it chose from."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from keito_books.connections.models import Connection
from keito_books.invoicing.models import ItemCategory, Project


class BooksCopy(models.Model):
    """The organisation's accounts, tax rates, tracking and dates as last read; see `books.py` for the shape."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="books_copy")
    content = models.JSONField()
    read_at = models.DateTimeField()
    # When a worker last set out to read them anew; null makes the next one do so at once.
    tried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mapping_books_copy"


class Preferences(models.Model):
    """The settings of one connection; nothing is filled in unasked, so all of them may be empty."""

    class InvoicesAs(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", "Awaiting payment"
        DRAFT = "draft", "Draft"

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="preferences")
    revenue_account_id = models.CharField(max_length=64, default="", blank=True)
    payment_account_id = models.CharField(max_length=64, default="", blank=True)
    invoices_as = models.CharField(max_length=20, choices=InvoicesAs.choices, default=InvoicesAs.AWAITING_PAYMENT)
    # An invoice that is sent for the first time is copied by itself, on behalf of whoever sent it.
    copies_when_sent = models.BooleanField(default=False, db_default=False)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "mapping_preferences"


class TaxMapping(models.Model):
    """One tax situation of a line (Tax 1 and Tax 2 in percent, null where not taxed) and their tax type for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="tax_mappings")
    tax1 = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    tax2 = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    tax_type = models.CharField(max_length=64)

    class Meta:
        db_table = "mapping_tax"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "tax1", "tax2"], nulls_distinct=False, name="tax_mapping_once_per_situation"
            )
        ]


class AccountOverride(models.Model):
    """Another revenue account for one project or one item category."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="account_overrides")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    category = models.ForeignKey(ItemCategory, on_delete=models.CASCADE, null=True, related_name="+")
    account_id = models.CharField(max_length=64)

    class Meta:
        db_table = "mapping_account_override"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(project__isnull=True) ^ Q(category__isnull=True), name="account_override_for_one_thing"
            ),
            models.UniqueConstraint(fields=["connection", "project"], name="account_override_once_per_project"),
            models.UniqueConstraint(fields=["connection", "category"], name="account_override_once_per_category"),
        ]


class CurrencyChoice(models.Model):
    """What is different for one currency that is not the organisation's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="currency_choices")
    currency = models.CharField(max_length=3)
    payment_account_id = models.CharField(max_length=64, default="", blank=True)
    # Units of the currency for one of the organisation's own; null leaves it to their rate of the day.
    rate = models.DecimalField(max_digits=18, decimal_places=6, null=True)

    class Meta:
        db_table = "mapping_currency"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "currency"], name="currency_choice_once_per_currency"),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__gt=0), name="currency_choice_rate_above_zero"
            ),
        ]


class TrackingMapping(models.Model):
    """Where the option of one of their tracking categories comes from."""

    class Source(models.TextChoices):
        CLIENT = "client", "Client"
        PROJECT = "project", "Project"
        CATEGORY = "category", "Item category"
        FIXED = "fixed", "One option for every line"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="tracking_mappings")
    category_id = models.CharField(max_length=64)
    source = models.CharField(max_length=20, choices=Source.choices)
    fixed_option_id = models.CharField(max_length=64, default="", blank=True)
    # Our client's, project's or category's id -> their option's id.
    options = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "mapping_tracking"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "category_id"], name="tracking_mapping_once_per_category")
        ]
