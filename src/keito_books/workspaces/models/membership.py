"""What a person is in a workspace."""

from __future__ import annotations

import uuid

from django.db import models

from keito_books.workspaces.models.person import Person
from keito_books.workspaces.models.workspace import Workspace


class Role(models.TextChoices):
    MEMBER = "member", "Member"
    MANAGER = "manager", "Manager"
    ADMINISTRATOR = "administrator", "Administrator"


class Membership(models.Model):
    """A person in a workspace; the two toggles count for Managers only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    may_draft_invoices = models.BooleanField("Draft invoices", default=False)
    may_send_invoices = models.BooleanField("Send/edit invoices", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "workspace"], name="membership_once_per_workspace"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()} in {self.workspace}"

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER
