"""Why a choice can't be kept; each sentence is for the person who made it."""

from __future__ import annotations

from collections.abc import Mapping


class ChoiceRefused(Exception):
    """Nothing was saved. `problems` holds a sentence per form field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class BooksNotRead(Exception):
    """The organisation's accounts and tax rates have not been read yet, so there is nothing to choose from."""


class ChangedMeanwhile(Exception):
    """Somebody else saved this section since the page was opened. Nothing was saved."""
