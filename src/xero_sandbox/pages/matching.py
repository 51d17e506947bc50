"""What a search on the pages finds: every word somewhere in what is shown of a record."""

from __future__ import annotations

from xero_sandbox.books import Books
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.payment import Payment
from xero_sandbox.wire.texts import plain_text


class Search:
    """The words that somebody looks for; without any, everything fits."""

    def __init__(self, asked: str) -> None:
        self._words = plain_text(asked).split()

    @property
    def is_empty(self) -> bool:
        return not self._words

    def fits(self, *texts: object) -> bool:
        if not self._words:
            return True
        whole = plain_text(" ".join(str(text) for text in texts if text))
        return all(word in whole for word in self._words)

    def invoice(self, books: Books, one: Invoice) -> bool:
        return not self._words or self.fits(
            one.number, one.reference, _name(books, one.contact_id), one.status, one.total, one.currency, one.invoice_id
        )

    def contact(self, one: Contact) -> bool:
        return not self._words or self.fits(
            one.name, one.email, one.contact_number, one.account_number, one.status, one.contact_id
        )

    def credit(self, books: Books, one: Credit) -> bool:
        return not self._words or self.fits(
            one.number, one.reference, _name(books, one.contact_id), one.type, one.status, one.total, one.credit_id
        )

    def payment(self, books: Books, one: Payment) -> bool:
        document = books.document_of(one)
        return not self._words or self.fits(
            one.reference, document.number, _name(books, document.contact_id), one.amount, one.status, one.payment_id
        )


def _name(books: Books, contact_id: str) -> str:
    return books.organisation.contacts[contact_id].name
