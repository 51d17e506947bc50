"""Scripted trouble: which call meets which fault, how often."""

from __future__ import annotations

import re
from dataclasses import dataclass

SECONDS_MAX = 600

SAVE_AND_DROP = "save and drop the reply"
DROP_REQUEST = "drop the request"
ANSWER_500 = "answer 500"
SAVE_AND_500 = "save and answer 500"
ANSWER_503 = "answer 503"
ANSWER_429 = "answer 429"
ANSWER_SLOWLY = "answer slowly"
CLOSE_AFTER_FIRST = "close after saving the first"  # followed by a number
APPLY_LATE = "apply late and drop the reply"
ANSWER_401 = "answer 401"
ANSWER_403 = "answer 403"
ANSWER_404 = "answer 404"
ANSWER_HTML = "answer an HTML page"
TRUNCATE = "save and cut the reply short"

KINDS = {
    SAVE_AND_DROP: "The call is carried out; the connection is cut before a byte of the reply.",
    DROP_REQUEST: "The connection is cut; nothing is carried out.",
    ANSWER_500: "Nothing is carried out; the reply is a 500.",
    SAVE_AND_500: "The call is carried out; the reply is a 500.",
    ANSWER_503: "Nothing is carried out; the reply is a 503, the text of a maintenance window.",
    ANSWER_429: "Nothing is carried out; the reply is a 429 with Retry-After (`retry_after`, default 30).",
    ANSWER_SLOWLY: "The call waits (`seconds`, default 5) and is then carried out.",
    CLOSE_AFTER_FIRST: "Only the first m elements of a batch are saved, then the connection is cut.",
    APPLY_LATE: "The connection is cut at once; the call is carried out later (`seconds`, default 5).",
    ANSWER_401: "Nothing is carried out; the reply is the 401 of an expired token.",
    ANSWER_403: "Nothing is carried out; the reply is the 403 of a lost organisation.",
    ANSWER_404: "Nothing is carried out; the reply is a 404 in HTML.",
    ANSWER_HTML: "Nothing is carried out; the reply is a 200 with an HTML page, as some proxies give.",
    TRUNCATE: "The call is carried out; the reply breaks off in its middle.",
}


class NotAFault(ValueError):
    """The fault cannot be understood; the sentence says why."""


@dataclass(slots=True)
class Fault:
    """One instruction. `times` None means: until it is deleted."""

    number: int
    method: str
    path: re.Pattern[str]
    route: str
    then: str
    times: int | None = 1
    skip: int = 0
    first: int = 0  # of "close after saving the first m"
    retry_after: int = 30
    problem: str = "minute"  # of a 429
    seconds: float = 5.0
    met: int = 0

    def meets(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and self.path.fullmatch(path) is not None

    def shown(self) -> dict[str, object]:
        return {
            "number": self.number,
            "route": self.route,
            "then": self.then,
            "times": self.times,
            "skip": self.skip,
            "retry_after": self.retry_after,
            "problem": self.problem,
            "seconds": self.seconds,
            "met": self.met,
        }


class FaultBook:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._counted = 0

    def add(self, instruction: object) -> Fault:
        """Take an instruction as the door receives it; raises NotAFault."""
        self._counted += 1
        fault = read_fault(self._counted, instruction)
        self._faults.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that this call meets, counted as used."""
        for fault in self._faults:
            if not fault.meets(method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.met += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
            return fault
        return None

    def all(self) -> list[Fault]:
        return list(self._faults)

    def clear(self) -> None:
        self._faults.clear()


def read_fault(number: int, instruction: object) -> Fault:
    if not isinstance(instruction, dict):
        raise NotAFault('A fault is a JSON object, as {"route": "PUT /Invoices", "then": "answer 500", "times": 1}.')
    unknown = set(instruction) - {"route", "then", "times", "skip", "retry_after", "problem", "seconds"}
    if unknown:
        raise NotAFault(f"A fault has no {', '.join(sorted(map(str, unknown)))}.")
    route, then = instruction.get("route"), instruction.get("then")
    if not isinstance(route, str) or not isinstance(then, str):
        raise NotAFault('A fault needs "route", as "PUT /Invoices", and "then", in words.')
    method, path = _read_route(route)
    kind, first = _read_kind(then)
    return Fault(
        number=number,
        method=method,
        path=path,
        route=route,
        then=kind,
        first=first,
        times=_count(instruction, "times", 1, optional=True),
        skip=_count(instruction, "skip", 0) or 0,
        retry_after=_count(instruction, "retry_after", 30) or 0,
        problem=str(instruction.get("problem", "minute")),
        seconds=_seconds(instruction),
    )


def _read_route(route: str) -> tuple[str, re.Pattern[str]]:
    """Return the method and a pattern: {anything} stands for one part, * for the rest; short paths are Accounting's."""
    method, _, path = route.strip().partition(" ")
    path = path.strip()
    if not path.startswith("/") or not (method == "*" or method.isalpha()):
        raise NotAFault(f'The route "{route}" is not a method and a path, as "PUT /Invoices" or "* /*".')
    known = ("/connect/", "/connections", "/identity/", "/api.xro/", "/Connections", "/.well-known", "/*")
    if not path.startswith(known):
        path = f"/api.xro/2.0{path}"
    parts = re.split(r"(\{[^}]*\}|\*)", path)
    pattern = "".join(_pattern_part(part) for part in parts)
    return method.upper(), re.compile(pattern, re.IGNORECASE)


def _pattern_part(part: str) -> str:
    if part == "*":
        return ".*"
    return "[^/]+" if part.startswith("{") else re.escape(part)


def _read_kind(then: str) -> tuple[str, int]:
    plain = " ".join(then.lower().split())
    for kind in KINDS:
        if plain == kind.lower() and kind != CLOSE_AFTER_FIRST:
            return kind, 0
    amount = re.fullmatch(rf"{CLOSE_AFTER_FIRST} (\d+)", plain)
    if amount:
        return CLOSE_AFTER_FIRST, int(amount[1])
    raise NotAFault(f'"{then}" is not a fault that the sandbox knows. It knows: {"; ".join(KINDS)}.')


def _count(instruction: dict[str, object], name: str, default: int, *, optional: bool = False) -> int | None:
    value = instruction.get(name, default)
    if value is None and optional:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise NotAFault(f'"{name}" is a whole number, 0 or more.')
    return value


def _seconds(instruction: dict[str, object]) -> float:
    value = instruction.get("seconds", 5)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= SECONDS_MAX:
        raise NotAFault('"seconds" is a number from 0 to 600.')
    return float(value)
