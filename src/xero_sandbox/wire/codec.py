"""JSON in and out, with Decimal both ways and never a float."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

from xero_sandbox.wire.errors import BadPost

_ENCODER = msgspec.json.Encoder(decimal_format="number")
DEPTH_MAX = 40


def encode(value: object) -> bytes:
    return _ENCODER.encode(value)


def decode(body: bytes) -> Any:  # JSON of any shape
    """Return what the body says; raises BadPost when it is no JSON that could be stored."""
    if body[:1] == b"<":
        raise BadPost("The sandbox reads JSON only: send Content-Type: application/json and a JSON body")
    try:
        value = json.loads(body, parse_float=Decimal, parse_int=_whole, parse_constant=_no_constant)
        if b"\\u" in body:
            _refuse_unwritable(value, DEPTH_MAX)
    except (ValueError, RecursionError, ArithmeticError) as problem:
        raise BadPost("The JSON in the request body could not be read") from problem
    return value


def _whole(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004  # longer than any amount or id; unlimited digits cost quadratic time
        raise ValueError("Too many digits")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _refuse_unwritable(value: object, depth: int) -> None:
    """Refuse half a surrogate pair: JSON can say it, UTF-8 cannot write it."""
    if depth < 0:
        raise ValueError("Nested too deeply")
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for name, inner in value.items():
            name.encode()
            _refuse_unwritable(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _refuse_unwritable(inner, depth - 1)
