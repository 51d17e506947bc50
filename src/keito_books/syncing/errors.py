"""Why something can't be copied now; `str(error)` is a sentence for the person who asked.

SyncProblem
├── NotConnectedNow   connect or reconnect first
├── NotCopyable       the document is not in a state to be copied
├── ContactProblem    a client can't be joined to that contact, or not now
│   └── ContactShared another client is joined to it, and nobody said that both are meant to be
└── NotLinkable       an invoice over there can't be taken for ours
"""

from __future__ import annotations


class SyncProblem(Exception):
    """Nothing was queued and nothing was sent."""


class NotConnectedNow(SyncProblem):
    """There is no active connection."""


class NotCopyable(SyncProblem):
    """The document itself stands in the way."""


class ContactProblem(SyncProblem):
    """The client or the contact stands in the way."""


class ContactShared(ContactProblem):
    """It is another client's contact; say that both share it, or choose another."""


class NotLinkable(SyncProblem):
    """The invoice over there is not equal to ours, is gone, or belongs to another one of ours."""
