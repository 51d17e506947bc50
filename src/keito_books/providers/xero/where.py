"""Write Xero's filters so that no text can break out of its quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote
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


def lists(texts: Iterable[str], *, length_max: int) -> Iterator[str]:
    """Yield texts without commas as lists for a parameter, each at most so long as it stands in the address."""
    listed: list[str] = []
    length = 0
    for text in texts:
        needed = len(quote(text, safe="")) + len("%2C")
        if listed and length + needed > length_max:
            yield ",".join(listed)
            listed, length = [], 0
        listed.append(text)
        length += needed
    if listed:
        yield ",".join(listed)


def is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
