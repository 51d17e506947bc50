"""Push contacts, invoices and payments to Xero, and find them there again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from keito_books.accounting.documents import (
    ContactDocument,
    InvoiceDocument,
    InvoiceTotals,
    PaymentDocument,
    RemoteBooks,
    RemoteContact,
    RemoteInvoice,
    RemotePayment,
)
from keito_books.accounting.errors import Refused, TryAgainLater
from keito_books.accounting.port import Access, PreparedWrite, Verdict
from keito_books.accounting.refusals import RefusalCode
from keito_books.providers.xero import payloads, replies
from keito_books.providers.xero.client import XeroClient
from keito_books.providers.xero.hosts import Hosts
from keito_books.providers.xero.matching import match
from keito_books.providers.xero.repair import plainest
from keito_books.providers.xero.replies import Unreadable
from keito_books.providers.xero.text import contact_name, one_line
from keito_books.providers.xero.verdicts import ends_with_marker, verdicts
from keito_books.providers.xero.where import both, equals, has_guid, is_guid, lists

# Contacts can be merged again and again; a chain longer than this is a mistake over there.
_MERGES_MAX = 5
_PAGES_MAX = 50
_PAGE_SIZE = 100
# How long an address may become is not published; lists of numbers stay well below what is usual.
_NUMBERS_LENGTH = 1_500
_LARGEST_PAGE = 1000

Found = TypeVar("Found")
Document = TypeVar("Document", RemoteContact, RemoteInvoice, RemotePayment)


class XeroDocuments:
    """Xero's side of the port `DocumentsOut`."""

    # Xero advises about fifty elements a call.
    batch_size = 50
    minute_limit = 60
    at_once = 5

    def __init__(self, client: XeroClient, hosts: Hosts) -> None:
        self._client = client
        self._hosts = hosts

    def prepare_contacts(self, contacts: Sequence[ContactDocument]) -> PreparedWrite:
        return payloads.prepare_contacts(contacts)

    def prepare_invoices(self, invoices: Sequence[InvoiceDocument]) -> PreparedWrite:
        return payloads.prepare_invoices(invoices)

    def predict_totals(self, invoice: InvoiceDocument) -> InvoiceTotals:
        sums = plainest(invoice).sums
        return InvoiceTotals(sums.subtotal, invoice.totals.discount, sums.tax, sums.total)

    def prepare_payments(self, payments: Sequence[PaymentDocument]) -> PreparedWrite:
        return payloads.prepare_payments(payments)

    def prepare_payment_deletion(self, payment_id: str) -> PreparedWrite:
        return payloads.prepare_payment_deletion(payment_id)

    def join(self, writes: Sequence[PreparedWrite]) -> PreparedWrite:
        return payloads.join(writes, most=self.batch_size)

    def send(self, access: Access, write: PreparedWrite, *, key: str) -> tuple[Verdict, ...]:
        reply = self._client.write(access, write, key=key)
        self._client.raise_if_disconnected(access, reply)
        return verdicts(write, reply)

    def find_invoices(self, access: Access, number: str) -> tuple[RemoteInvoice, ...]:
        condition = both(equals("Type", "ACCREC"), equals("InvoiceNumber", number))
        found = self._every(access, "Invoices", replies.sales_invoices, where=condition, unitdp="4")
        return tuple(each for each in found if each.number.casefold() == number.casefold())

    def find_many_invoices(self, access: Access, numbers: Sequence[str]) -> tuple[RemoteInvoice, ...]:
        asked = list(dict.fromkeys(numbers))
        found: list[RemoteInvoice] = []
        for number in asked:
            if "," in number:  # the list is separated by commas
                found += self.find_invoices(access, number)
        for listed in lists([number for number in asked if "," not in number], length_max=_NUMBERS_LENGTH):
            found += self._every(
                access, "Invoices", replies.sales_invoices, where=equals("Type", "ACCREC"), InvoiceNumbers=listed
            )
        wanted = {number.casefold() for number in asked}
        kept = {each.id: each for each in found if each.number.casefold() in wanted}
        return tuple(kept.values())

    def get_invoice(self, access: Access, remote_id: str) -> RemoteInvoice | None:
        return self._one(access, "Invoices", remote_id, replies.sales_invoices)

    def find_contacts(self, access: Access, contact: ContactDocument) -> tuple[RemoteContact, ...]:
        for rule in (self._contacts_by_marker, self._contacts_by_tax, self._contacts_by_email, self._contacts_by_name):
            found = self._unmerged(access, rule(access, contact))
            if found:
                return found
        return ()

    def list_contacts(self, access: Access) -> tuple[RemoteContact, ...]:
        return self._every(access, "Contacts", replies.contacts, size=_LARGEST_PAGE, includeArchived="true")

    def match_contacts(
        self, contacts: Sequence[ContactDocument], *, among: Sequence[RemoteContact]
    ) -> dict[str, tuple[RemoteContact, ...]]:
        return match(contacts, among=among)

    def get_contact(self, access: Access, remote_id: str) -> RemoteContact | None:
        found: RemoteContact | None = None
        for _ in range(_MERGES_MAX):
            found = self._one(access, "Contacts", remote_id, replies.contacts)
            if found is None or not found.merged_into_id:
                return found
            remote_id = found.merged_into_id
        return found

    def find_payments(self, access: Access, *, invoice_id: str, marker: str) -> tuple[RemotePayment, ...]:
        if not is_guid(invoice_id):
            return ()
        condition = has_guid("Invoice.InvoiceID", invoice_id)
        found = self._every(access, "Payments", replies.payments, where=condition)
        return tuple(each for each in found if ends_with_marker(each.reference, marker))

    def get_payment(self, access: Access, remote_id: str) -> RemotePayment | None:
        return self._one(access, "Payments", remote_id, replies.payments)

    def read_books(self, access: Access, *, now: datetime) -> RemoteBooks:
        parts = replies.BooksReplies(
            organisation=self._list(access, "Organisation"),
            accounts=self._list(access, "Accounts"),
            tax_rates=self._list(access, "TaxRates"),
            tracking=self._list(access, "TrackingCategories", includeArchived="true"),
            currencies=self._list(access, "Currencies"),
            actions=self._actions(access),
        )
        return _readable(lambda: replies.read_books(parts, now=now))

    def invoice_address(self, *, short_code: str, remote_id: str) -> str:
        return self._hosts.invoice_page(short_code=short_code, remote_id=remote_id)

    def contact_address(self, *, short_code: str, remote_id: str) -> str:
        return self._hosts.contact_page(short_code=short_code, remote_id=remote_id)

    def _contacts_by_marker(self, access: Access, contact: ContactDocument) -> tuple[RemoteContact, ...]:
        # Xero can't filter by ContactNumber, and finds it in the path.
        body = self._client.get(access, "Contacts", contact.marker)
        found = _readable(partial(replies.contacts, body)) if body is not None else ()
        return tuple(each for each in found if each.marker == contact.marker)

    def _contacts_by_tax(self, access: Access, contact: ContactDocument) -> tuple[RemoteContact, ...]:
        number = one_line(contact.tax_number)
        if not number:
            return ()
        try:
            return self._contacts_where(access, equals("TaxNumber", number))
        except Refused as refused:
            # Nobody documents that Xero filters by this field; the next rules must not fall with it.
            if refused.refusal.code is not RefusalCode.UNKNOWN:
                raise
            return ()

    def _contacts_by_email(self, access: Access, contact: ContactDocument) -> tuple[RemoteContact, ...]:
        email = one_line(contact.email)
        found = self._contacts_where(access, equals("EmailAddress", email)) if email else ()
        return tuple(each for each in found if _same_name(each, contact))

    def _contacts_by_name(self, access: Access, contact: ContactDocument) -> tuple[RemoteContact, ...]:
        found = self._contacts_where(access, equals("Name", contact_name(contact.name)))
        return tuple(each for each in found if _same_name(each, contact))

    def _contacts_where(self, access: Access, condition: str) -> tuple[RemoteContact, ...]:
        return self._every(access, "Contacts", replies.contacts, where=condition, includeArchived="true")

    def _unmerged(self, access: Access, found: Sequence[RemoteContact]) -> tuple[RemoteContact, ...]:
        """Return the contacts with merged ones replaced by what they were merged into, each once."""
        survivors = [self.get_contact(access, each.merged_into_id) if each.merged_into_id else each for each in found]
        return tuple({each.id: each for each in survivors if each is not None}.values())

    def _one(
        self, access: Access, resource: str, remote_id: str, read: Callable[[bytes], tuple[Document, ...]]
    ) -> Document | None:
        # The path takes a number or a code as well, and another document might carry this one's id as that.
        if not is_guid(remote_id):
            return None
        query = {"unitdp": "4"} if resource == "Invoices" else {}
        body = self._client.get(access, resource, remote_id, **query)
        found = _readable(partial(read, body)) if body is not None else ()
        return next((each for each in found if each.id.lower() == remote_id.lower()), None)

    def _every(
        self,
        access: Access,
        resource: str,
        read: Callable[[bytes], tuple[Found, ...]],
        *,
        size: int = _PAGE_SIZE,
        **query: str,
    ) -> tuple[Found, ...]:
        """Return all pages: a paged list alone carries the lines of invoices."""
        found: list[Found] = []
        if size != _PAGE_SIZE:
            query["pageSize"] = str(size)
        for page in range(1, _PAGES_MAX + 1):
            body = self._list(access, resource, page=str(page), **query)
            items = _readable(partial(read, body))
            found += items
            if len(items) < size:
                break
        return tuple(found)

    def _list(self, access: Access, *path: str, **query: str) -> bytes:
        body = self._client.get(access, *path, **query)
        if body is None:
            raise TryAgainLater(f"Xero does not know {'/'.join(path)}", reason="unreachable")
        return body

    def _actions(self, access: Access) -> bytes:
        """Return what the user may do, or nothing where Xero does not tell: then each attempt will tell."""
        try:
            return self._client.get(access, "Organisation", "Actions") or b""
        except Refused:
            return b""


def _same_name(remote: RemoteContact, contact: ContactDocument) -> bool:
    return remote.name.casefold() == contact_name(contact.name).casefold()


def _readable(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except Unreadable as error:
        raise TryAgainLater("Xero's reply can't be read", reason="unreachable") from error
