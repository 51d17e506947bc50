"""A sandbox over real HTTP for the tests of this folder: a thread, or with --sandbox-process a process."""

from collections.abc import Iterator

import pytest

from sandbox_client import Client
from xero_openapi.watching import watch
from xero_sandbox.testing import RunningSandbox, running_sandbox, sandbox_process


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what looks into the sandbox when it is a process of its own."""
    inside = [item for item in items if item.get_closest_marker("inside")]
    if _apart(config) and inside:
        items[:] = [item for item in items if item not in inside]
        config.hook.pytest_deselected(items=inside)


def _apart(config: pytest.Config) -> bool:
    return bool(config.getoption("--sandbox-process"))


@pytest.fixture(scope="session")
def _served(pytestconfig: pytest.Config) -> Iterator[RunningSandbox]:
    with sandbox_process() if _apart(pytestconfig) else running_sandbox(watch=watch) as served:
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
