"""Create an invoice once, under its own number, and accept it only when it equals ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from keito_books.accounting.documents import Kind, RemoteInvoice, RemoteStatus
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.invoicing.models import Invoice, Payment
from keito_books.invoicing.models import State as InvoiceState
from keito_books.mapping.freshness import distrust
from keito_books.syncing.errands.base import Errand, Found, NotWanted, NotYet, Prepared, Remote, with_repairs
from keito_books.syncing.explanations import refusal_from_json
from keito_books.syncing.locks import LOOK_AGAIN, invoice_as_answered, must_wait
from keito_books.syncing.models import Job, Link, LockAnswer, Ride
from keito_books.syncing.queue import enqueue_many
from keito_books.syncing.translate import invoice_document
from keito_books.syncing.verification import Expected, expected_invoice, invoice_differences, is_ours, theirs_in_words

_CONTACT_FIRST = timedelta(seconds=30)


class InvoiceErrand(Errand):
    kind = Kind.INVOICE

    @property
    def invoice(self) -> Invoice:
        assert self.job.invoice is not None  # noqa: S101  the database holds this: job_is_about_one_document
        return self.job.invoice

    def before_sending(self) -> Found | None:
        link = self.known.link(Kind.INVOICE, self.invoice.pk)
        if link is not None:
            # Linked, and yet not done: what is there was not as sent. Look again; never create a second one.
            remote = self.call(lambda access: self.documents.get_invoice(access, link.remote_id))
            if remote is None:
                raise Refused(Refusal(RefusalCode.DELETED_REMOTELY))
            return Found(remote, link.origin)
        if self.invoice.state in (InvoiceState.DRAFT, InvoiceState.CLOSED):
            raise NotWanted
        if must_wait(self.invoice.issue_date, self._lock_answer, self.books.content.organisation):
            raise NotYet("lock", for_=LOOK_AGAIN)
        self._contact_id()
        return None

    def is_decided_meanwhile(self, because: str) -> bool:
        about = {"connection": self.connection, "kind": Kind.CONTACT, "client": self.invoice.client_id}
        return because == "contact" and (
            Link.objects.filter(**about).exists() or Job.objects.filter(**about, state=Job.State.FAILED).exists()
        )

    def prepare(self) -> Prepared:
        document = invoice_document(
            self.invoice,
            contact_id=self._contact_id(),
            choices=self.choices,
            books=self.books,
            url=self.url(self.invoice),
        )
        document, told = invoice_as_answered(document, self._lock_answer)
        write = with_repairs(self.documents.prepare_invoices([document]), told)
        return Prepared(write, expected_invoice(document, line_count=write.line_counts[0]))

    def look_up(self, ride: Ride) -> Found | None:
        expected = ride.expected
        number = expected["number"]
        holders = self.call(lambda access: self.documents.find_invoices(access, number))
        ours = [each for each in holders if is_ours(each, expected)]
        alive = [each for each in ours if each.status not in (RemoteStatus.VOIDED, RemoteStatus.DELETED)]
        if len(alive) > 1:
            raise Refused(Refusal(RefusalCode.POSSIBLE_DUPLICATE, details={"what": f"invoice {number}"}))
        if alive:
            return Found(alive[0], "adopted")
        if holders:
            is_dead = all(each.status in (RemoteStatus.VOIDED, RemoteStatus.DELETED) for each in holders)
            code = RefusalCode.NUMBER_VOIDED if is_dead else RefusalCode.NUMBER_TAKEN
            raise Refused(Refusal(code, details={"number": number, **theirs_in_words(holders[0])}))
        return None

    def differences(self, remote: Remote, expected: Expected) -> list[str]:
        assert isinstance(remote, RemoteInvoice)  # noqa: S101  the provider answers invoices with invoices
        return invoice_differences(remote, expected or self._expected_before())

    def link(self, found: Found, *, repairs: list[str], warnings: list[str], now: datetime) -> Link | None:
        if self.known.link(Kind.INVOICE, self.invoice.pk) is not None:
            return None
        assert isinstance(found.remote, RemoteInvoice)  # noqa: S101  the provider answers invoices with invoices
        label = found.remote.number
        return self._new_link(found, label=label, repairs=repairs, warnings=warnings, now=now, invoice=self.invoice)

    @classmethod
    def after_success(cls, errands: Sequence[InvoiceErrand], *, now: datetime) -> None:
        """Ask for the payments of these invoices, each as urgently as its invoice was asked for."""
        if not errands[0].choices.payment_account_id:
            return
        asked_by = {errand.invoice.pk: errand.job for errand in errands}
        payments = Payment.objects.filter(invoice__in=asked_by, deleted_at=None)
        ordered = payments.order_by("paid_on", "recorded_at", "id")
        asked = [(each, asked_by[each.invoice_id]) for each in ordered]
        enqueue_many(errands[0].connection, Kind.PAYMENT, asked, now=now)

    def recover(self, refusal: Refusal) -> bool:
        """Follow a contact that was merged into another one there; the loser reads as archived (decision 9)."""
        link = self.known.link(Kind.CONTACT, self.invoice.client_id)
        if refusal.code is not RefusalCode.CONTACT_ARCHIVED or link is None:
            return False
        contact = self.call(lambda access: self.documents.get_contact(access, link.remote_id))
        if contact is None or contact.is_archived or contact.id == link.remote_id:
            return False
        link.remote_id, link.remote_label, link.origin = contact.id, contact.name[:255], "merged"
        link.save(update_fields=["remote_id", "remote_label", "origin"])
        return True

    def decline(self, refusal: Refusal) -> Refusal:
        if refusal.code is RefusalCode.PERIOD_LOCKED and refusal.messages:
            distrust(self.connection)  # the lock is newer than our lists
        details = {
            "number": self.invoice.number,
            "currency": self.invoice.currency,
            **self.with_account_name(refusal.details),
        }
        return Refusal(refusal.code, refusal.messages, details)

    @property
    def _lock_answer(self) -> LockAnswer | None:
        return self.known.lock_answer(self.invoice.pk, dated=self.invoice.issue_date)

    def _contact_id(self) -> str:
        link = self.known.link(Kind.CONTACT, self.invoice.client_id)
        if link is not None:
            return link.remote_id
        contact = self.known.job(Kind.CONTACT, self.invoice.client_id)
        if contact is not None and contact.state == Job.State.FAILED and contact.refusal:
            raise Refused(refusal_from_json(contact.refusal))
        if contact is None or contact.state == Job.State.STOPPED:
            enqueue_many(self.connection, Kind.CONTACT, [(self.invoice.client, self.job)], now=self.job.next_at)
        raise NotYet("contact", for_=_CONTACT_FIRST)

    def _expected_before(self) -> Expected:
        """Return what the last frozen request expected, when a linked invoice is looked at again."""
        last = self.job.rides.order_by("-pk").first()
        return last.expected if last else {}
