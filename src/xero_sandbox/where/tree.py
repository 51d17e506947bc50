"""What a filter says, as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Value = str | Decimal | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Named:
    """A field, by its whole name in lower case."""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    on: Operand
    name: str
    argument: Operand | None


@dataclass(frozen=True, slots=True)
class Compare:
    left: Operand
    operator: str
    right: Operand


@dataclass(frozen=True, slots=True)
class Holds:
    """An operand that is true or false by itself, as `Name.Contains("x")`."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Not:
    inner: Node


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Node, ...]


Operand = Literal | Named | Method
Node = Compare | Holds | Not | Every | Some
