"""One sandbox for all tests here, and a workspace that is joined to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from joined import Joined, join
from xero_openapi.watching import watch
from xero_sandbox.seeds.demo import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from xero_sandbox.testing import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox(watch=watch) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: RunningSandbox, settings: Settings) -> RunningSandbox:
    """A sandbox as new, which the application takes for Xero."""
    shared_sandbox.clear_faults()
    shared_sandbox.door("POST", "/clock", {"freeze": False})
    shared_sandbox.reset()
    settings.XERO_SANDBOX_URL = shared_sandbox.url
    settings.XERO_CLIENT_ID, settings.XERO_CLIENT_SECRET = DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
    return shared_sandbox


@pytest.fixture
def joined(db: None, sandbox: RunningSandbox) -> Joined:
    return join(sandbox)


@pytest.fixture
def transactional_joined(transactional_db: None, sandbox: RunningSandbox) -> Joined:
    """Committed rows, so that other connections see them."""
    return join(sandbox)
