"""The memory provider keeps the contract."""

from __future__ import annotations

import pytest

from keito_books.accounting.port import Access, Receipt
from keito_books.providers.memory.documents import MemoryDocuments
from providers.contract import ProviderContract, Stage


@pytest.fixture
def stage() -> Stage:
    documents = MemoryDocuments()
    receipts: list[Receipt] = []

    def lose_next_reply() -> None:
        documents.lose_next_reply = True

    access = Access("memory-token", "memory-organisation", receipts.append)
    return Stage(documents, access, lose_next_reply, receipts)


class TestMemory(ProviderContract):
    """Nothing of its own."""
