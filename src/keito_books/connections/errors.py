"""Refusals about connections; `str(error)` is a sentence for the person who meets it.

ConnectionProblem
├── CannotConnect     the walk to the provider can't begin or end: read why, start again
│   └── NotOffered    this accounting system is not available yet
└── NotConnected      there is no connection to use, or not any more: connect
"""

from __future__ import annotations


class ConnectionProblem(Exception):
    """Base of what this room refuses."""


class CannotConnect(ConnectionProblem):
    """Nothing was connected and nothing was changed."""


class NotOffered(CannotConnect):
    """The accounting system is not available yet."""


class NotConnected(ConnectionProblem):
    """The connection has ended or never was; nothing was sent."""
