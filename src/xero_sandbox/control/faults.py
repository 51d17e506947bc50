"""Scripted trouble: which call meets which fault, how often."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from msgspec import UNSET

from xero_sandbox.control.instructions import (
    Instruction,
    NotAFault,
    read_instruction,
    read_kind,
    read_problem,
    read_route,
    read_status,
)

__all__ = ["Fault", "FaultBook", "NotAFault", "read_fault"]

RETRY_AFTER = {"minute": 30, "day": 36_000}  # seconds; the other limits name no time (xero-api reference 3)


@dataclass(slots=True)
class Fault:
    """One instruction, and what is left of it. `times` None means: until it is deleted."""

    number: int
    asked: Instruction
    method: str
    path: re.Pattern[str]
    then: str
    first: int  # of "close after saving the first m"
    problem: str
    status: int
    retry_after: str | None
    times: int | None
    skip: int
    chance: random.Random
    met: int = 0

    @property
    def route(self) -> str:
        return self.asked.route

    def strikes(self, method: str, path: str) -> bool:
        """Return whether this call meets it: counts those it lets pass, and throws its dice."""
        if self.method not in ("*", method) or self.path.fullmatch(path) is None:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        return self.asked.probability >= 1 or self.chance.random() < self.asked.probability

    def shown(self) -> dict[str, object]:
        return {
            "number": self.number,
            "route": self.route,
            "then": self.asked.then,
            "times": self.times,
            "skip": self.skip,
            "probability": self.asked.probability,
            "seed": self.asked.seed,
            "problem": self.problem,
            "retry_after": self.retry_after,
            "seconds": self.asked.seconds,
            "met": self.met,
        }


class FaultBook:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._counted = 0

    def add(self, instruction: object) -> Fault:
        """Take an instruction as the door receives it; raises NotAFault."""
        fault = read_fault(self._counted + 1, instruction)
        self._counted += 1
        self._faults.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that this call meets, counted as used."""
        for fault in self._faults:
            if not fault.strikes(method, path):
                continue
            fault.met += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self._faults.remove(fault)
            return fault
        return None

    def all(self) -> list[Fault]:
        return list(self._faults)

    def clear(self) -> None:
        self._faults.clear()


def read_fault(number: int, instruction: object) -> Fault:
    asked = read_instruction(instruction)
    method, path = read_route(asked.route)
    kind, first = read_kind(asked.then)
    problem = read_problem(kind, asked.problem)
    retry_after = RETRY_AFTER.get(problem) if asked.retry_after is UNSET else asked.retry_after
    return Fault(
        number=number,
        asked=asked,
        method=method,
        path=path,
        then=kind,
        first=first,
        problem=problem,
        status=read_status(kind, asked.status),
        retry_after=None if retry_after is None else str(retry_after),
        times=asked.times,
        skip=asked.skip,
        chance=random.Random(asked.seed),  # noqa: S311  # the same trouble again is what it is for
    )
