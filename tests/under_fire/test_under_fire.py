"""A short run under fire; the long one is a command: see the package's first lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN_TIMEOUT_SECONDS = 280


@pytest.mark.fault("F08", "F104")
@pytest.mark.timeout(300)
@pytest.mark.fault("F08", "F104")
def test_nothing_is_lost_or_doubled_while_everything_is_killed(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    options = ["--minutes", "0.8", "--seed", "7", "--figures", str(kept)]

    ran = subprocess.run(
        [sys.executable, "-m", "under_fire", *options],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_SECONDS,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr[-3000:]
    figures = json.loads(kept.read_text())
    assert not any(figures["wrong"].values())
    assert figures["kills"] >= 5
    assert sum(figures["operations"].values()) >= 50
