"""Cut a filter into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xero_sandbox.wire.errors import BadQuery

LENGTH_MAX = 8_000
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<symbol>==|!=|>=|<=|&&|\|\||[=<>!().,])
    )""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # text, number, word, symbol or end
    value: str
    at: int


def tokens(source: str) -> list[Token]:
    """Return the tokens and one that marks the end; raises BadQuery."""
    if len(source) > LENGTH_MAX:
        raise BadQuery(f"The filter is longer than {LENGTH_MAX} characters")
    found: list[Token] = []
    position = 0
    end = len(source.rstrip())
    while position < end:
        match = _TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            raise BadQuery(f"The filter could not be read at character {position + 1}")
        found.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        position = match.end()
    return [*found, Token("end", "", end)]


def unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
