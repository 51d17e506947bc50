"""The units restart what ends, give a call the time to be recorded, and take every right that is not needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from keito_books.cli.django_side import STOP_PATIENCE_SECONDS

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
ALL = ["web", "worker", "migrate"]


def settings_of(name: str) -> dict[str, str]:
    lines = (UNITS / f"keito-books-{name}.service").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {key: value for key, _, value in pairs}


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_ends_is_started_again_whatever_its_code(name: str) -> None:
    unit = settings_of(name)

    assert unit["Restart"] == "always"
    # Without it, systemd gives up after five deaths, which a database that restarts slowly brings about.
    assert unit["StartLimitIntervalSec"] == "0"
    assert float(unit["TimeoutStopSec"]) > STOP_PATIENCE_SECONDS


@pytest.mark.parametrize("name", ALL)
def test_a_unit_runs_without_root_and_sees_a_read_only_system(name: str) -> None:
    unit = settings_of(name)

    assert unit["User"] == "keito-books"
    assert unit["CapabilityBoundingSet"] == ""
    assert (unit["ProtectSystem"], unit["ProtectHome"], unit["NoNewPrivileges"]) == ("strict", "yes", "yes")


@pytest.mark.parametrize("name", ALL)
def test_a_unit_holds_no_secret_itself(name: str) -> None:
    unit = settings_of(name)

    assert unit["EnvironmentFile"] == "/etc/keito-books.env"
    assert "Environment" not in unit
