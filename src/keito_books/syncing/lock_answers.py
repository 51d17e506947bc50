"""Keep what a person decides for a document whose date is locked over there, and let it go on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from keito_books.accounting.documents import Kind
from keito_books.accounting.refusals import RefusalCode
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice, Payment
from keito_books.mapping.books import books_or_none_read
from keito_books.syncing.actions import usable_connection
from keito_books.syncing.errors import NotCopyable
from keito_books.syncing.locks import day_word, latest_lock
from keito_books.syncing.models import Job, LockAnswer
from keito_books.syncing.queue import about, enqueue
from keito_books.workspaces import audit
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

Choice = LockAnswer.Choice
Dated = Invoice | Payment
_DAY = timedelta(days=1)


def answer_lock(
    document: Dated, *, choice: str, dated: date | None, seen: str, by: Membership, now: datetime
) -> LockAnswer:
    """Keep the decision and let the document go on by it.

    `seen` is `version_of` the answer that the person saw; if somebody decided meanwhile, nothing is changed. Raises
    NotAllowed, NotConnectedNow or NotCopyable.
    """
    require(by, Ability.COPY_INVOICES)
    require_same_workspace(by, document)
    connection = usable_connection(by.workspace)
    _must_make_sense(document, choice, dated, connection)
    kind = Kind.PAYMENT if isinstance(document, Payment) else Kind.INVOICE
    with transaction.atomic():
        # The rows of the invoice and of the job are what two people who answer at once have in common; before anything
        # was asked for there is no job.
        invoice = document.invoice if isinstance(document, Payment) else document
        Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
        jobs = Job.objects.select_for_update(of=("self",)).filter(about(document), connection=connection, kind=kind)
        job = jobs.first()
        before = answer_to(document, connection)
        if version_of(before) != seen:
            who = before.decided_by if before else "Somebody"
            raise NotCopyable(f"{who} decided this meanwhile. Nothing was changed; look at the page again.")
        if not (asks_about_lock(job) if job else _is_known_to_be_locked(document, connection)):
            raise NotCopyable("This no longer waits for a decision about a locked period. Nothing was changed.")
        answer, _ = LockAnswer.objects.update_or_create(
            connection=connection,
            invoice=document if isinstance(document, Invoice) else None,
            payment=document if isinstance(document, Payment) else None,
            defaults={
                "about": own_date(document),
                "choice": choice,
                "dated": dated if choice == Choice.REDATE else None,
                "decided_by": by.person,
                "decided_at": now,
            },
        )
        if job is not None and job.state == Job.State.WAITING:
            Job.objects.filter(pk=job.pk).update(next_at=now, waiting_because="")
        enqueue(connection, kind, document, by=by.person, now=now)
        _audit(answer, document, connection, by=by, now=now)
    return answer


def _is_known_to_be_locked(document: Dated, connection: Connection) -> bool:
    """Say whether an invoice that nobody asked for yet would be refused, by the lock that we know of."""
    if isinstance(document, Payment) or not document.is_finalized:
        return False
    lock = latest_lock(books_or_none_read(connection).content.organisation)
    return lock is not None and own_date(document) <= lock


def answer_to(document: Dated, connection: Connection) -> LockAnswer | None:
    """Return the decision that stands for the document's present date."""
    answers = LockAnswer.objects.filter(about(document), connection=connection, about=own_date(document))
    return answers.select_related("decided_by").first()


def version_of(answer: LockAnswer | None) -> str:
    """Return a word that changes with every decision."""
    return answer.decided_at.isoformat() if answer else ""


def asks_about_lock(job: Job) -> bool:
    """Say whether a job stands still because of a locked period, and nothing of it can have arrived."""
    is_refused = job.state == Job.State.FAILED and (job.refusal or {}).get("code") == RefusalCode.PERIOD_LOCKED
    return is_refused or (job.state == Job.State.WAITING and job.waiting_because == "lock")


def own_date(document: Dated) -> date:
    return document.paid_on if isinstance(document, Payment) else document.issue_date


def first_open_day(connection: Connection, document: Dated) -> date | None:
    """Return the first day after the locks that we know of and not before the document's own; None if none is known."""
    lock = latest_lock(books_or_none_read(connection).content.organisation)
    return max(lock + _DAY, own_date(document)) if lock else None


def _must_make_sense(document: Dated, choice: str, dated: date | None, connection: Connection) -> None:
    if choice not in Choice.values or (choice == Choice.DRAFT and isinstance(document, Payment)):
        raise NotCopyable("Choose one of the ways. Nothing was changed.")
    if choice != Choice.REDATE:
        return
    if dated is None:
        raise NotCopyable("Enter the date under which Xero shall have it. Nothing was changed.")
    lock = latest_lock(books_or_none_read(connection).content.organisation)
    if lock is not None and dated <= lock:
        raise NotCopyable(f"Xero is locked up to {day_word(lock)}. Choose a later date. Nothing was changed.")
    if dated <= own_date(document):
        raise NotCopyable("The other date must be later than its own, which is locked. Nothing was changed.")


def _audit(answer: LockAnswer, document: Dated, connection: Connection, *, by: Membership, now: datetime) -> None:
    invoice = document.invoice if isinstance(document, Payment) else document
    decision = f"post it with the date {day_word(answer.dated)}" if answer.dated else str(answer.get_choice_display())
    what = f"payment {document.marker}: " if isinstance(document, Payment) else ""
    details: dict[str, audit.Detail] = {
        "organisation": connection.organisation_name,
        "decision": what + decision[0].lower() + decision[1:],
    }
    subject = audit.Subject("invoice", invoice.pk, invoice.number)
    audit.record(
        "sync.lock_answered", workspace=by.workspace, at=now, person=by.person, subject=subject, details=details
    )
