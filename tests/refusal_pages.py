"""Write docs/refusals/: a page for each refusal, from the one catalogue.

`python tests/refusal_pages.py` writes them anew; tests/architecture/test_refusals.py fails when one is out of date.
"""

from __future__ import annotations

from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.explanations import CAUSES, explain
from marks import ROOT

FOLDER = ROOT / "docs" / "refusals"
NOTE = "Written by `python tests/refusal_pages.py` from the catalogue; not edited by hand."


def pages() -> dict[str, str]:
    """Return the contents of each page by its name, the index included."""
    found = {f"{code.value}.md": _page(code) for code in RefusalCode}
    rows = "\n".join(f"| [{code.value}]({code.value}.md) | {explain(Refusal(code)).sentence} |" for code in RefusalCode)
    head = f"# Why a document is not copied\n\n{NOTE}\nIn the product each stands under *More about this*."
    found["README.md"] = f"{head}\n\n| code | what happened |\n|---|---|\n{rows}\n"
    return found


def _page(code: RefusalCode) -> str:
    words = explain(Refusal(code))
    button = f"\n\nThe button: *{words.button}*." if words.button else ""
    return (
        f"# {code.value.replace('_', ' ').capitalize()}\n\n{NOTE}\n\n"
        f"**What happened.** {words.sentence}\n\n**Why.** {CAUSES[code]}\n\n**What to do.** {words.fix}{button}\n"
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in pages().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
