"""Print how the code stands against the house style: lengths of files and functions, and exceptions asked for."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src/keito_books", "src/xero_sandbox", "tests", "bootstrap", "benchmarks")
FILE_AIM, FILE_LIMIT = 80, 400
FUNCTION_AIM, FUNCTION_LIMIT = 8, 50
EXCEPTIONS = {
    "type: ignore": re.compile(r"#\s*type:\s*ignore"),
    "noqa": re.compile(r"#\s*noqa"),
    "fmt: off or skip": re.compile(r"#\s*fmt:\s*(off|skip)"),
    "TODO, FIXME, XXX": re.compile(r"#.*\b(TODO|FIXME|XXX)\b"),
}


@dataclass(frozen=True, slots=True)
class Length:
    where: str
    lines: int


def main() -> None:
    for folder in FOLDERS:
        sources = [path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts]
        if sources:
            _report(folder, sources)


def _report(folder: str, sources: list[Path]) -> None:
    files = [Length(str(path.relative_to(ROOT)), len(path.read_text().splitlines())) for path in sources]
    functions = [length for path in sources for length in _functions(path)]
    print(f"{folder}: {sum(file.lines for file in files)} lines")
    _print_lengths("files", files, aim=FILE_AIM, limit=FILE_LIMIT)
    _print_lengths("functions", functions, aim=FUNCTION_AIM, limit=FUNCTION_LIMIT)
    exceptions = _exceptions(sources)
    print("  exceptions:", ", ".join(f"{exceptions[name]} {name}" for name in EXCEPTIONS))


def _print_lengths(kind: str, lengths: list[Length], *, aim: int, limit: int) -> None:
    lines = [length.lines for length in lengths]
    within = sum(each <= aim for each in lines) * 100 // max(len(lines), 1)
    middle = statistics.median(lines) if lines else 0
    print(f"  {len(lines)} {kind}: median {middle:g} lines, longest {max(lines, default=0)}, {within}% within {aim}")
    for length in sorted(lengths, key=lambda each: -each.lines):
        if length.lines > limit:
            print(f"    over {limit}: {length.where} ({length.lines})")


def _functions(path: Path) -> Iterator[Length]:
    """Yield each function with the lines from its name to its end, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            yield Length(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines)


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return (first.end_lineno or first.lineno) - first.lineno + 1 if is_docstring else 0


def _exceptions(sources: list[Path]) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in sources:
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
            if token.type == tokenize.COMMENT:
                found.update(name for name, pattern in EXCEPTIONS.items() if pattern.search(token.string))
    return found


if __name__ == "__main__":
    main()
