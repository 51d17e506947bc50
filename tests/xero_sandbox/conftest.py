"""A sandbox over real HTTP for the tests of this folder."""

from collections.abc import Iterator

import pytest

from sandbox_client import Client
from xero_openapi.watching import watch
from xero_sandbox.testing import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def _served() -> Iterator[RunningSandbox]:
    with running_sandbox(watch=watch) as served:
        yield served


@pytest.fixture
def sandbox(_served: RunningSandbox) -> RunningSandbox:
    """The demo world, fresh."""
    _served.reset("demo")
    return _served


@pytest.fixture
def xero(sandbox: RunningSandbox) -> Iterator[Client]:
    """A grant for the British demo organisation, as its adviser."""
    client = Client(sandbox)
    yield client
    client.http.close()
