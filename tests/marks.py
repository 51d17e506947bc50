"""Read from the tests' source which of them carry a marker with ids, for the pages that are generated from it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@cache
def marked(marker: str, tests: Path = ROOT / "tests") -> dict[str, list[str]]:
    """Return id -> tests that carry @pytest.mark.<marker>(id, ...), as `file::test`."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        place = file.relative_to(tests.parent).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for each in _ids(node, f"pytest.mark.{marker}"):
                    found[each].append(f"{place}::{node.name}")
    return dict(found)


def in_a_cell(tests: Sequence[str]) -> str:
    """Return the names of tests as they stand in a cell of a table."""
    return "<br>".join(f"`{each}`" for each in tests)


def _ids(node: ast.FunctionDef | ast.AsyncFunctionDef, marker: str) -> list[str]:
    return [
        str(argument.value)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == marker
        for argument in decorator.args
        if isinstance(argument, ast.Constant)
    ]
