"""Turn the tree of a filter into a test of records."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from xero_sandbox.where.parse import parse
from xero_sandbox.where.tree import Compare, Every, Holds, Literal, Method, Named, Node, Not, Operand, Some, Value
from xero_sandbox.wire.errors import BadQuery
from xero_sandbox.wire.texts import plain_text

Record = TypeVar("Record")
Getter = Callable[[Record], Any]
ORDERINGS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Field(Generic[Record]):
    kind: Kind
    read: Getter[Record]


@dataclass(frozen=True, slots=True)
class Where(Generic[Record]):
    """A filter, ready to test records."""

    accepts: Callable[[Record], bool]
    equalities: Mapping[str, str]  # texts that a field must equal, as written: what an index can answer


def read_where(source: str, fields: Mapping[str, Field[Record]]) -> Where[Record]:
    """Return the filter over these fields (names in lower case); raises BadQuery."""
    tree = parse(source)
    return Where(_Compiler(fields).node(tree), _equalities(tree))


def _equalities(tree: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in tree.parts if isinstance(tree, Every) else (tree,):
        match part:
            case Compare(Named(name), "==", Literal(str(text))) | Compare(Literal(str(text)), "==", Named(name)):
                found[name] = text
    return found


class _Compiler(Generic[Record]):
    def __init__(self, fields: Mapping[str, Field[Record]]) -> None:
        self._fields = fields

    def node(self, node: Node) -> Callable[[Record], bool]:
        match node:
            case Every(parts):
                tests = [self.node(part) for part in parts]
                return lambda record: all(test(record) for test in tests)
            case Some(parts):
                tests = [self.node(part) for part in parts]
                return lambda record: any(test(record) for test in tests)
            case Not(inner):
                test = self.node(inner)
                return lambda record: not test(record)
            case Holds(operand):
                return self._truth(operand)
            case Compare(left, sign, right):
                return self._comparison(left, sign, right)

    def _truth(self, operand: Operand) -> Callable[[Record], bool]:
        kind, read = self._operand(operand)
        if kind is not Kind.FLAG:
            raise BadQuery("The filter holds a value that is neither true nor false")
        return lambda record: read(record) is True

    def _comparison(self, left: Operand, sign: str, right: Operand) -> Callable[[Record], bool]:
        left_kind, read_left = self._operand(left)
        right_kind, read_right = self._operand(right)
        if left_kind and right_kind and left_kind is not right_kind:
            raise BadQuery(f"The filter compares a {left_kind} with a {right_kind}")
        if sign in ("==", "!="):
            wanted = sign == "=="
            return lambda record: (read_left(record) == read_right(record)) is wanted
        if Kind.FLAG in (left_kind, right_kind):
            raise BadQuery("The filter asks whether one truth is greater than another")
        compare = ORDERINGS[sign]

        def ordered(record: Record) -> bool:
            first, second = read_left(record), read_right(record)
            return first is not None and second is not None and bool(compare(first, second))

        return ordered

    def _operand(self, operand: Operand) -> tuple[Kind | None, Getter[Record]]:
        """Return the kind (None: null, which compares with all) and a reader of comparable values."""
        match operand:
            case Literal(value):
                kind = _kind(value)
                fixed = _comparable(kind, value)
                return kind, lambda _record: fixed
            case Named(name):
                field = self._fields.get(name)
                if field is None:
                    raise BadQuery(f"The filter names {name}, which is no field of this list")
                return field.kind, lambda record: _comparable(field.kind, field.read(record))
            case Method(on, name, argument):
                return self._called(on, name, argument)

    def _called(self, on: Operand, name: str, argument: Operand | None) -> tuple[Kind, Getter[Record]]:
        kind, read = self._operand(on)
        if kind is not Kind.TEXT:
            raise BadQuery(f"The filter calls {name} on what is no text")
        if argument is None:
            return Kind.TEXT, read  # ToLower and ToUpper: comparison ignores case anyway
        argument_kind, read_argument = self._operand(argument)
        if argument_kind is not Kind.TEXT:
            raise BadQuery(f"The filter calls {name} with what is no text")

        def called(record: Record) -> bool:
            text, part = read(record) or "", read_argument(record) or ""
            if name == "contains":
                return part in text
            return bool(text.startswith(part) if name == "startswith" else text.endswith(part))

        return Kind.FLAG, called


def _kind(value: Value) -> Kind | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return Kind.FLAG
    if isinstance(value, Decimal):
        return Kind.NUMBER
    return Kind.DATE if isinstance(value, datetime) else Kind.TEXT


def _comparable(kind: Kind | None, value: Any) -> Any:  # a record's value of any kind
    if kind is Kind.TEXT:
        return plain_text(value) if value else None
    if kind is Kind.DATE and isinstance(value, date):
        return _naive(value)
    return value


def _naive(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # a calendar date
