"""One stage for all tests here, in a database of its own on the server of the test session."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from database_server import Session
from simulation.stage import Stage, built_stage


@pytest.fixture(scope="session")
def _stage(test_session: Session, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    name = f"simulation_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock(), built_stage(test_session.database_url, name) as built:
        yield built


@pytest.fixture
def stage(_stage: Stage, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock():
        yield _stage
