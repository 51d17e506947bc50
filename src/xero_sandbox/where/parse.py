"""Read a filter into its tree, by descent over the grammar of this package."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from xero_sandbox.where.tokens import Token, tokens, unquoted
from xero_sandbox.where.tree import Compare, Every, Holds, Literal, Method, Named, Node, Not, Operand, Some, Value
from xero_sandbox.wire.errors import BadGuid, BadQuery
from xero_sandbox.wire.fields import read_guid

DEPTH_MAX = 60
COMPARISONS = ("==", "=", "!=", ">", ">=", "<", "<=")
METHODS = {"contains": 1, "startswith": 1, "endswith": 1, "tolower": 0, "toupper": 0}
CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}


def parse(source: str) -> Node:
    """Return the tree; raises BadQuery, which names the place."""
    reader = _Reader(tokens(source))
    node = reader.expression(0)
    reader.expect("end", "")
    return node


class _Reader:
    def __init__(self, read: list[Token]) -> None:
        self._tokens = read
        self._position = 0

    def expression(self, depth: int) -> Node:
        parts = [self._conjunction(depth)]
        while self._takes("||", "or"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _conjunction(self, depth: int) -> Node:
        parts = [self._negation(depth)]
        while self._takes("&&", "and"):
            parts.append(self._negation(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _negation(self, depth: int) -> Node:
        if depth > DEPTH_MAX:
            raise BadQuery("The filter is nested too deeply")
        if self._takes("!"):
            return Not(self._negation(depth + 1))
        if self._takes("("):
            inner = self.expression(depth + 1)
            self.expect("symbol", ")")
            return inner
        return self._test()

    def _test(self) -> Node:
        left = self._operand()
        operator = self._here
        if operator.kind == "symbol" and operator.value in COMPARISONS:
            self._position += 1
            return Compare(left, "==" if operator.value == "=" else operator.value, self._operand())
        return Holds(left)

    def _operand(self) -> Operand:
        token = self._here
        self._position += 1
        operand: Operand
        if token.kind == "text":
            operand = Literal(unquoted(token.value))
        elif token.kind == "number":
            operand = Literal(Decimal(token.value))
        elif token.kind == "word":
            operand = self._word(token)
        else:
            raise self._unexpected(token)
        while isinstance(operand, Literal) and self._is("symbol", "."):
            self._position += 1
            operand = self._method(operand, self.expect("word"))
        return operand

    def _word(self, token: Token) -> Operand:
        word = token.value.lower()
        if word in CONSTANTS:
            return Literal(CONSTANTS[word])
        if word == "guid" and self._is("symbol", "("):
            return Literal(self._guid())
        if word == "datetime" and self._is("symbol", "("):
            return Literal(self._moment())
        return self._field(word)

    def _field(self, first: str) -> Operand:
        names = [first]
        while self._is("symbol", "."):
            self._position += 1
            name = self.expect("word")
            if self._is("symbol", "("):
                operand: Operand = self._method(Named(".".join(names)), name)
                while self._is("symbol", "."):
                    self._position += 1
                    operand = self._method(operand, self.expect("word"))
                return operand
            names.append(name.value.lower())
        return Named(".".join(names))

    def _method(self, on: Operand, name: Token) -> Operand:
        method = name.value.lower()
        if method not in METHODS:
            raise BadQuery(f"The filter has no method {name.value}")
        self.expect("symbol", "(")
        argument = self._operand() if METHODS[method] else None
        self.expect("symbol", ")")
        return Method(on, method, argument)

    def _guid(self) -> str:
        self.expect("symbol", "(")
        text = unquoted(self.expect("text").value)
        self.expect("symbol", ")")
        try:
            return read_guid(text)
        except BadGuid as problem:
            raise BadQuery(f"{text} is no guid") from problem

    def _moment(self) -> datetime:
        self.expect("symbol", "(")
        numbers = [self._whole()]
        while self._takes(","):
            numbers.append(self._whole())
        self.expect("symbol", ")")
        if len(numbers) not in (3, 6):
            raise BadQuery("DateTime takes a year, a month and a day, and perhaps a time")
        try:
            year, month, day, hour, minute, second = [*numbers, 0, 0, 0][:6]
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # a calendar date, without a zone
        except (ValueError, OverflowError) as problem:
            raise BadQuery("DateTime names no day of the calendar") from problem

    def _whole(self) -> int:
        token = self.expect("number")
        if not token.value.isdigit() or len(token.value) > 4:  # noqa: PLR2004  # a year's digits
            raise self._unexpected(token)
        return int(token.value)

    # The tokens

    @property
    def _here(self) -> Token:
        return self._tokens[min(self._position, len(self._tokens) - 1)]

    def _is(self, kind: str, value: str) -> bool:
        return self._here.kind == kind and self._here.value == value

    def _takes(self, *values: str) -> bool:
        token = self._here
        found = token.kind in ("symbol", "word") and token.value.lower() in values
        self._position += found
        return found

    def expect(self, kind: str, value: str | None = None) -> Token:
        token = self._here
        if token.kind != kind or (value is not None and token.value != value):
            raise self._unexpected(token)
        self._position += 1
        return token

    def _unexpected(self, token: Token) -> BadQuery:
        what = "ends too early" if token.kind == "end" else f"could not be read at character {token.at + 1}"
        return BadQuery(f"The filter {what}")
