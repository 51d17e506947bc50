"""Tell rooms above what happens here, inside the transaction in which it happens.

A receiver that raises stops the action and undoes it. Every signal hands over `by` (Membership) and `now` (datetime).
"""

from __future__ import annotations

from django.dispatch import Signal

# invoice: Invoice, about to change; receivers may raise errors.RevertBlocked.
reverting_to_draft = Signal()
# invoice: Invoice, with its old number; new_number: str; receivers may raise errors.RevertBlocked.
renumbering = Signal()

# invoice: Invoice, already changed and saved.
invoice_sent = Signal()  # the first send only, Draft to Open
invoice_closed = Signal()
draft_deleted = Signal()  # the row is gone, the id is still on the object

# payment: Payment, saved; payment.invoice holds the new due amount and state.
payment_recorded = Signal()
payment_deleted = Signal()

# client: Client, saved; also sent when one of its contacts changed.
client_changed = Signal()
