"""One person's consent at a provider."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class ProviderKey(models.TextChoices):
    XERO = "xero", "Xero"
    QUICKBOOKS = "quickbooks", "QuickBooks"


class Grant(models.Model):
    """A token set that all organisations of one consent share. Tokens are sealed (see vault).

    `lease` counts up with each taking and giving back; only who holds the newest number may store tokens.
    `refresh_intent_at` is set before a refresh is sent and cleared when its answer is stored, so that a lost answer is
    seen and asked for again. Until `rests_until` nobody refreshes, since the last try brought nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=20, choices=ProviderKey.choices)
    # Whose consent it is at the provider, empty when that can't be told.
    account = models.CharField(max_length=128, default="", blank=True)
    sealed_access_token = models.BinaryField(default=b"")
    sealed_refresh_token = models.BinaryField(default=b"")
    access_expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    scope = models.TextField(default="", blank=True)
    lease = models.BigIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    refresh_intent_at = models.DateTimeField(null=True)
    refused_times = models.PositiveSmallIntegerField(default=0)
    refreshed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "connections_grant"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(provider__in=ProviderKey.values), name="grant_provider_known"),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(sealed_access_token=b"", sealed_refresh_token=b""),
                name="grant_retired_holds_no_tokens",
            ),
        ]

    def __str__(self) -> str:
        return f"Grant {self.id} of {self.get_provider_display()}"
