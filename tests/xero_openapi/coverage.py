"""Write docs/xero-sandbox/coverage.md: run the sandbox's tests and note which routes they reach.

PYTHONPATH=src:tests python -m xero_openapi.coverage [test file ...]

With test files it runs only those, and keeps what the page says of the others.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from xero_openapi.deviations import DEVIATIONS
from xero_openapi.specification import ACCOUNTING, APIS, ROOT, Operation, document, needed, operations
from xero_openapi.watching import take_routes
from xero_sandbox.accounting.endpoints import ENDPOINTS
from xero_sandbox.identity.routes import routes as identity_routes

PAGE = ROOT / "docs" / "xero-sandbox" / "coverage.md"
TESTS = ROOT / "tests" / "xero_sandbox"
ITS_OWN_TEST = TESTS / "test_coverage_page.py"
FUZZ_ONLY = "fuzz cases"  # test_fuzz.py asks every route
Reached = Mapping[str, Iterable[str]]  # route -> names of test files
_ROW = re.compile(r"^\| `([A-Z]+ [^`]+)` \| (?:yes|no) \| [^|]* \| ([^|]*) \|$", re.MULTILINE)
_PART = re.compile(r"\{[^}]*\}")

HEAD = """\
# What the sandbox covers of Xero's specification

Written by `PYTHONPATH=src:tests python -m xero_openapi.coverage`, which runs the sandbox's tests; do not edit it.

Every JSON reply that a sandbox gives in any test of this project is compared with Xero's OpenAPI files ({versions}),
read strictly: no member that they do not name, ids and dates in their exact form. A 401 and a 403 are compared with
the gateway's form, a 400 with the specification's. What scripted trouble changed is left out, and so is what a refused
element echoes: it says what was asked.
"""


def page(reached: Reached) -> str:
    """Return the whole page."""
    mine = [one for one in operations() if is_implemented(one)]
    others = [one for one in operations() if not is_implemented(one)]
    versions = ", ".join(f"{document(api)['info']['title']} {document(api)['info']['version']}" for api in APIS)
    return "\n".join(
        [
            HEAD.format(versions=versions),
            f"## Imitated: {len(mine)} of {len(mine) + len(others)} routes\n",
            "| route | implemented | reply compared | shown by |\n|---|---|---|---|",
            *(f"| `{one.route}` | yes | {_compared(one)} | {_shown_by(one, reached)} |" for one in mine),
            "\n## Where recorded replies differ from the specification\n",
            "Section numbers are those of the reference on Xero's API that this project was built from.\n",
            "| schema | members | why |\n|---|---|---|",
            *(
                f"| {one.schema} | {', '.join(f'`{name}`' for name in one.members)} | {one.reason} |"
                for one in DEVIATIONS
            ),
            "\n## Not imitated\n",
            "These answer 404 and say so, or 501 where the path has other methods.\n",
            "| path | methods |\n|---|---|",
            *(f"| `{path}` | {', '.join(methods)} |" for path, methods in _by_path(others).items()),
            "",
        ]
    )


def is_implemented(operation: Operation) -> bool:
    if operation.api is ACCOUNTING:
        return (operation.method, _shape(operation.path)) in _ACCOUNTING_ROUTES
    return (operation.method, _shape(operation.path)) in _IDENTITY_ROUTES


def reached_on(text: str) -> dict[str, list[str]]:
    """Return what a written page says about who reaches what."""
    return {route: files.split(", ") for route, files in _ROW.findall(text) if files != FUZZ_ONLY}


def main() -> int:
    needed()
    recorder = Recorder(reached_on(PAGE.read_text(encoding="utf-8")) if sys.argv[1:] else {})
    quietly = ["-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # we came first
    outcome = pytest.main([*quietly, f"--ignore={ITS_OWN_TEST}", *(sys.argv[1:] or [str(TESTS)])], plugins=[recorder])
    if outcome in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        PAGE.write_text(page(recorder.reached()), encoding="utf-8")
        print(f"Wrote {PAGE.relative_to(ROOT)}")  # noqa: T201  # a command says what it did
    return int(outcome)


class Recorder:
    """Notes, after each test, which routes gave it an answer."""

    def __init__(self, known: Reached) -> None:
        self._files: dict[str, set[str]] = defaultdict(set, {route: set(files) for route, files in known.items()})

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        for route in take_routes():
            self._files[route].add(Path(item.path).stem)

    def reached(self) -> Reached:
        return {route: sorted(files) for route, files in self._files.items()}


def _shown_by(operation: Operation, reached: Reached) -> str:
    return ", ".join(reached.get(operation.route, ())) or FUZZ_ONLY


def _compared(operation: Operation) -> str:
    schema = operation.replies.get("200")
    return f"as {schema}" if schema else "no JSON"


def _by_path(others: Iterable[Operation]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in others:
        found[one.path].append(one.method)
    return found


def _shape(path: str) -> str:
    return _PART.sub("{}", path).lower()


_ACCOUNTING_ROUTES = {(one.method, _shape("/" + "/".join(one.path))) for one in ENDPOINTS}
_IDENTITY_ROUTES = {(method, _shape(one.path)) for one in identity_routes for method in one.methods or ()}

if __name__ == "__main__":
    sys.exit(main())
