"""Look at processes from outside, for tests that kill them. They may end while we look."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple


class Seen(NamedTuple):
    state: str
    parent: int


def look_at(pid: int) -> Seen | None:
    try:
        # "pid (name) state parent ...": the name may hold spaces and brackets.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Seen(fields[0], int(fields[1]))


def is_alive(pid: int) -> bool:
    seen = look_at(pid)
    return seen is not None and seen.state != "Z"


def children(parent: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        seen = look_at(int(entry.name))
        if seen is not None and seen.parent == parent and seen.state != "Z":
            yield int(entry.name)


def descendants(ancestor: int) -> Iterator[int]:
    for child in children(ancestor):
        yield child
        yield from descendants(child)


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def soon(true: Callable[[], bool], *, within_seconds: float = 20) -> bool:
    """Return whether it becomes true in time."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False
