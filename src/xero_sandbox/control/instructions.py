"""Read a fault as the door receives it."""

from __future__ import annotations

import math
import re
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from xero_sandbox.control.kinds import ANSWER_HTML, CLOSE_AFTER_FIRST, KINDS, PROBLEMS, REDIRECT

SECONDS_MAX = 600
SIZE_MAX = 2_000_000_000
REDIRECTS = range(300, 400)
EXAMPLE = '{"route": "PUT /Invoices", "then": "answer 500", "times": 1}'
ROOTS = ("/connect/", "/connections", "/identity/", "/api.xro/", "/Connections", "/.well-known", "/*")

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
HeaderText = Annotated[str, Meta(pattern=r"^[\x21-\x7e]([\x20-\x7e]{0,1000}[\x21-\x7e])?$")]


class NotAFault(ValueError):
    """The fault cannot be understood; the sentence says why."""


class Instruction(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    route: str
    then: str
    times: Annotated[int, Meta(ge=1)] | None = 1
    skip: Count = 0
    probability: Annotated[float, Meta(ge=0, le=1)] = 1.0
    seed: int = 0
    seconds: Annotated[float, Meta(ge=0, le=SECONDS_MAX)] = 5.0
    problem: str = ""
    retry_after: int | HeaderText | UnsetType | None = UNSET
    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    location: HeaderText | None = None
    size: Annotated[int, Meta(ge=100, le=SIZE_MAX)] = 100_000_000
    bytes_per_second: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


def read_instruction(asked: object) -> Instruction:
    """Return what was asked, each member within its bounds; raises NotAFault."""
    if not isinstance(asked, dict):
        raise NotAFault(f"A fault is a JSON object, as {EXAMPLE}.")
    try:
        instruction = msgspec.convert(asked, Instruction)
    except msgspec.ValidationError as problem:
        raise NotAFault(f"The fault could not be read: {problem}. A fault looks like {EXAMPLE}.") from problem
    if not math.isfinite(instruction.seconds) or not math.isfinite(instruction.probability):
        raise NotAFault('"seconds" and "probability" must be numbers.')
    return instruction


def read_route(route: str) -> tuple[str, re.Pattern[str]]:
    """Return the method and a pattern: {anything} stands for one part, * for the rest; short paths are Accounting's."""
    method, _, path = route.strip().partition(" ")
    path = path.strip()
    if not path.startswith("/") or not (method == "*" or method.isalpha()):
        raise NotAFault(f'The route "{route}" is not a method and a path, as "PUT /Invoices" or "* /*".')
    if not path.startswith(ROOTS):
        path = f"/api.xro/2.0{path}"
    parts = re.split(r"(\{[^}]*\}|\*)", path)
    pattern = "".join(_pattern_part(part) for part in parts)
    return method.upper(), re.compile(pattern, re.IGNORECASE)


def read_kind(then: str) -> tuple[str, int]:
    """Return the kind, and the m of "close after saving the first m"."""
    plain = " ".join(then.split()).casefold()
    for kind in KINDS:
        if plain == kind.casefold() and kind != CLOSE_AFTER_FIRST:
            return kind, 0
    amount = re.fullmatch(rf"{CLOSE_AFTER_FIRST} (\d{{1,9}})", plain)
    if amount:
        return CLOSE_AFTER_FIRST, int(amount[1])
    raise NotAFault(f'"{then}" is not a fault that the sandbox knows. It knows: {"; ".join(KINDS)}.')


def read_problem(kind: str, problem: str) -> str:
    known = PROBLEMS.get(kind, ())
    if problem and problem not in known:
        named = f"It knows: {', '.join(known)}." if known else "It has none."
        raise NotAFault(f'"{kind}" has no problem "{problem}". {named}')
    return problem or next(iter(known), "")


def read_status(kind: str, status: int | None) -> int:
    if kind == REDIRECT:
        if status is not None and status not in REDIRECTS:
            raise NotAFault('The "status" of a redirect is from 300 to 399.')
        return status or 307
    if status is not None and kind != ANSWER_HTML:
        raise NotAFault(f'"{kind}" takes no "status".')
    return status or 200


def _pattern_part(part: str) -> str:
    if part == "*":
        return ".*"
    return "[^/]+" if part.startswith("{") else re.escape(part)
