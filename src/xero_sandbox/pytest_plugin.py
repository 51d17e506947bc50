"""A fixture for pytest: say `pytest_plugins = ["xero_sandbox.pytest_plugin"]`, and ask for `xero_sandbox`."""

from collections.abc import Iterator

import pytest

from xero_sandbox.testing import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def _running_xero_sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def xero_sandbox(_running_xero_sandbox: RunningSandbox) -> RunningSandbox:
    """A sandbox over real HTTP, with the demo's world as new for each test."""
    _running_xero_sandbox.reset()
    return _running_xero_sandbox
