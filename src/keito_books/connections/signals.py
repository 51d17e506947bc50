"""Tell the rooms above that a connection began, ended or expired.

Sent inside the transaction that makes it so, with `connection` and `now`; a receiver that raises undoes the change.
"""

from __future__ import annotations

from django.dispatch import Signal

# With `previous_state`: None for a connection that is new, else the state it comes back from.
connected = Signal()
disconnected = Signal()
expired = Signal()
