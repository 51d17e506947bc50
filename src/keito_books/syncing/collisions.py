"""A number of ours that something else holds over there: compare both, then link it, renumber ours, or leave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from keito_books.accounting.documents import Kind, RemoteStatus
from keito_books.accounting.refusals import RefusalCode
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.invoicing import numbering
from keito_books.invoicing.actions.states import renumber_invoice
from keito_books.invoicing.books import open_books
from keito_books.invoicing.models import Invoice, InvoiceSettings
from keito_books.syncing.actions import copy_invoice, usable_connection
from keito_books.syncing.directory import contacts_copied
from keito_books.syncing.errors import NotLinkable
from keito_books.syncing.explanations import refusal_from_json
from keito_books.syncing.models import Job, Link
from keito_books.syncing.queue import enqueue, find_job, find_link
from keito_books.workspaces import audit
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

_CODES = (RefusalCode.NUMBER_TAKEN, RefusalCode.NUMBER_VOIDED)
_GONE = (RemoteStatus.VOIDED.value, RemoteStatus.DELETED.value)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared; both sides as plain values: a text, a day or an amount."""

    label: str
    ours: str | date | Decimal
    theirs: str | date | Decimal

    @property
    def is_equal(self) -> bool:
        return self.ours == self.theirs


@dataclass(frozen=True, slots=True)
class Collision:
    """Ours and theirs beside each other. `why_not_link` is empty when theirs may be taken for ours."""

    remote_id: str
    address: str
    rows: tuple[Row, ...]
    currency: str
    their_currency: str
    why_not_link: str
    is_put_off: bool

    @property
    def is_equal(self) -> bool:
        return all(row.is_equal for row in self.rows)


def collision_of(invoice: Invoice, connection: Connection) -> Collision | None:
    """Return what holds the number of an invoice that failed for it; None where nothing does or nobody looked."""
    job = find_job(connection, Kind.INVOICE, invoice)
    if job is None or job.state != Job.State.FAILED:
        return None
    refusal = refusal_from_json(job.refusal or {})
    theirs = refusal.details
    if refusal.code not in _CODES or not theirs.get("their_id"):
        return None
    documents = provider_for(connection.provider).documents
    return Collision(
        remote_id=theirs["their_id"],
        address=documents.invoice_address(short_code=connection.short_code, remote_id=theirs["their_id"]),
        rows=_rows(invoice, connection, theirs),
        currency=invoice.currency,
        their_currency=theirs["their_currency"],
        why_not_link=_why_not_link(invoice, connection, theirs),
        is_put_off=job.answer == Job.Answer.LATER,
    )


@transaction.atomic
def link_invoice(invoice: Invoice, *, remote_id: str, by: Membership, now: datetime) -> None:
    """Take an invoice over there for ours, since a person says so. It is read anew and compared before any Success.

    Raises NotAllowed, NotConnectedNow or NotLinkable. The same twice is once.
    """
    require(by, Ability.COPY_INVOICES)
    connection, invoice = _locked(invoice, by)
    link = find_link(connection, Kind.INVOICE, invoice)
    if link is not None and link.remote_id == remote_id:
        return
    found = collision_of(invoice, connection)
    if link is not None or found is None or found.remote_id != remote_id:
        raise NotLinkable(f"Invoice {invoice.number} was answered or changed meanwhile. Nothing was linked.")
    if found.why_not_link:
        raise NotLinkable(found.why_not_link)
    Link.objects.create(
        connection=connection,
        kind=Kind.INVOICE,
        invoice=invoice,
        remote_id=remote_id,
        remote_label=invoice.number,
        origin="chosen",
        made_at=now,
    )
    enqueue(connection, Kind.INVOICE, invoice, by=by.person, now=now)
    _audit("sync.invoice_linked", invoice, by=by, now=now, details={"remote_id": remote_id})


