"""The pages about refusals say what the catalogue says, and there is one for each code."""

from __future__ import annotations

from refusal_pages import FOLDER, pages


def test_the_pages_are_up_to_date() -> None:
    written = {each.name: each.read_text(encoding="utf-8") for each in FOLDER.iterdir()}

    assert written == pages(), "run: python tests/refusal_pages.py"
