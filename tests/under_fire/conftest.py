"""A crew of workers whose time runs ten times faster than the wall's."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection as database
from pytest_django.fixtures import Settings

from database_server import Session
from keito_books.cli.plan import SANDBOX_CLIENT
from keito_books.cli.service import child_environment
from keito_books.syncing import clock
from under_fire.crew import Crew
from under_fire.organisations import Seat, make_world
from xero_sandbox.testing import RunningSandbox, running_sandbox

RATE = 10.0
ORGANISATIONS = 12
ENGINE_TABLES = "procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers, procrastinate_events"


@pytest.fixture(scope="session")
def shared_streets() -> Iterator[tuple[RunningSandbox, list[Seat], bytes]]:
    world, seats = make_world(ORGANISATIONS, ORGANISATIONS)
    with running_sandbox() as sandbox:
        yield sandbox, seats, world.export()


@pytest.fixture
def crew(
    transactional_db: None,
    shared_streets: tuple[RunningSandbox, list[Seat], bytes],
    settings: Settings,
    test_session: Session,
    tmp_path: Path,
) -> Iterator[Crew]:
    sandbox, seats, exported = shared_streets
    sandbox.door("PUT", "/state", json.loads(exported))
    since = datetime.now(UTC)
    settings.CLOCK_RATE, settings.CLOCK_SINCE = RATE, since
    settings.XERO_SANDBOX_URL = sandbox.url
    settings.XERO_CLIENT_ID = SANDBOX_CLIENT["XERO_CLIENT_ID"]
    settings.XERO_CLIENT_SECRET = SANDBOX_CLIENT["XERO_CLIENT_SECRET"]
    sandbox.door("POST", "/clock", {"set": clock.now().isoformat(), "rate": RATE})
    environment = {
        "DATABASE_URL": test_session.database_url(str(database.settings_dict["NAME"])),
        "KEITO_ENVIRONMENT": "test",
        "KEITO_TEST_CLOCK": f"{RATE} since {since.isoformat()}",
        "KEITO_LOG_LEVEL": "INFO",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "XERO_SANDBOX_URL": sandbox.url,
        **SANDBOX_CLIENT,
    }
    made = Crew(sandbox, seats, child_environment(environment), tmp_path)
    yield made
    made.dismiss()
    with database.cursor() as cursor:
        cursor.execute(f"TRUNCATE {ENGINE_TABLES} CASCADE")
