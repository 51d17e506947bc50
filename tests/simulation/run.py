"""Run many schedules: `PYTHONPATH=src:tests python -m simulation.run --schedules 10000 --seed 1`.

`SEED=17 python -m simulation.run` runs one and prints its trace. Ends with 1 and the seed when an invariant breaks.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from simulation.database import set_up_django

_KINDS = ("fault ", "deed ", "edit ", "job ", "died ", "")


@dataclass(slots=True)
class Totals:
    """What many schedules came to."""

    schedules: int = 0
    hours: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[tuple[int, str]] = field(default_factory=list)


def main() -> int:
    asked = _asked()
    url_of = set_up_django()
    # Django must be set up before anything that has models is imported.
    from simulation.plan import drawn  # noqa: PLC0415
    from simulation.schedule import run  # noqa: PLC0415
    from simulation.stage import built_stage  # noqa: PLC0415

    replayed = os.environ.get("SEED")
    totals = Totals()
    with built_stage(url_of) as stage:
        gc.collect()
        gc.freeze()
        if replayed:
            outcome = run(stage, drawn(int(replayed), skewed=asked.skewed))
            print(*outcome.trace.lines, f"trace {outcome.trace.hash}", sep="\n")
            return 1 if outcome.violation else 0
        started = time.perf_counter()
        for seed in range(asked.seed, asked.seed + asked.schedules):
            outcome = run(stage, drawn(seed, skewed=asked.skewed))
            totals.schedules += 1
            totals.hours += outcome.hours
            totals.counts += outcome.trace.counts
            if outcome.violation:
                totals.violations.append((seed, outcome.violation))
                print(f"seed {seed}: {outcome.violation}\n  replay: SEED={seed} python -m simulation.run", flush=True)
                if not asked.go_on:
                    break
        _tell(totals, time.perf_counter() - started)
    return 1 if totals.violations else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulation.run", description=__doc__)
    parser.add_argument("--schedules", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="the first seed; the others follow")
    parser.add_argument("--skewed", action="store_true", help="let workers' clocks be up to ten minutes off")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first violation")
    return parser.parse_args()


def _tell(totals: Totals, seconds: float) -> None:
    speed = totals.schedules / seconds
    print(f"{totals.schedules} schedules, {totals.hours:.0f} virtual hours, {speed:.1f} schedules/s, {seconds:.0f} s")
    for kind in _KINDS:
        mine = {name: number for name, number in totals.counts.items() if name.startswith(kind) and name}
        for name in mine:
            del totals.counts[name]
        for name, number in sorted(mine.items(), key=lambda pair: -pair[1]):
            print(f"  {number:>8}  {name}")
    print(f"{len(totals.violations)} violations")


if __name__ == "__main__":
    sys.exit(main())
