"""Write and read the audit trail; the same transaction holds the change and its entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from keito_books.workspaces.models import AuditEntry, Person, Workspace

# Set by whoever starts a piece of work (web middleware, worker), so that actions need not hand it through.
request_id: ContextVar[str] = ContextVar("request_id", default="")

Detail = str | int | bool | None | list[str]
_LABEL_LENGTH = 255
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: a plain word, the object's id, and its name at that time."""

    kind: str
    id: UUID | str
    label: str = ""


def record(
    action: str,
    *,
    workspace: Workspace,
    at: datetime,
    person: Person | None,
    subject: Subject,
    details: Mapping[str, Detail] | None = None,
) -> AuditEntry:
    """Add one entry. Raises RuntimeError outside a transaction: an entry must stand or fall with its change."""
    [entry] = record_each(action, [subject], workspace=workspace, at=at, person=person, details=details)
    return entry


def record_each(
    action: str,
    subjects: Sequence[Subject],
    *,
    workspace: Workspace,
    at: datetime,
    person: Person | None,
    details: Mapping[str, Detail] | None = None,
) -> list[AuditEntry]:
    """Add an entry for each of several things to which the same was done, in one go."""
    return record_many(
        entry(action, workspace=workspace, at=at, person=person, subject=subject, details=details)
        for subject in subjects
    )


def entry(
    action: str,
    *,
    workspace: Workspace,
    at: datetime,
    person: Person | None,
    subject: Subject,
    details: Mapping[str, Detail] | None = None,
) -> AuditEntry:
    """Return an entry that `record_many` adds."""
    return AuditEntry(
        workspace=workspace,
        at=at,
        person=person,
        action=action,
        object_kind=subject.kind,
        object_id=str(subject.id),
        object_label=subject.label[:_LABEL_LENGTH],
        details=dict(details or {}),
        request_id=request_id.get(),
    )


def record_many(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """Add entries in one go. Raises RuntimeError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("something was to be audited outside a transaction")
    return AuditEntry.objects.bulk_create(entries, batch_size=_BATCH)


def entries_about(workspace: Workspace, kind: str, object_id: UUID | str) -> models.QuerySet[AuditEntry]:
    """Return the history of one object, newest first."""
    entries = AuditEntry.objects.filter(workspace=workspace, object_kind=kind, object_id=str(object_id))
    return entries.select_related("person").order_by("-id")
