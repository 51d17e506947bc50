"""The trail of who did what, which is only ever added to."""

from __future__ import annotations

from django.db import models

from keito_books.workspaces.models.person import Person
from keito_books.workspaces.models.workspace import Workspace


class AuditEntry(models.Model):
    """One thing that was done. Numbered in the order of writing; a trigger refuses changes and deletions.

    `person` is empty when the system did it by itself. `object_id` is text, so that any room may point at its own
    rows. A hash chain can be added as two columns filled by `audit.record`, the only writer.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(max_length=255, blank=True, default="")
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = (
            models.Index(fields=["workspace", "object_kind", "object_id", "id"], name="audit_by_object"),
            models.Index(fields=["workspace", "id"], name="audit_by_workspace"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.object_label}".strip()
