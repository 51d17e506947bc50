"""Write docs/faults.md: each fault, what must be true in spite of it, and the tests that show it.

`python tests/faults.py` writes the page anew; tests/architecture/test_faults.py fails when it is out of date, when a
row of the groups A to G has neither a test nor a reason, or when a test names a row that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fault_rows import GROUPS, ROWS
from faults_not_yet import NOT_YET
from marks import ROOT, in_a_cell, marked

PAGE = ROOT / "docs" / "faults.md"
_HEAD = ("| | what goes wrong | what must be true | shown by |", "|---|---|---|---|")


def shown_by() -> dict[str, list[str]]:
    """Return row -> tests that carry its marker, as `file::test`."""
    return marked("fault")


def page() -> str:
    """Return the text of docs/faults.md."""
    tests = shown_by()
    lines = [
        "# What can go wrong, and which tests show that it ends well",
        "",
        "Written by `python tests/faults.py` from the tests themselves; not edited by hand. A row with a reason and no",
        "test is open; one with both is shown except for what the reason says.",
        "",
        "| | rows | with tests | of these in part | open |",
        "|---|---|---|---|---|",
        *(_counted(name, list(faults), tests) for name, faults in GROUPS.values()),
        _counted("**All**", list(ROWS), tests),
    ]
    for letter, (name, faults) in GROUPS.items():
        lines += [
            "",
            f"## {letter}. {name}",
            "",
            "| | what goes wrong | what must be true | shown by |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {key} | {fault.wrong} | {fault.true} | {_evidence(key, tests.get(key, []))} |"
            for key, fault in faults.items()
        ]
    return "\n".join(lines) + "\n"


def _evidence(key: str, tests: Sequence[str]) -> str:
    reason = f"**not yet:** {NOT_YET[key]}" if key in NOT_YET else ""
    return "<br>".join(each for each in (in_a_cell(tests), reason) if each) or "**nothing**"


def _counted(name: str, rows: Sequence[str], tests: Mapping[str, Sequence[str]]) -> str:
    shown = [key for key in rows if tests.get(key)]
    in_part = [key for key in shown if key in NOT_YET]
    return f"| {name} | {len(rows)} | {len(shown)} | {len(in_part)} | {len(rows) - len(shown)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
