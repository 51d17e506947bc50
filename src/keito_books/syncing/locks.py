"""What to do with a document whose date is locked over there: as somebody answered, and never by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from keito_books.accounting.documents import InvoiceDocument, PaymentDocument, RemoteOrganisation
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.models import LockAnswer

Choice = LockAnswer.Choice
# As often as the lists are read anew.
LOOK_AGAIN = timedelta(hours=1)
_REFERENCE_MAX = 255


def latest_lock(organisation: RemoteOrganisation) -> date | None:
    """Return the last locked day, whichever of the two locks it comes from."""
    locks = [each for each in (organisation.period_locked_until, organisation.year_locked_until) if each]
    return max(locks, default=None)


def must_wait(dated: date, answer: LockAnswer | None, organisation: RemoteOrganisation) -> bool:
    """Say whether somebody decided to wait and the date is still locked.

    Raises Refused for a date that is surely locked while nobody decided anything. Only the lock for everybody is
    certain: advisers pass the other one, and only they over there know who is one.
    """
    if answer is not None:
        lock = latest_lock(organisation)
        return answer.choice == Choice.WAIT and lock is not None and dated <= lock
    lock = organisation.year_locked_until
    if lock is not None and dated <= lock:
        raise Refused(Refusal(RefusalCode.PERIOD_LOCKED, details={"locked_until": day_word(lock)}))
    return False


def invoice_as_answered(document: InvoiceDocument, answer: LockAnswer | None) -> tuple[InvoiceDocument, list[str]]:
    """Return the document as it shall go, and what to tell about it. The due date moves only if it would lie before
    the new date."""
    if answer is None or answer.choice == Choice.WAIT:
        return document, []
    own = day_word(document.issued_on)
    if answer.choice == Choice.DRAFT:
        told = f"Left as a draft in Xero, as {answer.decided_by} decided, since {own} falls into a locked period there."
        return replace(document, as_draft=True), [told]
    assert answer.dated is not None  # noqa: S101  the database holds this: lock_answer_dated_if_redated
    note = f"Dated {own} in Keito"
    reference = document.reference[: _REFERENCE_MAX - len(note) - 3].rstrip()
    document = replace(
        document,
        issued_on=answer.dated,
        due_on=max(document.due_on, answer.dated),
        reference=f"{reference} ({note})" if reference else note,
    )
    told = (
        f"Dated {day_word(answer.dated)} in Xero, as {answer.decided_by} decided, since {own} falls into a locked "
        "period there. Its reference in Xero says so."
    )
    return document, [told]


def payment_as_answered(document: PaymentDocument, answer: LockAnswer | None) -> tuple[PaymentDocument, list[str]]:
    """Return the payment as it shall go, and what to tell about it."""
    if answer is None or answer.dated is None:
        return document, []
    own = day_word(document.paid_on)
    note = f"{document.transaction_id} (paid {own})" if document.transaction_id else f"Paid {own}"
    told = (
        f"Dated {day_word(answer.dated)} in Xero, as {answer.decided_by} decided, since {own} falls into a locked "
        "period there. Its reference in Xero says so."
    )
    return replace(document, paid_on=answer.dated, transaction_id=note), [told]


def day_word(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
