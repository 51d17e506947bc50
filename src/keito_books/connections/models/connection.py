"""A workspace joined to an organisation."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from keito_books.connections.models.grant import Grant, ProviderKey
from keito_books.workspaces.models import Workspace


class Connection(models.Model):
    """A workspace joined to one organisation. The row stays for ever, with everything that hangs on it.

    `epoch` counts connect-to-disconnect periods: work that was queued in an earlier epoch is never sent in a later one.
    Expiring does not end an epoch, disconnecting does.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Connected"
        EXPIRED = "expired", "Expired"
        DISCONNECTED = "disconnected", "Disconnected"

    class Expiry(models.TextChoices):
        """Why a connection expired; the sentence for people is in `expired_because`."""

        REFUSED = "refused", "The provider no longer accepts the consent"
        REMOVED_THERE = "removed there", "Somebody disconnected it at the provider"
        UNREADABLE = "unreadable", "The stored tokens can't be opened"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="connections")
    provider = models.CharField(max_length=20, choices=ProviderKey.choices)
    organisation_id = models.CharField(max_length=64)
    organisation_name = models.CharField(max_length=255)
    short_code = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=20, choices=State.choices)
    epoch = models.PositiveIntegerField(default=1)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="connections")
    remote_connection_id = models.CharField(max_length=64, default="", blank=True)
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    connected_at = models.DateTimeField()
    expired_at = models.DateTimeField(null=True)
    expired_kind = models.CharField(max_length=20, choices=Expiry.choices, default="", blank=True)
    expired_because = models.TextField(default="", blank=True)
    disconnected_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "connections_connection"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "provider", "organisation_id"], name="connection_once_per_organisation"
            ),
            # An expired connection still holds the place: it must be disconnected before another system is joined.
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(state__in=["active", "expired"]),
                name="connection_one_live_per_workspace",
            ),
            models.CheckConstraint(condition=Q(provider__in=ProviderKey.values), name="connection_provider_known"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "expired", "disconnected"]), name="connection_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(grant__isnull=False), name="connection_active_has_a_grant"
            ),
            models.CheckConstraint(
                condition=~Q(state="disconnected") | Q(grant__isnull=True), name="connection_disconnected_has_no_grant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()}: {self.organisation_name}"

    @property
    def is_live(self) -> bool:
        """Say whether this connection holds the workspace's one place for an accounting system."""
        return self.state != self.State.DISCONNECTED

    @property
    def is_active(self) -> bool:
        """Say whether it can be used now."""
        return self.state == self.State.ACTIVE
