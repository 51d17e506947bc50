"""Money never is a float: in no file that money passes on either side."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MONEY_PASSES = (
    "keito_books/money",
    "keito_books/accounting/documents.py",
    "keito_books/invoicing",
    "keito_books/mapping",
    "keito_books/providers/memory/payloads.py",
    *(f"keito_books/providers/xero/{name}.py" for name in ("arithmetic", "repair", "payloads", "replies", "wire")),
    "keito_books/syncing/translate.py",
    "keito_books/syncing/verification.py",
    "xero_sandbox/records",
    "xero_sandbox/rules",
    "xero_sandbox/seeds",
    "xero_sandbox/shapes",
    "xero_sandbox/wire",
)
FLOATS = frozenset(("float", "FloatField"))


def floats_in(source: str) -> Iterator[str]:
    """Yield each float literal, name of a float, and quotient of whole numbers."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float()):
                yield f"line {node.lineno}: {node.value!r}"
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in FLOATS:
                yield f"line {node.lineno}: {name}"
            case ast.BinOp(left=left, op=ast.Div(), right=right) if is_whole(left) and is_whole(right):
                yield f"line {node.lineno}: a quotient of whole numbers"


def is_whole(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int()):
            return True
        case ast.Call(func=ast.Name(id="int" | "len")):
            return True
    return False


def files() -> list[Path]:
    found = [SOURCE / each for each in MONEY_PASSES]
    return sorted(path for each in found for path in ([each] if each.is_file() else each.rglob("*.py")))


def test_no_file_that_money_passes_knows_floats() -> None:
    found = [f"{path.relative_to(SOURCE)} {where}" for path in files() for where in floats_in(path.read_text())]

    assert found == []


def test_every_place_is_there() -> None:
    assert all((SOURCE / each).exists() for each in MONEY_PASSES)
    assert len(files()) > len(MONEY_PASSES)


@pytest.mark.parametrize(
    "source",
    ["rate = 0.2", "rate = float(text)", "amount = models.FloatField()", "half = 1 / 2", "mean = total / 1.0"],
)
def test_a_float_is_found(source: str) -> None:
    assert list(floats_in(source))


def test_quotients_of_decimals_are_fine() -> None:
    assert list(floats_in("share = total / Decimal(3)")) == []
