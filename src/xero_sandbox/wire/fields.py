"""Read the members of a JSON object that a client sent, each with its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from xero_sandbox.wire.dates import read_day
from xero_sandbox.wire.errors import BadGuid, BadPost

AMOUNT_MAX = Decimal(10) ** 13
FINEST = Decimal("1e-20")
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NO_GUID = "00000000-0000-0000-0000-000000000000"


def read_guid(text: str) -> str:
    """Return it in lower case; raises BadGuid."""
    plain = text.strip().lower().strip("{}")
    if not _GUID.fullmatch(plain):
        raise BadGuid(text)
    return plain


def looks_like_guid(text: str) -> bool:
    return _GUID.fullmatch(text.strip().lower()) is not None


class Fields:
    """One object of the request. An absent member and a null one are the same: None.

    Every reader raises BadPost when the member has another type than it must have.
    """

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        self.values = values
        self.name = name

    def has(self, member: str) -> bool:
        return self.values.get(member) is not None

    def text(self, member: str) -> str | None:
        value = self.values.get(member)
        if value is None:
            return None
        if isinstance(value, str):
            if not value.isprintable() and _CONTROL.search(value):
                raise BadPost(f"{self.name}.{member} holds a control character")
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise BadPost(f"{self.name}.{member} must be a text")
        return str(value)

    def stripped(self, member: str) -> str | None:
        value = self.values.get(member)
        if value is None:
            return None
        if type(value) is str and value.isprintable():  # nearly always
            return value.strip()
        text = self.text(member)
        return None if text is None else text.strip()

    def decimal(self, member: str) -> Decimal | None:
        """Return a number, also one written as a text, as older samples do."""
        value = self.values.get(member)
        if value is None or (type(value) is str and not value):
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise BadPost(f"{self.name}.{member} must be a number")
        try:
            number = value if type(value) is Decimal else Decimal(value)
            in_range = -AMOUNT_MAX < number < AMOUNT_MAX
            _EXACT.quantize(number, FINEST)
        except Inexact as problem:
            raise BadPost(f"{self.name}.{member} is out of range") from problem
        except InvalidOperation as problem:
            raise BadPost(f"{self.name}.{member} must be a number") from problem
        if not in_range:
            raise BadPost(f"{self.name}.{member} is out of range")
        return number

    def day(self, member: str) -> date | None:
        value = self.values.get(member)
        if value is None or value == "":
            return None
        try:
            return read_day(str(value))
        except ValueError as problem:
            raise BadPost(f"{self.name}.{member} must be a date, as 2026-11-22") from problem

    def flag(self, member: str) -> bool | None:
        value = self.values.get(member)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise BadPost(f"{self.name}.{member} must be true or false")

    def whole(self, member: str) -> int | None:
        value = self.decimal(member)
        if value is None:
            return None
        if value != value.to_integral_value():
            raise BadPost(f"{self.name}.{member} must be a whole number")
        return int(value)

    def guid(self, member: str) -> str | None:
        """Return an identifier; raises BadGuid. The all-zero one stands for none."""
        value = self.text(member) if member in self.values else None
        if not value:
            return None
        guid = read_guid(value)
        return None if guid == NO_GUID else guid

    def child(self, member: str) -> Fields | None:
        value = self.values.get(member)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise BadPost(f"{self.name}.{member} must be an object")
        return Fields(value, member)

    def children(self, member: str) -> list[Fields] | None:
        value = self.values.get(member)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise BadPost(f"{self.name}.{member} must be a list of objects")
        return [Fields(one, member) for one in value]
