"""Delete a payment there that was deleted here, unless the bank reconciliation already rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from keito_books.accounting.documents import Kind, RemotePayment
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.invoicing.models import Payment
from keito_books.syncing.errands.base import Errand, Found, NotYet, Prepared, Remote
from keito_books.syncing.models import Job, Link, Ride
from keito_books.syncing.verification import Expected

_AFTER_PAYMENT = timedelta(minutes=1)


class DeletionErrand(Errand):
    kind = Kind.PAYMENT_DELETION

    @property
    def payment(self) -> Payment:
        assert self.job.payment is not None  # noqa: S101  the database holds this: job_is_about_one_document
        return self.job.payment

    def before_sending(self) -> Found | None:
        link = self.known.link(Kind.PAYMENT, self.payment.pk)
        if link is None:
            return self._never_arrived()
        return self._gone(self.call(lambda access: self.documents.get_payment(access, link.remote_id)), link)

    def prepare(self) -> Prepared:
        link = self.known.link(Kind.PAYMENT, self.payment.pk)
        if link is None:
            raise NotYet("payment", for_=_AFTER_PAYMENT)
        return Prepared(self.documents.prepare_payment_deletion(link.remote_id))

    def look_up(self, ride: Ride) -> Found | None:  # noqa: ARG002  the link knows what was to be deleted
        return self.before_sending()

    def differences(self, remote: Remote, expected: Expected) -> list[str]:  # noqa: ARG002  deleted is deleted
        assert isinstance(remote, RemotePayment)  # noqa: S101  the provider answers payments with payments
        return [] if remote.is_deleted else ["it is still there"]

    def link(self, found: Found, *, repairs: list[str], warnings: list[str], now: datetime) -> None:
        """The payment's own link stays as it is."""

    @classmethod
    def after_success(cls, errands: Sequence[DeletionErrand], *, now: datetime) -> None:
        """Let go on what waited for it: other payments of these invoices."""
        invoices = [errand.payment.invoice_id for errand in errands]
        waiting = Job.objects.filter(kind=Kind.PAYMENT, state=Job.State.WAITING, waiting_because="deletion")
        waiting.filter(payment__invoice__in=invoices).update(next_at=now)

    def _never_arrived(self) -> Found:
        """Return a stand-in for a payment that is certainly not there. Raises NotYet while that is not known."""
        job = self.known.job(Kind.PAYMENT, self.payment.pk)
        if job is not None and job.state in (Job.State.WAITING, Job.State.SENDING):
            raise NotYet("payment", for_=_AFTER_PAYMENT)
        return Found(_deleted(""), "created")

    def _gone(self, remote: RemotePayment | None, link: Link) -> Found | None:
        if remote is None or remote.is_deleted:
            return Found(_deleted(link.remote_id), link.origin)
        if remote.is_reconciled:
            raise Refused(Refusal(RefusalCode.PAYMENT_NOT_DELETABLE))
        return None


def _deleted(remote_id: str) -> RemotePayment:
    """Return a payment that is not there (any more); only its being deleted is ever looked at."""
    return RemotePayment(remote_id, "", "", Decimal(0), date.min, is_deleted=True)
