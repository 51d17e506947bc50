"""Open the log file of a child, and keep it from growing for ever."""

from pathlib import Path
from typing import BinaryIO

LONGEST_BYTES = 5_000_000


def open_log(path: Path) -> BinaryIO:
    """Return the file to append to. A long one first makes room and stays readable as NAME.log.1."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if path.exists() and path.stat().st_size > LONGEST_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def last_words(path: Path, *, lines: int = 3) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "nothing"
    return " / ".join(text.splitlines()[-lines:]) + f" (all of it is in {path})"
