"""An organisation's books with the indexes that keep look-ups flat as they grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from xero_sandbox.credit_shelf import CreditShelf
from xero_sandbox.past import Past
from xero_sandbox.records.bank_transaction import BankTransaction
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.item import Item
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.settings import Account, TrackingCategory
from xero_sandbox.wire.texts import plain_text

Key = TypeVar("Key")
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Saved:
    """A document or contact that was written; webhooks tell of it."""

    category: str  # as webhooks name it
    resource_id: str
    created: bool
    data: tuple[tuple[str, str], ...] = ()  # Type and Status of a credit


class Change:
    """What was written since it began, so that it can be undone."""

    def __init__(self) -> None:
        self.saved: list[Saved] = []
        self._backwards: list[Callable[[], None]] = []

    def remember(self, undo_one: Callable[[], None]) -> None:
        self._backwards.append(undo_one)

    def undo(self) -> None:
        while self._backwards:
            self._backwards.pop()()
        self.saved.clear()


class Books:
    """Reads and writes contacts, invoices, payments and accounts; nothing else changes those tables."""

    def __init__(
        self,
        organisation: Organisation,
        tell: Callable[[list[Saved]], None] = lambda _: None,
        past: Past | None = None,
    ) -> None:
        self.organisation = organisation
        self._tell = tell  # called after each change that stands, with what it saved
        self._past = past  # None: nobody will ask what was before
        self._change: Change | None = None
        self.credits = CreditShelf(organisation.credits, self._remember, self._note_credit, self._note_former)
        self._contacts_by_number: dict[str, str] = {}
        self._contacts_by_name: dict[str, list[str]] = {}
        self._invoices_by_number: dict[tuple[str, str], list[str]] = {}
        self._invoices_by_contact: dict[str, list[str]] = {}
        self._items_by_code = {one.code.casefold(): one.item_id for one in organisation.items.values()}
        for contact in organisation.contacts.values():
            self._index_contact(contact)
        for invoice in organisation.invoices.values():
            self._index_invoice(invoice)

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Remember what is saved within the block; an exception undoes it."""
        self._change = Change()
        for counter in ("next_invoice_number", "next_credit_note_number"):
            self._change.remember(partial(setattr, self.organisation, counter, getattr(self.organisation, counter)))
        try:
            yield self._change
        except BaseException:
            self._change.undo()
            raise
        finally:
            change, self._change = self._change, None
        if change.saved:
            self._tell(change.saved)

    # Contacts

    def contact(self, contact_id: str) -> Contact | None:
        return self.organisation.contacts.get(contact_id.lower())

    def contact_numbered(self, number: str) -> Contact | None:
        found = self._contacts_by_number.get(number.casefold())
        return self.organisation.contacts[found] if found else None

    def contacts_named(self, name: str) -> list[Contact]:
        """Return the contacts with this name, whatever their status, letter case aside."""
        wanted = name.casefold()
        return [one for one in self.contacts_named_alike(name) if one.name.casefold() == wanted]

    def contacts_named_alike(self, name: str) -> list[Contact]:
        """Return the contacts whose names differ in letter case and accents at most."""
        return [self.organisation.contacts[one] for one in self._contacts_by_name.get(plain_text(name), ())]

    def active_contact_named(self, name: str) -> Contact | None:
        return next((one for one in self.contacts_named(name) if one.status == "ACTIVE"), None)

    def save_contact(self, contact: Contact) -> None:
        self._note_former(self.organisation.contacts, contact.contact_id)
        before = self.organisation.contacts.get(contact.contact_id)
        if before is not None:
            self._forget_contact(before)
        self._remember(partial(self._restore_contact, contact.contact_id, before))
        self.organisation.contacts[contact.contact_id] = contact
        self._index_contact(contact)
        if not _differs_in_use_only(before, contact):
            self._note(Saved("CONTACT", contact.contact_id, before is None))

    def _restore_contact(self, contact_id: str, before: Contact | None) -> None:
        self._forget_contact(self.organisation.contacts.pop(contact_id))
        if before is not None:
            self.organisation.contacts[contact_id] = before
            self._index_contact(before)

    def _index_contact(self, contact: Contact) -> None:
        self._contacts_by_name.setdefault(plain_text(contact.name), []).append(contact.contact_id)
        if contact.contact_number:
            self._contacts_by_number[contact.contact_number.casefold()] = contact.contact_id

    def _forget_contact(self, contact: Contact) -> None:
        _take_out(self._contacts_by_name, plain_text(contact.name), contact.contact_id)
        self._contacts_by_number.pop(contact.contact_number.casefold(), None)

    # Invoices

    def invoice(self, invoice_id: str) -> Invoice | None:
        return self.organisation.invoices.get(invoice_id.lower())

    def invoices_numbered(self, number: str, type_: str | None = None) -> list[Invoice]:
        """Return all with this number, oldest first: bills may share one, sales invoices may not."""
        kinds = ("ACCREC", "ACCPAY") if type_ is None else (type_,)
        return [
            self.organisation.invoices[one]
            for kind in kinds
            for one in self._invoices_by_number.get((kind, number.casefold()), ())
        ]

    def invoices_of_contact(self, contact_id: str) -> list[Invoice]:
        return [self.organisation.invoices[one] for one in self._invoices_by_contact.get(contact_id.lower(), ())]

    def save_invoice(self, invoice: Invoice, *, quietly: bool = False) -> None:
        """Save it; quietly means that no webhook tells of it."""
        self._note_former(self.organisation.invoices, invoice.invoice_id)
        before = self.organisation.invoices.get(invoice.invoice_id)
        self._remember(partial(self._restore_invoice, invoice.invoice_id, before))
        if before is None or (before.number, before.contact_id) != (invoice.number, invoice.contact_id):
            if before is not None:
                self._forget_invoice(before)
            self._index_invoice(invoice)
        self.organisation.invoices[invoice.invoice_id] = invoice
        if not quietly:
            self._note(Saved("INVOICE", invoice.invoice_id, before is None))

    def _restore_invoice(self, invoice_id: str, before: Invoice | None) -> None:
        self._forget_invoice(self.organisation.invoices.pop(invoice_id))
        if before is not None:
            self.organisation.invoices[invoice_id] = before
            self._index_invoice(before)

    def next_invoice_number(self) -> str:
        """Return the next number of the organisation's own series and count on."""
        while True:
            number = f"{self.organisation.invoice_prefix}{self.organisation.next_invoice_number:04d}"
            self.organisation.next_invoice_number += 1
            if not self.invoices_numbered(number, "ACCREC"):
                return number

    def next_credit_note_number(self) -> str:
        while True:
            number = f"{self.organisation.credit_note_prefix}{self.organisation.next_credit_note_number:04d}"
            self.organisation.next_credit_note_number += 1
            if not self.credits.numbered(number, "ACCRECCREDIT"):
                return number

    def _index_invoice(self, invoice: Invoice) -> None:
        if invoice.number:
            key = (invoice.type, invoice.number.casefold())
            self._invoices_by_number.setdefault(key, []).append(invoice.invoice_id)
        self._invoices_by_contact.setdefault(invoice.contact_id, []).append(invoice.invoice_id)

    def _forget_invoice(self, invoice: Invoice) -> None:
        _take_out(self._invoices_by_number, (invoice.type, invoice.number.casefold()), invoice.invoice_id)
        _take_out(self._invoices_by_contact, invoice.contact_id, invoice.invoice_id)

    # Payments and accounts

    def payment(self, payment_id: str) -> Payment | None:
        return self.organisation.payments.get(payment_id.lower())

    def bank_transaction(self, transaction_id: str) -> BankTransaction | None:
        return self.organisation.bank_transactions.get(transaction_id.lower())

    def document_of(self, payment: Payment) -> Invoice | Credit:
        """Return what the payment pays or refunds."""
        if payment.credit_id:
            return self.organisation.credits[payment.credit_id]
        return self.organisation.invoices[payment.invoice_id]

    def save_payment(self, payment: Payment) -> None:
        self.keep(self.organisation.payments, payment.payment_id, payment)

    def set_tracking(self, categories: list[TrackingCategory]) -> None:
        self._remember(partial(setattr, self.organisation, "tracking", self.organisation.tracking))
        self.organisation.tracking = categories

    def keep(self, table: dict[str, Record], key: str, record: Record) -> None:
        """Save into a table that has no index beside its ids."""
        self._note_former(table, key)
        self._remember(partial(_put_back, table, key, table.get(key)))
        table[key] = record

    def remove_account(self, account: Account) -> None:
        self._note_former(self.organisation.accounts, account.account_id)
        del self.organisation.accounts[account.account_id]

    def _note(self, saved: Saved) -> None:
        if self._change is not None:
            self._change.saved.append(saved)
        else:
            self._tell([saved])

    def _note_credit(self, credit: Credit, created: bool) -> None:  # noqa: FBT001  # one caller
        data = (("Type", credit.type), ("Status", credit.status))
        self._note(Saved(credit.noun.upper(), credit.credit_id, created, data))

    def _note_former(self, table: Mapping[str, object], key: str) -> None:
        if self._past is not None:
            self._past.note(table, key)

    def _remember(self, undo_one: Callable[[], None]) -> None:
        if self._change is not None:
            self._change.remember(undo_one)

    # Items

    def item_coded(self, code: str) -> Item | None:
        found = self._items_by_code.get(code.casefold())
        return self.organisation.items[found] if found else None

    def save_item(self, item: Item) -> None:
        self._note_former(self.organisation.items, item.item_id)
        before = self.organisation.items.get(item.item_id)
        self._remember(partial(self._set_item, item.item_id, before))
        self._set_item(item.item_id, item)

    def remove_item(self, item: Item) -> None:
        self._note_former(self.organisation.items, item.item_id)
        self._remember(partial(self._set_item, item.item_id, item))
        self._set_item(item.item_id, None)

    def _set_item(self, item_id: str, item: Item | None) -> None:
        before = self.organisation.items.pop(item_id, None)
        if before is not None:
            self._items_by_code.pop(before.code.casefold(), None)
        if item is not None:
            self.organisation.items[item_id] = item
            self._items_by_code[item.code.casefold()] = item_id

    def account(self, account_id: str) -> Account | None:
        return self.organisation.accounts.get(account_id.lower())

    def account_coded(self, code: str) -> Account | None:
        """Return the account with this code: an active one before an archived one."""
        for one in self.organisation.accounts.values():
            if one.code == code and one.status == "ACTIVE" and code:
                return one
        wanted = code.casefold()
        found = [one for one in self.organisation.accounts.values() if one.code.casefold() == wanted]
        return min(found, key=lambda one: one.status != "ACTIVE") if code and found else None


def _differs_in_use_only(before: Contact | None, contact: Contact) -> bool:
    """Whether only IsCustomer or IsSupplier changed, which does not count as a change of the contact (reference 5)."""
    return before is not None and contact == replace(
        before, is_customer=contact.is_customer, is_supplier=contact.is_supplier
    )


def _put_back(table: dict[str, Record], key: str, before: Record | None) -> None:
    if before is None:
        del table[key]
    else:
        table[key] = before


def _take_out(index: dict[Key, list[str]], key: Key, one: str) -> None:
    kept = [other for other in index.get(key, ()) if other != one]
    if kept:
        index[key] = kept
    else:
        index.pop(key, None)
