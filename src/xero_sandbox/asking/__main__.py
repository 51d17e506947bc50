"""Ask a demo company: `XERO_TOKEN=... python -m xero_sandbox.asking --tenant ID [--url https://api.xero.com]`."""

from __future__ import annotations

import argparse
import os
import sys

from xero_sandbox.asking.api import Api, CannotAsk
from xero_sandbox.asking.bench import set_up
from xero_sandbox.asking.questions import QUESTIONS


def main() -> None:
    options = _read_options()
    token = os.environ.get("XERO_TOKEN", "")
    if not token:
        sys.exit("Put an access token into XERO_TOKEN: an argument would show in the list of processes.")
    try:
        differing = ask_all(Api(options.url, token, options.tenant))
    except CannotAsk as problem:
        sys.exit(str(problem))
    sys.exit(1 if differing else 0)


def ask_all(api: Api) -> list[str]:
    """Ask and print; return the numbers of the questions whose answer is another than the sandbox assumes."""
    bench = set_up(api)
    differing: list[str] = []
    for question in QUESTIONS:
        found = question.ask(bench)
        same = found == question.assumed
        if not same:
            differing.append(question.number)
        print(f"{'same   ' if same else 'DIFFERS'} {question.number:>3}  {question.words}: {found}")  # noqa: T201  # its report
        if not same:
            print(f"             the sandbox assumes: {question.assumed}")  # noqa: T201  # the same
    told = f"{len(differing)} of {len(QUESTIONS)} answers differ from what the sandbox assumes."
    print(f"{told} What was written is marked ASK-{bench.run}.")  # noqa: T201  # the same
    return differing


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("xero_sandbox.asking", description="Ask a demo company what nobody wrote down.")
    parser.add_argument("--tenant", required=True, help="the tenant id of a demo company; others are refused")
    parser.add_argument("--url", default="https://api.xero.com")
    return parser.parse_args()


if __name__ == "__main__":
    main()