@transaction.atomic
def renumber_and_copy(invoice: Invoice, *, number: str, instead_of: str, by: Membership, now: datetime) -> Invoice:
    """Give an invoice another number here, and copy it under that. Raises BooksError where invoicing objects.

    `instead_of` is the number that the person saw; the second of two tabs changes nothing.
    """
    require(by, Ability.COPY_INVOICES)
    _, locked = _locked(invoice, by)
    if locked.number != instead_of:
        raise NotLinkable(f"This invoice was given the number {locked.number} meanwhile. Nothing more was changed.")
    renumbered = renumber_invoice(locked, number, by=by, now=now)
    copy_invoice(renumbered, by=by, now=now)
    return renumbered


@transaction.atomic
def skip(invoice: Invoice, *, by: Membership, now: datetime) -> None:
    """Leave an invoice Failed and out of what is counted as something to do, until somebody retries it."""
    require(by, Ability.COPY_INVOICES)
    connection, invoice = _locked(invoice, by)
    failed = Job.objects.filter(connection=connection, kind=Kind.INVOICE, invoice=invoice, state=Job.State.FAILED)
    if failed.exclude(answer=Job.Answer.LATER).update(answer=Job.Answer.LATER):
        _audit("sync.invoice_skipped", invoice, by=by, now=now, details={})


def proposed_number(invoice: Invoice) -> str:
    """Return the next number that is free here; whether it is free over there is seen when it is copied."""
    open_books(invoice.workspace)
    return numbering.propose(InvoiceSettings.objects.get(workspace=invoice.workspace), invoice.issue_date)


def _locked(invoice: Invoice, by: Membership) -> tuple[Connection, Invoice]:
    require_same_workspace(by, invoice)
    connection = usable_connection(by.workspace)
    return connection, Invoice.objects.select_for_update(of=("self",)).select_related("client").get(pk=invoice.pk)


def _rows(invoice: Invoice, connection: Connection, theirs: Mapping[str, str]) -> tuple[Row, ...]:
    contact = contacts_copied(connection).by_id.get(theirs["their_contact"])
    link = find_link(connection, Kind.CONTACT, invoice.client)
    is_ours = link is not None and link.remote_id == theirs["their_contact"]
    known = link.remote_label if link is not None and is_ours else "another contact"
    name = contact.name if contact is not None else known
    return (
        Row("Contact", name if is_ours else invoice.client.name, name),
        Row("Currency", invoice.currency, theirs["their_currency"]),
        Row("Total", invoice.amount, Decimal(theirs["their_total"])),
        Row("Tax", invoice.tax_amount + invoice.tax2_amount, Decimal(theirs["their_tax"])),
        Row("Issued", invoice.issue_date, date.fromisoformat(theirs["their_date"])),
        Row("Due", invoice.due_date, date.fromisoformat(theirs["their_due"]) if theirs["their_due"] else ""),
    )


def _why_not_link(invoice: Invoice, connection: Connection, theirs: Mapping[str, str]) -> str:
    if theirs["their_status"] in _GONE:
        return f"It is {theirs['their_status']} in Xero, which keeps its number all the same."
    if theirs["their_currency"] != invoice.currency or Decimal(theirs["their_total"]) != invoice.amount:
        return "Its total is not this invoice’s, so it can’t be taken for this one."
    held = Link.objects.filter(connection=connection, kind=Kind.INVOICE, remote_id=theirs["their_id"])
    other = held.exclude(invoice=invoice).select_related("invoice").first()
    if other is not None and other.invoice is not None:
        return f"It is joined to invoice {other.invoice.number} of yours already."
    if theirs["their_url"].startswith(f"{settings.PUBLIC_URL}/i/"):
        return "It leads back to another invoice of yours, so it is not this one."
    return ""


def _audit(action: str, invoice: Invoice, *, by: Membership, now: datetime, details: dict[str, audit.Detail]) -> None:
    subject = audit.Subject("invoice", invoice.pk, invoice.number)
    audit.record(action, workspace=by.workspace, at=now, person=by.person, subject=subject, details=details)
