"""The memory provider's side of the port `DocumentsOut`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from keito_books.accounting.documents import (
    ContactDocument,
    InvoiceDocument,
    InvoiceTotals,
    Kind,
    PaymentDocument,
    RemoteBooks,
    RemoteContact,
    RemoteInvoice,
    RemotePayment,
    RemoteStatus,
)
from keito_books.accounting.errors import OutcomeUnknown
from keito_books.accounting.port import Access, Declined, Done, PreparedWrite, Receipt, Verdict
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.providers.memory import payloads
from keito_books.providers.memory.books import ACCOUNTS, CURRENCIES, ORGANISATION, TAX_RATES, TRACKING, Books

_PAYABLE = frozenset((RemoteStatus.APPROVED,))


class MemoryDocuments:
    """One organisation's books. `lose_next_reply` makes the next write land without an answer."""

    batch_size = 50
    minute_limit = 60
    at_once = 5

    def __init__(self) -> None:
        self.books = Books()
        self.lose_next_reply = False

    def prepare_contacts(self, contacts: Sequence[ContactDocument]) -> PreparedWrite:
        return payloads.prepare_contacts(contacts)

    def prepare_invoices(self, invoices: Sequence[InvoiceDocument]) -> PreparedWrite:
        return payloads.prepare_invoices(invoices)

    def predict_totals(self, invoice: InvoiceDocument) -> InvoiceTotals:
        return invoice.totals

    def prepare_payments(self, payments: Sequence[PaymentDocument]) -> PreparedWrite:
        return payloads.prepare_payments(payments)

    def prepare_payment_deletion(self, payment_id: str) -> PreparedWrite:
        return payloads.prepare_payment_deletion(payment_id)

    def join(self, writes: Sequence[PreparedWrite]) -> PreparedWrite:
        return payloads.join(writes[: self.batch_size])

    def send(self, access: Access, write: PreparedWrite, *, key: str) -> tuple[Verdict, ...]:
        access.permit()
        access.record(_receipt(write))
        answered = self.books.answers.get(key)
        if answered is None:
            answered = self.books.answers[key] = (write, self._applied(write))
        sent, verdicts = answered
        if sent != write:
            raise OutcomeUnknown("Another request was sent under this key")
        if self.lose_next_reply:
            self.lose_next_reply = False
            raise OutcomeUnknown("The reply was lost")
        return verdicts

    def find_invoices(self, access: Access, number: str) -> tuple[RemoteInvoice, ...]:
        del access
        return tuple(each for each in self.books.invoices.values() if each.number == number)

    def find_many_invoices(self, access: Access, numbers: Sequence[str]) -> tuple[RemoteInvoice, ...]:
        return tuple(found for number in dict.fromkeys(numbers) for found in self.find_invoices(access, number))

    def get_invoice(self, access: Access, remote_id: str) -> RemoteInvoice | None:
        del access
        return self.books.invoices.get(remote_id)

    def find_contacts(self, access: Access, contact: ContactDocument) -> tuple[RemoteContact, ...]:
        del access
        return _matching(contact, tuple(self.books.contacts.values()))

    def list_contacts(self, access: Access) -> tuple[RemoteContact, ...]:
        del access
        return tuple(self.books.contacts.values())

    def match_contacts(
        self, contacts: Sequence[ContactDocument], *, among: Sequence[RemoteContact]
    ) -> dict[str, tuple[RemoteContact, ...]]:
        return {contact.marker: _matching(contact, among) for contact in contacts}

    def get_contact(self, access: Access, remote_id: str) -> RemoteContact | None:
        found = self.books.contacts.get(remote_id)
        return self.get_contact(access, found.merged_into_id) if found and found.merged_into_id else found

    def find_payments(self, access: Access, *, invoice_id: str, marker: str) -> tuple[RemotePayment, ...]:
        del access
        of_invoice = (each for each in self.books.payments.values() if each.invoice_id == invoice_id)
        return tuple(each for each in of_invoice if each.reference.split(" ")[-1] == marker)

    def get_payment(self, access: Access, remote_id: str) -> RemotePayment | None:
        del access
        return self.books.payments.get(remote_id)

    def read_books(self, access: Access, *, now: datetime) -> RemoteBooks:
        del access
        return RemoteBooks(ORGANISATION, ACCOUNTS, TAX_RATES, TRACKING, CURRENCIES, read_at=now)

    def invoice_address(self, *, short_code: str, remote_id: str) -> str:
        return f"https://{short_code}.example/invoices/{remote_id}"

    def contact_address(self, *, short_code: str, remote_id: str) -> str:
        return f"https://{short_code}.example/contacts/{remote_id}"

    def _applied(self, write: PreparedWrite) -> tuple[Verdict, ...]:
        if write.kind is Kind.CONTACT:
            return tuple(self._add_contact(each) for each in payloads.read_documents(write, ContactDocument))
        if write.kind is Kind.INVOICE:
            return tuple(self._add_invoice(each) for each in payloads.read_documents(write, InvoiceDocument))
        if write.kind is Kind.PAYMENT:
            return tuple(self._add_payment(each) for each in payloads.read_documents(write, PaymentDocument))
        return (self._delete_payment(write.markers[0]),)

    def _add_contact(self, contact: ContactDocument) -> Verdict:
        if any(each.name.casefold() == contact.name.casefold() for each in self.books.contacts.values()):
            return _declined(contact.marker, RefusalCode.CONTACT_NAME_TAKEN, {"contact": contact.name})
        remote = RemoteContact(
            self.books.new_id("contact"), contact.name, contact.marker, contact.email, contact.tax_number
        )
        self.books.contacts[remote.id] = remote
        return Done(contact.marker, remote)

    def _add_invoice(self, invoice: InvoiceDocument) -> Verdict:
        if any(each.number == invoice.number for each in self.books.invoices.values()):
            return _declined(invoice.number, RefusalCode.NUMBER_TAKEN, {"number": invoice.number})
        if not all(any(a.id == line.account_id and a.takes_revenue for a in ACCOUNTS) for line in invoice.lines):
            return _declined(invoice.number, RefusalCode.ACCOUNT_NOT_VALID, {})
        remote = RemoteInvoice(
            id=self.books.new_id("invoice"),
            number=invoice.number,
            status=RemoteStatus.DRAFT if invoice.as_draft else RemoteStatus.APPROVED,
            url=invoice.url,
            contact_id=invoice.contact_id,
            currency=invoice.currency,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            subtotal=invoice.totals.subtotal,
            tax=invoice.totals.tax,
            total=invoice.totals.total,
            amount_due=invoice.totals.total,
            line_count=len(invoice.lines),
            currency_rate=invoice.currency_rate,
        )
        self.books.invoices[remote.id] = remote
        return Done(invoice.number, remote)

    def _add_payment(self, payment: PaymentDocument) -> Verdict:
        invoice = self.books.invoices.get(payment.invoice_id)
        if invoice is None or invoice.status not in _PAYABLE:
            return _declined(payment.marker, RefusalCode.INVOICE_NOT_PAYABLE, {})
        if payment.amount > invoice.amount_due:
            return _declined(payment.marker, RefusalCode.OVERPAYMENT, {})
        remote = RemotePayment(
            self.books.new_id("payment"),
            f"{payment.transaction_id} {payment.marker}".strip(),
            invoice.id,
            payment.amount,
            payment.paid_on,
        )
        self.books.payments[remote.id] = remote
        self._set_due(invoice, invoice.amount_due - payment.amount)
        return Done(payment.marker, remote)

    def _delete_payment(self, payment_id: str) -> Verdict:
        payment = self.books.payments.get(payment_id)
        if payment is None:
            return _declined(payment_id, RefusalCode.DELETED_REMOTELY, {})
        if payment.is_deleted or payment.is_reconciled:
            return _declined(payment_id, RefusalCode.PAYMENT_NOT_DELETABLE, {})
        gone = self.books.payments[payment_id] = replace(payment, is_deleted=True)
        invoice = self.books.invoices[payment.invoice_id]
        self._set_due(invoice, invoice.amount_due + payment.amount)
        return Done(payment_id, gone)

    def _set_due(self, invoice: RemoteInvoice, amount_due: Decimal) -> None:
        status = RemoteStatus.APPROVED if amount_due else RemoteStatus.PAID
        self.books.invoices[invoice.id] = replace(invoice, amount_due=amount_due, status=status)


def _declined(marker: str, code: RefusalCode, details: Mapping[str, str]) -> Declined:
    return Declined(marker, Refusal(code, (), {"marker": marker, **details}))


def _receipt(write: PreparedWrite) -> Receipt:
    return Receipt(write.method, write.path, datetime.now(UTC), 0.0, 200, "", write.body.decode(), "")


def _matching(contact: ContactDocument, among: Sequence[RemoteContact]) -> tuple[RemoteContact, ...]:
    """Return what the first rule finds that finds any."""
    rules: tuple[Callable[[RemoteContact], bool], ...] = (
        lambda each: each.marker == contact.marker,
        lambda each: bool(contact.tax_number) and each.tax_number == contact.tax_number,
        lambda each: bool(contact.email) and (each.email, each.name) == (contact.email, contact.name),
        lambda each: each.name.casefold() == contact.name.casefold(),
    )
    for rule in rules:
        found = tuple(each for each in among if rule(each))
        if found:
            return found
    return ()
