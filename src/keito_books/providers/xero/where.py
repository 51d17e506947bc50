"""Write Xero's filters so that no text can break out of its quotes."""

from __future__ import annotations

from uuid import UUID


def equals(field: str, text: str) -> str:
    """Return a filter for a text field, such as InvoiceNumber=="INV-1"."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}=="{escaped}"'


def has_guid(field: str, text: str) -> str:
    """Return a filter for an id. Raises ValueError when the text is none."""
    return f'{field}==guid("{UUID(text)}")'


def both(*conditions: str) -> str:
    return " AND ".join(conditions)


def is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
