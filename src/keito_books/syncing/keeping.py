"""Say whether an invoice must stay as it is, because it is in Xero or may be on its way there (B17)."""

from __future__ import annotations

from keito_books.accounting.documents import Kind
from keito_books.invoicing.models import Invoice
from keito_books.syncing.models import Job, Link
from keito_books.syncing.queue import OPEN_STATES


def reason_to_keep(invoice: Invoice) -> str | None:
    """Return a sentence for the person who wants to change it, or None when nothing of it can be there."""
    if Link.objects.filter(invoice=invoice, kind=Kind.INVOICE).exists():
        return (
            f"Invoice {invoice.number} has been copied to Xero, so it can't be changed here. "
            "Correct it in Xero, or close it here."
        )
    # One that is held back is free: nothing of it was sent, and to correct it is a reason to pause.
    jobs = Job.objects.filter(invoice=invoice, kind=Kind.INVOICE)
    if any(job.state in OPEN_STATES or job.may_have_arrived for job in jobs):
        return f"Invoice {invoice.number} is being copied to Xero. Wait until that has succeeded or failed."
    return None
