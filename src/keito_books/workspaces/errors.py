"""Refusals about people and rights, each a sentence for the person who meets it.

NotAllowed          the role does not reach this far: ask an Administrator
└── NeedsPlan       the workspace's plan does not include it: upgrade
InvalidDetail       change what was typed; `field` says where
└── LastAdministrator  somebody must be able to manage the workspace
"""

from __future__ import annotations


class NotAllowed(Exception):
    """Whoever asked may not do this; `str(error)` says why and what to do."""


class NeedsPlan(NotAllowed):
    """The plan does not include it; `plan` is the one that does."""

    def __init__(self, sentence: str, *, plan: str) -> None:
        super().__init__(sentence)
        self.plan = plan


class InvalidDetail(Exception):
    """Nothing was changed. `field` names the input at fault, or is empty."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class LastAdministrator(InvalidDetail):
    """A workspace keeps at least one Administrator."""
