"""A sandbox that starts anew for each test, and a stage on one of its organisations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from keito_books.accounting.port import Access, Receipt
from keito_books.providers.settings import ProviderSettings
from keito_books.providers.xero.provider import XeroProvider
from providers.contract import Stage
from xero_openapi.watching import watch
from xero_sandbox.testing import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox(watch=watch) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(one_sandbox: RunningSandbox) -> RunningSandbox:
    one_sandbox.reset()
    one_sandbox.clear_faults()
    return one_sandbox


@pytest.fixture
def grant(sandbox: RunningSandbox) -> dict[str, Any]:
    """A consent for the demo organisation of Great Britain."""
    return sandbox.grant(["Harbour & Finch Ltd"])


@pytest.fixture
def provider(sandbox: RunningSandbox, grant: dict[str, Any]) -> XeroProvider:
    return XeroProvider(ProviderSettings(grant["client_id"], grant["client_secret"], sandbox_url=sandbox.url))


@pytest.fixture
def stage(sandbox: RunningSandbox, provider: XeroProvider, grant: dict[str, Any]) -> Stage:
    receipts: list[Receipt] = []
    access = Access(grant["access_token"], grant["tenant_ids"][0], receipts.append)

    def lose_next_reply() -> None:
        sandbox.fault("PUT /*", "save and drop the reply", times=1)

    return Stage(provider.documents, access, lose_next_reply, receipts)
