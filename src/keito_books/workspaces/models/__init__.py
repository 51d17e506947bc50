"""Companies, the people who work in them, and what was done."""

from keito_books.workspaces.models.audit import AuditEntry
from keito_books.workspaces.models.membership import Membership, Role
from keito_books.workspaces.models.person import Person
from keito_books.workspaces.models.workspace import Plan, Workspace

__all__ = ["AuditEntry", "Membership", "Person", "Plan", "Role", "Workspace"]
