"""Keito Books and a Xero of its own, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from connections.walking import PUBLIC_URL
from xero_openapi.watching import watch
from xero_sandbox.seeds.demo import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from xero_sandbox.testing import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def _served() -> Iterator[RunningSandbox]:
    with running_sandbox(watch=watch) as served:
        yield served


@pytest.fixture
def sandbox(_served: RunningSandbox, settings: Settings) -> RunningSandbox:
    """The demo world, fresh, and the application set up for it."""
    _served.reset("demo")
    settings.XERO_SANDBOX_URL = _served.url
    settings.XERO_CLIENT_ID = DEMO_CLIENT_ID
    settings.XERO_CLIENT_SECRET = DEMO_CLIENT_SECRET
    settings.PUBLIC_URL = PUBLIC_URL
    return _served
