"""A consent that must still be ended at the provider."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from keito_books.connections.models.grant import ProviderKey
from keito_books.workspaces.models import Workspace


class Revocation(models.Model):
    """Tokens set aside, sealed, for as long as it takes to end a consent at the provider, and 24 hours at most.

    First the named connections are deleted there, then the refresh token is revoked, each only while nothing else of
    ours needs it (see leaving.py). When it is over, however it ended, the tokens are gone.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "To be done"
        DONE = "done", "Done"
        NOT_NEEDED = "not needed", "The provider had ended it already, or others still use it"
        GIVEN_UP = "given up", "Not done within a day"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=20, choices=ProviderKey.choices)
    account = models.CharField(max_length=128, default="", blank=True)
    # The grant whose tokens these were, an id only, since that row may still serve other connections.
    grant_id = models.UUIDField()
    organisation_name = models.CharField(max_length=255, default="", blank=True)
    remote_connection_ids = models.JSONField(default=list)
    sealed_access_token = models.BinaryField(default=b"")
    sealed_refresh_token = models.BinaryField(default=b"")
    access_expires_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "connections_revocation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "done", "not needed", "given up"]), name="revocation_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting") | Q(sealed_access_token=b"", sealed_refresh_token=b""),
                name="revocation_over_holds_no_tokens",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["next_at"], condition=Q(outcome="waiting"), name="revocation_due")]

    def __str__(self) -> str:
        return f"End {self.organisation_name or 'a consent'} at {self.get_provider_display()}"
