"""Write docs/xero-sandbox/assumed.md: all that is assumed, in one list, from the pages that say how sure each is.

PYTHONPATH=src:tests python -m xero_openapi.assumed
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from xero_openapi.specification import ROOT

FOLDER = ROOT / "docs" / "xero-sandbox"
PAGE = FOLDER / "assumed.md"
SOURCES = ("identity.md", "accounting.md", "webhooks.md")
_ROW = re.compile(r"^\| (?P<behaviour>.+) \| (?P<confidence>.+) \|$")
_HEADING = re.compile(r"^##+ (?P<title>.+)$")
HEAD = """\
# What the sandbox assumes

Written by `PYTHONPATH=src:tests python -m xero_openapi.assumed` from the pages that tell how sure each behaviour is; do
not edit it. Nobody has written down what Xero does here, so the sandbox takes the reading that is safer to build
against. Where another reading is plausible, a switch chooses it, and [a script](open-questions.md) would ask.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for source in SOURCES:
        rows = list(_assumed(source))
        parts += [f"## [{source}]({source})\n", "| where | behaviour | how sure |\n|---|---|---|", *rows, ""]
    return "\n".join(parts)


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}")  # noqa: T201  # a command says what it did
    return 0


def _assumed(source: str) -> Iterator[str]:
    title = ""
    for line in (FOLDER / source).read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.match(line):
            title = heading["title"]
        row = _ROW.match(line)
        if row and "assumed" in row["confidence"]:
            yield f"| {title} | {row['behaviour']} | {row['confidence']} |"


if __name__ == "__main__":
    sys.exit(main())
