"""Say entries of the audit trail about a company and its people in plain words."""

from __future__ import annotations

from keito_books.workspaces.models import AuditEntry


def describe(entry: AuditEntry) -> str | None:
    """Return what was done, to follow the person's name; None for actions of other rooms."""
    who, role = entry.object_label, entry.details.get("role", "…")
    toggles = entry.details.get("toggles") or []
    rights = f"{role} ({', '.join(toggles)})" if toggles else str(role)
    sentences = {
        "company.changed": "changed the company’s details",
        "person.added": f"added {who} as {rights}",
        "person.changed": f"made {who} {rights}",
        "person.removed": f"removed {who} from the workspace",
    }
    return sentences.get(entry.action)
