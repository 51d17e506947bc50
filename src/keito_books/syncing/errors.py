"""Why something can't be copied now; `str(error)` is a sentence for the person who asked.

SyncProblem
├── NotConnectedNow   connect or reconnect first
└── NotCopyable       the document is not in a state to be copied
"""

from __future__ import annotations


class SyncProblem(Exception):
    """Nothing was queued and nothing was sent."""


class NotConnectedNow(SyncProblem):
    """There is no active connection."""


class NotCopyable(SyncProblem):
    """The document itself stands in the way."""
