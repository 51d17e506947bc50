"""Keep the list of projects."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from keito_books.invoicing import checks, trail
from keito_books.invoicing.errors import StillInUse
from keito_books.invoicing.models import Client, Project
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

_CODE_LENGTH = 50


@transaction.atomic
def create_project(client: Client, *, name: str, code: str = "", by: Membership, now: datetime) -> Project:
    require(by, Ability.MANAGE_CLIENTS)
    require_same_workspace(by, client)
    project = Project(workspace=by.workspace, client=client, created_at=now)
    _fill(project, name, code)
    project.save(force_insert=True)
    trail.about_project("project.created", project, by=by, now=now)
    return project


@transaction.atomic
def update_project(project: Project, *, name: str, code: str = "", by: Membership, now: datetime) -> Project:
    kept = _locked(project, by)
    _fill(kept, name, code)
    kept.save(update_fields=["name", "code"])
    trail.about_project("project.changed", kept, by=by, now=now)
    return kept


@transaction.atomic
def archive_project(project: Project, *, by: Membership, now: datetime) -> Project:
    kept = _locked(project, by)
    if kept.archived_at is None:
        kept.archived_at = now
        kept.save(update_fields=["archived_at"])
        trail.about_project("project.archived", kept, by=by, now=now)
    return kept


@transaction.atomic
def restore_project(project: Project, *, by: Membership, now: datetime) -> Project:
    kept = _locked(project, by)
    if kept.archived_at is not None:
        kept.archived_at = None
        kept.save(update_fields=["archived_at"])
        trail.about_project("project.restored", kept, by=by, now=now)
    return kept


@transaction.atomic
def delete_project(project: Project, *, by: Membership, now: datetime) -> None:
    """Remove a project that no line has. Raises StillInUse otherwise."""
    kept = _locked(project, by)
    project_id = kept.id
    try:
        with transaction.atomic():
            kept.delete()
    except ProtectedError:
        raise StillInUse(f"{kept.name} stands on invoices. Archive the project instead.") from None
    kept.id = project_id
    trail.about_project("project.deleted", kept, by=by, now=now)


def _locked(project: Project, by: Membership) -> Project:
    require(by, Ability.MANAGE_CLIENTS)
    require_same_workspace(by, project)
    return Project.objects.select_for_update(of=("self",)).select_related("client").get(pk=project.pk)


def _fill(project: Project, name: str, code: str) -> None:
    project.name = checks.line_of_text(name, "The project's name", field="name", required=True)
    project.code = checks.line_of_text(code, "The project's code", field="code", limit=_CODE_LENGTH)
