"""Read the options, run, print the figures. Ends with code 1 when anything is wrong."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from under_fire.figures import Figures
from under_fire.scene import Scene, scene


def main() -> None:
    options = _read_options()
    seconds = options.minutes * 60
    with scene(rate=options.rate, organisations=options.organisations, folder=options.folder) as built:
        figures = _run(built, options, seconds)
    print("\n".join(figures.lines()), flush=True)  # noqa: T201  # its report
    if options.figures:
        options.figures.write_text(json.dumps(figures.as_json(), indent=2))
    sys.exit(0 if figures.is_clean else 1)


def _run(built: Scene, options: argparse.Namespace, seconds: float) -> Figures:
    # Django's models can be imported only once the scene is set.
    from under_fire.course import run_course  # noqa: PLC0415

    return run_course(
        built,
        seed=options.seed,
        seconds=seconds,
        workers=options.workers,
        every_seconds=options.every,
        pause_seconds=options.pause,
        started_at=time.monotonic(),
    )


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("under_fire", description="Kill everything every few seconds, and count.")
    parser.add_argument("--minutes", type=float, default=2.0, help="how long it burns; settling comes on top")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--organisations", type=int, default=6)
    parser.add_argument("--every", type=float, default=1.3, help="seconds between two troubles, on average")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two acts of a person, on average")
    parser.add_argument("--rate", type=float, default=15.0, help="how many times faster time runs")
    parser.add_argument("--folder", type=Path, help="where to keep database and logs; without it nothing is kept")
    parser.add_argument("--figures", type=Path, metavar="FILE", help="write the figures there, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
