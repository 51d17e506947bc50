"""A probe learns whether this process lives and is ready, without a session, a host name or a call to Xero."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from keito_books.syncing import readiness


@pytest.mark.django_db
def test_ready_tells_database_migrations_and_workers(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1 min')")

    with django_assert_num_queries(4):
        response = Browser().get("/health/ready")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json() == {
        "status": "ready",
        "database": True,
        "migrations_missing": 0,
        "workers_seen": 1,
        "accounting_last_called_at": None,
    }


@pytest.mark.django_db
def test_without_a_worker_pages_are_served_and_the_lack_is_told() -> None:
    response = Browser().get("/health/ready")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_makes_it_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'syncing' AND name = '0001_initial'")

    response = Browser().get("/health/ready")

    assert response.status_code == 503
    assert (response.json()["status"], response.json()["migrations_missing"]) == ("not ready", 1)


@pytest.mark.django_db
def test_a_database_without_our_tables_is_not_ready_and_is_no_error() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO somewhere_else")

    response = Browser().get("/health/ready")

    assert response.status_code == 503
    assert response.json()["migrations_missing"] == len(readiness._known_migrations())


@pytest.mark.django_db
def test_a_database_that_is_away_makes_it_not_ready_but_not_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    # A port that nobody listens on: a real outage, while the test's own connection stays usable.
    unreachable = connection.copy()
    unreachable.settings_dict = {**connection.settings_dict, "HOST": "127.0.0.1", "PORT": "1"}
    monkeypatch.setattr(readiness, "connection", unreachable)

    assert not readiness.readiness().is_ready
    assert Browser().get("/health/live").status_code == 200


@pytest.mark.parametrize("door", ["live", "ready"])
@pytest.mark.django_db
def test_a_probe_needs_no_known_host_and_no_https(door: str, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["books.example.com"]
    settings.SECURE_SSL_REDIRECT = True

    response = Browser().get(f"/health/{door}", headers={"host": "10.1.2.3:8000"})

    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("door", ["live", "ready"])
def test_a_probe_only_reads(door: str) -> None:
    assert Browser().post(f"/health/{door}").status_code == 405
