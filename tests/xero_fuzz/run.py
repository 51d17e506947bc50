"""Fuzz the sandbox: PYTHONPATH=src:tests python -m xero_fuzz.run [--cases 20000] [--seed 1].

Prints how many cases were sent and what was wrong; fails when anything was.
"""

from __future__ import annotations

import argparse
import sys
import time

from xero_fuzz.asking import Stage
from xero_fuzz.cases import try_operation
from xero_openapi.coverage import is_implemented
from xero_openapi.specification import needed, operations

SHARE_OF_OTHERS = 0.1  # routes that the sandbox does not imitate need few cases to answer 404


def main() -> int:
    parser = argparse.ArgumentParser("xero_fuzz", description="Send odd cases of Xero's OpenAPI to the sandbox.")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    needed()
    started = time.monotonic()
    stage = Stage()
    told = fuzz(stage, options.cases, options.seed)
    print(f"{stage.asked} cases, {len(told)} wrong, {time.monotonic() - started:.0f} s")  # noqa: T201  # its result
    print("\n".join(sorted(set(told))[:50]))  # noqa: T201  # the same
    return 1 if told else 0


def fuzz(stage: Stage, cases: int, seed: int) -> list[str]:
    """Send at least so many cases: a route that has fewer leaves its share to the next round, with another seed."""
    told = []
    while stage.asked < cases:
        told += _round(stage, cases - stage.asked, seed)
        seed += 1
    return told


def _round(stage: Stage, cases: int, seed: int) -> list[str]:
    """Share the cases among the routes, most to those that the sandbox imitates."""
    mine = [one.route for one in operations() if is_implemented(one)]
    others = [one.route for one in operations() if not is_implemented(one)]
    told = []
    for route in mine + others:
        share = (1 - SHARE_OF_OTHERS) / len(mine) if route in mine else SHARE_OF_OTHERS / len(others)
        told += try_operation(route, max(2, round(cases * share)), seed, stage.problems, stage.known_ids)
    return told


if __name__ == "__main__":
    sys.exit(main())
