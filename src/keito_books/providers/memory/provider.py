"""Put the memory provider together."""

from __future__ import annotations

from keito_books.accounting.port import DocumentsOut, Identity
from keito_books.providers.memory.documents import MemoryDocuments
from keito_books.providers.memory.identity import MemoryIdentity
from keito_books.providers.settings import ProviderSettings


class MemoryProvider:
    """An accounting system in memory, as the port sees it."""

    key = "memory"
    name = "Memory"

    def __init__(self, settings: ProviderSettings) -> None:
        del settings
        self.identity: Identity = MemoryIdentity()
        self.documents: DocumentsOut = MemoryDocuments()
