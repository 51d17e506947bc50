"""Record a payment once, on the invoice that is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from keito_books.accounting.documents import Kind, RemotePayment, RemoteStatus
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.invoicing.models import Payment, State
from keito_books.mapping.freshness import distrust
from keito_books.syncing.errands.base import Errand, Found, NotWanted, NotYet, Prepared, Remote, with_repairs
from keito_books.syncing.locks import LOOK_AGAIN, must_wait, payment_as_answered
from keito_books.syncing.models import Job, Link, LockAnswer, Ride
from keito_books.syncing.translate import payment_document
from keito_books.syncing.verification import Expected, expected_payment, payment_differences

_AFTER_INVOICE = timedelta(minutes=2)
_AFTER_DELETION = timedelta(minutes=1)
_UNTIL_APPROVED = timedelta(minutes=5)


class PaymentErrand(Errand):
    kind = Kind.PAYMENT

    @property
    def payment(self) -> Payment:
        assert self.job.payment is not None  # noqa: S101  the database holds this: job_is_about_one_document
        return self.job.payment

    def before_sending(self) -> Found | None:
        link = self.known.link(Kind.PAYMENT, self.payment.pk)
        if link is not None:
            remote = self.call(lambda access: self.documents.get_payment(access, link.remote_id))
            if remote is None or remote.is_deleted:
                raise Refused(Refusal(RefusalCode.DELETED_REMOTELY))
            return Found(remote, link.origin)
        if self.payment.is_deleted or self._was_closed_before_it_left():
            raise NotWanted
        if self.payment.invoice_id in self.known.being_taken_back:
            # Until it is gone there, the invoice may count as paid, and another payment would be refused.
            raise NotYet("deletion", for_=_AFTER_DELETION)
        invoice_id = self._invoice_id()
        if self.choices.as_draft or self._invoice_was_left_as_draft():
            self._must_be_payable(invoice_id)
        if must_wait(self.payment.paid_on, self._lock_answer, self.books.content.organisation):
            raise NotYet("lock", for_=LOOK_AGAIN)
        return None

    def prepare(self) -> Prepared:
        document = payment_document(self.payment, invoice_id=self._invoice_id(), choices=self.choices, books=self.books)
        document, told = payment_as_answered(document, self._lock_answer)
        write = with_repairs(self.documents.prepare_payments([document]), told)
        return Prepared(write, expected_payment(document))

    def look_up(self, ride: Ride) -> Found | None:
        invoice_id = ride.expected["invoice_id"]
        marker = self.payment.marker
        found = self.call(lambda access: self.documents.find_payments(access, invoice_id=invoice_id, marker=marker))
        alive = [each for each in found if not each.is_deleted]
        if len(alive) > 1:
            raise Refused(Refusal(RefusalCode.POSSIBLE_DUPLICATE, details={"what": f"payment {marker}"}))
        return Found(alive[0], "adopted") if alive else None

    def differences(self, remote: Remote, expected: Expected) -> list[str]:
        assert isinstance(remote, RemotePayment)  # noqa: S101  the provider answers payments with payments
        return payment_differences(remote, expected) if expected else []

    def link(self, found: Found, *, repairs: list[str], warnings: list[str], now: datetime) -> Link | None:
        if self.known.link(Kind.PAYMENT, self.payment.pk) is not None:
            return None
        assert isinstance(found.remote, RemotePayment)  # noqa: S101  the provider answers payments with payments
        label = found.remote.reference
        return self._new_link(found, label=label, repairs=repairs, warnings=warnings, now=now, payment=self.payment)

    def decline(self, refusal: Refusal) -> Refusal:
        if refusal.code is RefusalCode.PERIOD_LOCKED and refusal.messages:
            distrust(self.connection)  # the lock is newer than our lists
        details = {"currency": self.payment.invoice.currency, "number": self.payment.invoice.number}
        return Refusal(refusal.code, refusal.messages, {**details, **self.with_account_name(refusal.details)})

    @property
    def _lock_answer(self) -> LockAnswer | None:
        return self.known.lock_answer(self.payment.pk, dated=self.payment.paid_on)

    def _invoice_was_left_as_draft(self) -> bool:
        invoice = self.payment.invoice
        answer = self.known.lock_answer(invoice.pk, dated=invoice.issue_date)
        return answer is not None and answer.choice == LockAnswer.Choice.DRAFT

    def _invoice_id(self) -> str:
        invoice = self.payment.invoice
        job = self.known.job(Kind.INVOICE, invoice.pk)
        link = self.known.link(Kind.INVOICE, invoice.pk)
        if link is None or job is None or job.state != Job.State.DONE:
            raise NotYet("invoice", for_=_AFTER_INVOICE)
        return link.remote_id

    def _was_closed_before_it_left(self) -> bool:
        """Say whether the invoice was given up here and so will never be there."""
        invoice = self.payment.invoice
        job = self.known.job(Kind.INVOICE, invoice.pk)
        return invoice.state == State.CLOSED and job is not None and job.state == Job.State.STOPPED

    def _must_be_payable(self, invoice_id: str) -> None:
        remote = self.call(lambda access: self.documents.get_invoice(access, invoice_id))
        if remote is None or remote.status in (RemoteStatus.VOIDED, RemoteStatus.DELETED):
            raise Refused(Refusal(RefusalCode.INVOICE_NOT_PAYABLE))
        if remote.status in (RemoteStatus.DRAFT, RemoteStatus.SUBMITTED):
            raise NotYet("draft", for_=_UNTIL_APPROVED)
