"""Give every test that asks for a database one on the session's own PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from database_server import Session
from xero_openapi.specification import header
from xero_openapi.watching import take_problems

JOURNEYS = Path(__file__).parent / "journeys"

JOURNEY_TIMEOUT_SECONDS = 300  # the first one waits until the demo is seeded and every process answers

_session = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "run the sandbox's own tests against `python -m xero_sandbox` as a process, not against a thread"
    parser.addoption("--sandbox-process", action="store_true", help=told)


def pytest_report_header() -> list[str]:
    return header()


def pytest_configure(config: pytest.Config) -> None:
    # As the settings do for processes with KEITO_ENVIRONMENT=test; pytest-django has read them before us.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    is_worker = hasattr(config, "workerinput")
    config.stash[_session] = Session.join() if is_worker else Session.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    session = config.stash.get(_session, None)
    if session is not None:
        session.leave(last=not hasattr(config, "workerinput"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the journeys last: Playwright leaves an event loop behind, which Django and asyncio would stumble over."""
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(JOURNEY_TIMEOUT_SECONDS))
    items.sort(key=lambda item: JOURNEYS in item.path.parents)


@pytest.fixture(autouse=True)
def _sandbox_replies_are_xeros() -> Iterator[None]:
    """What the sandbox answered a test must be what Xero's specification and its recorded deviations allow."""
    yield
    problems = take_problems()
    if problems:
        pytest.fail("\n".join(["The sandbox answered what Xero's specification does not allow.", *problems]))


@pytest.fixture(scope="session")
def test_session(pytestconfig: pytest.Config) -> Session:
    return pytestconfig.stash[_session]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(test_session: Session, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Point Django at the session's server, on the first test that needs a database."""
    from keito_books.config import env  # noqa: PLC0415  # the same

    database = settings.DATABASES["default"]
    database.update(env.database(test_session.database_url(str(database["NAME"]))))
