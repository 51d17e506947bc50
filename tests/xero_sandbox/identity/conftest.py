"""A visitor and an app's server before a fresh demo world."""

from collections.abc import Iterator

import pytest

from consenting import AppServer, Visitor
from xero_sandbox.seeds.demo import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from xero_sandbox.testing import RunningSandbox


@pytest.fixture
def visitor(sandbox: RunningSandbox) -> Iterator[Visitor]:
    browser = Visitor(sandbox.url, DEMO_CLIENT_ID)
    yield browser
    browser.close()


@pytest.fixture
def app_server(sandbox: RunningSandbox) -> Iterator[AppServer]:
    server = AppServer(sandbox.url, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)
    yield server
    server.close()
