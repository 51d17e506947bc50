"""One walk to the provider's consent page and back."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from keito_books.connections.models.connection import Connection
from keito_books.connections.models.grant import Grant, ProviderKey
from keito_books.workspaces.models import Workspace


class ConnectAttempt(models.Model):
    """State and session are kept as hashes, the PKCE verifier sealed until it is used.

    `organisations` are those that the consent reaches, each `{"id", "organisation_id", "name"}` with the provider's
    connection id as `id`; `organisation_id` is the one that was chosen and still waits for a yes, since it would take
    the place of `replaces`.
    """

    class Step(models.TextChoices):
        SENT = "sent", "Sent to the provider"
        RETURNED = "returned", "Came back"
        CHOOSING = "choosing", "Choosing an organisation"
        DONE = "done", "Connected"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20, choices=ProviderKey.choices)
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    sealed_verifier = models.BinaryField(default=b"")
    step = models.CharField(max_length=20, choices=Step.choices, default=Step.SENT)
    grant = models.ForeignKey(Grant, on_delete=models.SET_NULL, null=True, related_name="+")
    organisations = models.JSONField(default=list)
    organisation_id = models.CharField(max_length=64, default="", blank=True)
    replaces = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "connections_connect_attempt"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(step__in=["sent", "returned", "choosing", "done", "failed"]), name="attempt_step_known"
            ),
            models.CheckConstraint(condition=Q(step="sent") | Q(sealed_verifier=b""), name="attempt_verifier_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["started_at"], condition=Q(step__in=["sent", "returned", "choosing"]), name="attempt_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()} for {self.workspace}: {self.get_step_display()}"
