"""A child that dies is started again, each time after a longer pause."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keito_books.cli.service import Service, pause_before_restart, without_our_settings
from processes import is_alive, soon


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (7, 30.0), (5_000, 30.0)])
def test_the_pause_doubles_up_to_half_a_minute(deaths: int, seconds: float) -> None:
    assert pause_before_restart(deaths) == seconds


def test_a_child_that_dies_is_started_again_when_its_pause_is_over(tmp_path: Path) -> None:
    service = _service(tmp_path, "exit 3")
    service.start(now=100.0)
    first = _wait_for_end(service)

    noticed = service.keep_alive(now=101.0)
    too_early = service.keep_alive(now=101.4)
    restarted = service.keep_alive(now=101.5)

    assert noticed is not None
    assert "The clerk stopped with code 3; starting it again in 0.5 s" in noticed
    assert too_early is None
    assert restarted == "The clerk was started again."
    assert _wait_for_end(service) != first


def test_the_pause_grows_while_a_child_keeps_dying_and_is_short_again_after_a_good_minute(tmp_path: Path) -> None:
    service = _service(tmp_path, "exit 3")
    pauses = []
    for started, died in ((0.0, 1.0), (2.0, 3.0), (5.0, 80.0)):
        service.start(now=started)
        _wait_for_end(service)
        pauses.append(service.keep_alive(now=died))

    assert [str(pause).partition("again in ")[2].partition(".")[0] for pause in pauses] == ["0", "1 s", "0"]


def test_a_child_that_will_not_stop_is_killed_with_its_own_children(tmp_path: Path) -> None:
    service = _service(tmp_path, "trap '' TERM; sleep 60 & echo $!; wait; sleep 60")
    service.start(now=0.0)
    grandchild = _first_line(service.log)

    service.ask_to_stop()
    service.see_stopped(patience_seconds=0.1)

    assert service.exit_code == -9
    assert soon(lambda: not is_alive(int(grandchild)))


def test_the_sandbox_gets_none_of_our_secrets() -> None:
    environ = {"PATH": "/bin", "KEITO_SECRET_KEY": "s", "XERO_CLIENT_SECRET": "t", "DATABASE_URL": "u"}

    assert without_our_settings(environ) == {"PATH": "/bin"}


def test_the_supervisor_never_loads_django() -> None:
    seen = subprocess.run(
        [sys.executable, "-c", "import sys, keito_books.cli.main; print('django' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert seen.stdout.strip() == "False"


def _service(folder: Path, script: str) -> Service:
    return Service("clerk", ["/bin/sh", "-c", script], {"PATH": "/usr/bin:/bin"}, folder / "logs" / "clerk.log")


def _wait_for_end(service: Service) -> int | None:
    assert soon(lambda: service.exit_code is not None)
    return service.pid


def _first_line(log: Path) -> str:
    assert soon(lambda: log.read_text().endswith("\n"))
    return log.read_text().splitlines()[0]
