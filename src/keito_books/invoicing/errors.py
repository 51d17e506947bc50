"""Why the books refuse something, named for what to do next; each is a sentence for the person who meets it.

BooksError
├── InvalidValue        change what was typed; `field` says where
│   └── NumberTaken     choose another invoice number
├── ChangedMeanwhile    somebody else saved first: look again, then repeat
├── WrongState          this can't be done to an invoice in its state
│   └── RevertBlocked   something outside the books stands in the way of Revert to draft
└── StillInUse          it has invoices or projects: archive it instead
Rights are refused by `workspaces.errors.NotAllowed`.
"""

from __future__ import annotations


class BooksError(Exception):
    """Nothing was changed. `field` names the input at fault (`due_date`, `lines.0.description`) or is empty."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class InvalidValue(BooksError):
    """A value that can't be kept."""


class NumberTaken(InvalidValue):
    """Another invoice of the workspace has this number."""


class ChangedMeanwhile(BooksError):
    """Somebody else changed it since it was read."""


class WrongState(BooksError):
    """The invoice is not in a state that allows it."""


class RevertBlocked(WrongState):
    """Raised by receivers of `signals.reverting_to_draft` and `signals.renumbering`; the sentence is shown as it is."""


class StillInUse(BooksError):
    """It can't be deleted, because other things need it."""
