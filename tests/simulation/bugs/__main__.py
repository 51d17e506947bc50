"""Show how many seeds each planted mistake took: `PYTHONPATH=src:tests python -m simulation.bugs [words of one]`."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import nullcontext
from dataclasses import replace

from simulation.database import set_up_django


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulation.bugs", description=__doc__)
    parser.add_argument("words", nargs="?", default="", help="only bugs whose name holds these words")
    parser.add_argument("--without", action="store_true", help="run the same schedules with the right code")
    return parser.parse_args()


def main() -> int:
    url_of = set_up_django()
    # Django must be set up before anything that has models is imported.
    from simulation.bugs.finding import hunt  # noqa: PLC0415
    from simulation.bugs.planted import BUGS  # noqa: PLC0415
    from simulation.stage import built_stage  # noqa: PLC0415

    asked = _asked()
    missed = 0
    with built_stage(url_of) as stage:
        for bug in BUGS:
            if asked.words not in bug.name:
                continue
            started = time.perf_counter()
            if asked.without:
                bug = replace(bug, planted=nullcontext)  # noqa: PLW2901  the same scenario with right code
            found = hunt(stage, bug)
            missed += not found.seeds
            seconds = time.perf_counter() - started
            seeds = f"{found.seeds} of {bug.seeds}" if found.seeds else "NOT FOUND"
            print(f"{bug.name:<52} {seeds:>10} {seconds:6.1f} s  {found.violation[:110]}", flush=True)
    print(f"{len(BUGS) - missed} of {len(BUGS)} found")
    return int(bool(missed)) if not asked.without else int(missed < len(BUGS))


if __name__ == "__main__":
    sys.exit(main())
