"""What every provider must do, whatever stands behind it. A bug that another provider could have gets a test here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keito_books.accounting.documents import (
    ContactDocument,
    DocumentLine,
    InvoiceDocument,
    InvoiceTotals,
    PaymentDocument,
    RemoteContact,
    RemoteInvoice,
    RemotePayment,
    RemoteStatus,
    TaxChoice,
)
from keito_books.accounting.errors import OutcomeUnknown, TryAgainLater
from keito_books.accounting.port import Access, Declined, DocumentsOut, Done, PreparedWrite, Receipt, Verdict
from keito_books.accounting.refusals import RefusalCode

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ISSUED = date(2026, 11, 2)
DUE = date(2026, 12, 2)
NOWHERE = "7f1f7a7e-0000-4000-8000-000000000000"


@dataclass
class Stage:
    """A provider with an organisation to write to, ready for one test."""

    documents: DocumentsOut
    access: Access
    lose_next_reply: Callable[[], None]
    receipts: list[Receipt] = field(default_factory=list)
    keys: int = 0

    def send(self, write: PreparedWrite, *, key: str = "") -> tuple[Verdict, ...]:
        self.keys += 1
        return self.documents.send(self.access, write, key=key or f"contract-{self.keys}")

    def put_contact(self, contact: ContactDocument) -> RemoteContact:
        remote = done(self.send(self.documents.prepare_contacts([contact])))
        assert isinstance(remote, RemoteContact)
        return remote

    def put_invoice(self, invoice: InvoiceDocument) -> RemoteInvoice:
        remote = done(self.send(self.documents.prepare_invoices([invoice])))
        assert isinstance(remote, RemoteInvoice)
        return remote

    def put_payment(self, payment: PaymentDocument) -> RemotePayment:
        remote = done(self.send(self.documents.prepare_payments([payment])))
        assert isinstance(remote, RemotePayment)
        return remote

    def an_invoice(self, number: str = "KB-0001", *, contact: str = "Contract Ltd") -> InvoiceDocument:
        """Return an invoice over 120.00 with 20 % tax for a contact that is there or is made."""
        books = self.documents.read_books(self.access, now=NOW)
        account = next(each for each in books.accounts if each.takes_revenue)
        rate = next(
            each
            for each in books.tax_rates
            if each.is_active and each.applies_to_revenue and each.effective_rate == Decimal(20)
        )
        document = ContactDocument(f"KC-{contact}", contact)
        found = self.documents.find_contacts(self.access, document)
        line = DocumentLine(
            description="Consulting",
            quantity=Decimal("2.5"),
            unit_price=Decimal("40.00"),
            amount=Decimal("100.00"),
            account_id=account.id,
            account_code=account.code,
            tax=TaxChoice(rate.tax_type, rate.components),
        )
        return InvoiceDocument(
            number=number,
            contact_id=found[0].id if found else self.put_contact(document).id,
            issued_on=ISSUED,
            due_on=DUE,
            currency="GBP",
            reference="PO-7",
            url=f"https://books.example/invoices/{number}",
            as_draft=False,
            discount_percent=Decimal(0),
            lines=(line,),
            totals=InvoiceTotals(Decimal("100.00"), Decimal("0.00"), Decimal("20.00"), Decimal("120.00")),
        )

    def a_payment(self, invoice: RemoteInvoice, amount: str, *, marker: str = "KP-0001") -> PaymentDocument:
        books = self.documents.read_books(self.access, now=NOW)
        bank = next(each for each in books.accounts if each.takes_payments and each.currency in {"", "GBP"})
        return PaymentDocument(marker, invoice.id, bank.id, date(2026, 11, 9), Decimal(amount), "GBP", "ch_1")

    def due(self, invoice: RemoteInvoice) -> tuple[Decimal, RemoteStatus]:
        again = self.documents.get_invoice(self.access, invoice.id)
        assert again is not None
        return again.amount_due, again.status


def done(verdicts: tuple[Verdict, ...]) -> RemoteContact | RemoteInvoice | RemotePayment:
    (verdict,) = verdicts
    assert isinstance(verdict, Done), verdict
    return verdict.remote


def declined(verdicts: tuple[Verdict, ...]) -> RefusalCode:
    (verdict,) = verdicts
    assert isinstance(verdict, Declined), verdict
    return verdict.refusal.code


class ProviderContract:
    """Subclasses give a `stage` fixture."""

    def test_an_invoice_is_there_as_it_was_sent(self, stage: Stage) -> None:
        sent = stage.an_invoice()

        remote = stage.put_invoice(sent)

        assert remote == stage.documents.get_invoice(stage.access, remote.id)
        assert (remote.number, remote.contact_id, remote.url) == (sent.number, sent.contact_id, sent.url)
        assert (remote.issued_on, remote.due_on, remote.currency) == (ISSUED, DUE, "GBP")
        assert (remote.subtotal, remote.tax, remote.total) == (Decimal(100), Decimal(20), Decimal(120))
        assert (remote.amount_due, remote.line_count, remote.status) == (Decimal(120), 1, RemoteStatus.APPROVED)

    def test_a_draft_stays_a_draft_and_takes_no_payment(self, stage: Stage) -> None:
        remote = stage.put_invoice(replace(stage.an_invoice(), as_draft=True))

        verdicts = stage.send(stage.documents.prepare_payments([stage.a_payment(remote, "10.00")]))

        assert remote.status is RemoteStatus.DRAFT
        assert declined(verdicts) is RefusalCode.INVOICE_NOT_PAYABLE

    def test_putting_twice_with_one_key_leaves_one_invoice(self, stage: Stage) -> None:
        write = stage.documents.prepare_invoices([stage.an_invoice()])

        first = done(stage.send(write, key="the-key"))
        again = done(stage.send(write, key="the-key"))

        assert first == again
        assert len(stage.documents.find_invoices(stage.access, "KB-0001")) == 1

    def test_one_key_for_two_requests_leaves_the_second_unknown(self, stage: Stage) -> None:
        stage.send(stage.documents.prepare_invoices([stage.an_invoice("KB-0001")]), key="the-key")
        other = stage.documents.prepare_invoices([stage.an_invoice("KB-0002")])

        with pytest.raises(OutcomeUnknown):
            stage.send(other, key="the-key")

    def test_a_number_that_is_taken_is_declined(self, stage: Stage) -> None:
        stage.put_invoice(stage.an_invoice())

        verdicts = stage.send(stage.documents.prepare_invoices([stage.an_invoice()]))

        assert declined(verdicts) is RefusalCode.NUMBER_TAKEN

    def test_many_numbers_are_looked_for_at_once(self, stage: Stage) -> None:
        there = [stage.put_invoice(stage.an_invoice(number)) for number in ("KB-0001", "KB-0002", "KB,3")]
        absent = [f"KB-{number:04d}-that-nobody-has-used" for number in range(100, 200)]

        found = stage.documents.find_many_invoices(stage.access, [*absent, "KB-0002", "KB,3", "KB-0002"])

        assert {each.id for each in found} == {each.id for each in there[1:]}
        assert {(each.number, each.url, each.total) for each in found} == {
            (each.number, each.url, each.total) for each in there[1:]
        }
        assert stage.documents.find_many_invoices(stage.access, []) == ()

    def test_an_invoice_whose_reply_was_lost_is_unknown_and_found_by_its_number(self, stage: Stage) -> None:
        write = stage.documents.prepare_invoices([stage.an_invoice()])
        stage.lose_next_reply()

        with pytest.raises(OutcomeUnknown):
            stage.send(write)

        (found,) = stage.documents.find_invoices(stage.access, "KB-0001")
        assert found.url == "https://books.example/invoices/KB-0001"

    def test_a_contact_whose_reply_was_lost_is_found_by_its_marker(self, stage: Stage) -> None:
        contact = ContactDocument("KC-lost", "Lost & Found Ltd")
        stage.lose_next_reply()

        with pytest.raises(OutcomeUnknown):
            stage.send(stage.documents.prepare_contacts([contact]))

        (found,) = stage.documents.find_contacts(stage.access, contact)
        assert (found.marker, found.name) == ("KC-lost", "Lost & Found Ltd")

    def test_a_payment_whose_reply_was_lost_is_found_by_its_marker(self, stage: Stage) -> None:
        remote = stage.put_invoice(stage.an_invoice())
        write = stage.documents.prepare_payments([stage.a_payment(remote, "10.00", marker="KP-lost")])
        stage.lose_next_reply()

        with pytest.raises(OutcomeUnknown):
            stage.send(write)

        (found,) = stage.documents.find_payments(stage.access, invoice_id=remote.id, marker="KP-lost")
        assert (found.amount, found.invoice_id, found.is_deleted) == (Decimal("10.00"), remote.id, False)
        assert stage.documents.find_payments(stage.access, invoice_id=remote.id, marker="lost") == ()

    def test_one_bad_document_of_a_batch_does_not_stop_the_others(self, stage: Stage) -> None:
        stage.put_invoice(stage.an_invoice("KB-0002"))
        batch = [stage.an_invoice(number) for number in ("KB-0001", "KB-0002", "KB-0003")]

        verdicts = stage.send(stage.documents.prepare_invoices(batch))

        assert [(each.marker, type(each)) for each in verdicts] == [
            ("KB-0001", Done),
            ("KB-0002", Declined),
            ("KB-0003", Done),
        ]

    def test_what_was_prepared_alone_is_sent_unchanged_in_a_batch(self, stage: Stage) -> None:
        invoices = [stage.an_invoice(number) for number in ("KB-0001", "KB-0002")]
        alone = [stage.documents.prepare_invoices([each]) for each in invoices]

        together = stage.documents.join(alone)

        assert together == stage.documents.prepare_invoices(invoices)
        assert [type(each) for each in stage.send(together)] == [Done, Done]

    def test_a_batch_carries_no_more_than_one_call_may(self, stage: Stage) -> None:
        contacts = [ContactDocument(f"KC-{number}", f"Client {number} Ltd") for number in range(60)]

        write = stage.documents.join([stage.documents.prepare_contacts([each]) for each in contacts])

        assert write.markers == tuple(f"KC-{number}" for number in range(stage.documents.batch_size))

    def test_many_clients_are_matched_as_each_alone_would_be(self, stage: Stage) -> None:
        stage.put_contact(ContactDocument("KC-1", "Harbour Ltd", tax_number="GB 1"))
        stage.put_contact(ContactDocument("KC-2", "Quay Ltd", email="quay@example.com"))
        asked = [
            ContactDocument("KC-1", "Renamed Ltd"),
            ContactDocument("KC-3", "Harbour Group", tax_number="GB 1"),
            ContactDocument("KC-4", "Quay Ltd", email="quay@example.com"),
            ContactDocument("KC-5", "quay ltd"),
            ContactDocument("KC-6", "Nobody Ltd", email="quay@example.com"),
        ]

        found = stage.documents.match_contacts(asked, among=stage.documents.list_contacts(stage.access))

        assert found == {each.marker: stage.documents.find_contacts(stage.access, each) for each in asked}
        assert [found[each.marker][:1] == () for each in asked] == [False, False, False, False, True]

    def test_payments_lower_what_is_due_and_deleting_one_raises_it_again(self, stage: Stage) -> None:
        remote = stage.put_invoice(stage.an_invoice())

        part = stage.put_payment(stage.a_payment(remote, "20.00", marker="KP-1"))
        after_part = stage.due(remote)
        rest = stage.put_payment(stage.a_payment(remote, "100.00", marker="KP-2"))
        after_rest = stage.due(remote)
        gone = done(stage.send(stage.documents.prepare_payment_deletion(rest.id)))
        after_deletion = stage.due(remote)

        assert (part.amount, part.paid_on, part.invoice_id) == (Decimal(20), date(2026, 11, 9), remote.id)
        assert part.reference == "ch_1 KP-1"
        assert after_part == (Decimal(100), RemoteStatus.APPROVED)
        assert after_rest == (Decimal(0), RemoteStatus.PAID)
        assert after_deletion == (Decimal(100), RemoteStatus.APPROVED)
        assert isinstance(gone, RemotePayment)
        assert gone.is_deleted

    def test_a_deleted_payment_is_still_told_as_deleted(self, stage: Stage) -> None:
        remote = stage.put_invoice(stage.an_invoice())
        payment = stage.put_payment(stage.a_payment(remote, "20.00"))
        stage.send(stage.documents.prepare_payment_deletion(payment.id))

        again = stage.documents.get_payment(stage.access, payment.id)

        assert again is not None
        assert again.is_deleted

    def test_a_payment_cannot_be_deleted_twice(self, stage: Stage) -> None:
        remote = stage.put_invoice(stage.an_invoice())
        payment = stage.put_payment(stage.a_payment(remote, "20.00"))
        stage.send(stage.documents.prepare_payment_deletion(payment.id))

        assert declined(stage.send(stage.documents.prepare_payment_deletion(payment.id))) in {
            RefusalCode.PAYMENT_NOT_DELETABLE,
            RefusalCode.DELETED_REMOTELY,
        }

    def test_more_than_is_due_is_declined(self, stage: Stage) -> None:
        remote = stage.put_invoice(stage.an_invoice())

        verdicts = stage.send(stage.documents.prepare_payments([stage.a_payment(remote, "120.01")]))

        assert declined(verdicts) is RefusalCode.OVERPAYMENT

    def test_a_contact_s_name_can_be_held_once(self, stage: Stage) -> None:
        stage.put_contact(ContactDocument("KC-1", "Only One Ltd"))

        verdicts = stage.send(stage.documents.prepare_contacts([ContactDocument("KC-2", "Only One Ltd")]))

        assert declined(verdicts) is RefusalCode.CONTACT_NAME_TAKEN

    @pytest.mark.parametrize(
        "asked",
        [
            ContactDocument("KC-1", "Some Other Name"),
            ContactDocument("KC-9", "Some Other Name", tax_number="GB111222333"),
            ContactDocument("KC-9", "Findable Ltd", email="office@findable.example"),
            ContactDocument("KC-9", "findable ltd"),
        ],
        ids=["marker", "tax number", "e-mail and name", "name"],
    )
    def test_a_contact_is_found_by(self, stage: Stage, asked: ContactDocument) -> None:
        there = stage.put_contact(
            ContactDocument("KC-1", "Findable Ltd", email="office@findable.example", tax_number="GB111222333")
        )

        found = stage.documents.find_contacts(stage.access, asked)

        assert [each.id for each in found] == [there.id]

    def test_an_e_mail_address_with_another_name_finds_nobody(self, stage: Stage) -> None:
        stage.put_contact(ContactDocument("KC-1", "Findable Ltd", email="office@findable.example"))

        asked = ContactDocument("KC-9", "Other Ltd", email="office@findable.example")

        assert stage.documents.find_contacts(stage.access, asked) == ()

    @pytest.mark.parametrize(
        "text", ['" OR Type=="ACCREC', 'x" OR "1"=="1', "\\", '\\"', "a,b", "%22", "é", "KB-0001/.."]
    )
    def test_hostile_text_finds_nothing(self, stage: Stage, text: str) -> None:
        stage.put_invoice(stage.an_invoice())
        asked = ContactDocument(text, f"Nobody {text}", email=f"nobody{text}@x.example", tax_number=f"T{text}")

        assert stage.documents.find_invoices(stage.access, text) == ()
        assert stage.documents.find_contacts(stage.access, asked) == ()
        assert stage.documents.find_payments(stage.access, invoice_id=text, marker=text) == ()
        assert stage.documents.get_invoice(stage.access, text) is None
        assert stage.documents.get_contact(stage.access, text) is None
        assert stage.documents.get_payment(stage.access, text) is None

    def test_what_is_not_there_is_none(self, stage: Stage) -> None:
        assert stage.documents.get_invoice(stage.access, NOWHERE) is None
        assert stage.documents.get_contact(stage.access, NOWHERE) is None
        assert stage.documents.get_payment(stage.access, NOWHERE) is None
        assert stage.documents.find_invoices(stage.access, "KB-9999") == ()
        assert stage.documents.find_payments(stage.access, invoice_id=NOWHERE, marker="KP-1") == ()

    def test_the_books_offer_accounts_and_rates_to_choose_from(self, stage: Stage) -> None:
        books = stage.documents.read_books(stage.access, now=NOW)

        assert books.read_at == NOW
        assert books.organisation.name
        assert books.organisation.may_create_invoices
        assert books.organisation.base_currency in books.currencies
        assert any(each.takes_revenue for each in books.accounts)
        assert any(each.takes_payments for each in books.accounts)
        assert not any(each.takes_revenue and not each.is_active for each in books.accounts)
        assert any(each.is_active and each.applies_to_revenue for each in books.tax_rates)

    def test_an_invoice_has_an_address_for_people(self, stage: Stage) -> None:
        assert NOWHERE in stage.documents.invoice_address(short_code="!abc", remote_id=NOWHERE)
        assert NOWHERE in stage.documents.contact_address(short_code="!abc", remote_id=NOWHERE)

    def test_a_call_that_is_not_permitted_sends_nothing(self, stage: Stage) -> None:
        write = stage.documents.prepare_contacts([ContactDocument("KC-1", "Held Back Ltd")])

        def refuse() -> None:
            raise TryAgainLater("not now", reason="limit")

        with pytest.raises(TryAgainLater, match="not now"):
            stage.documents.send(replace(stage.access, permit=refuse), write, key="held-back")

        assert stage.receipts == []
        assert stage.documents.find_contacts(stage.access, ContactDocument("KC-1", "Held Back Ltd")) == ()

    def test_every_call_leaves_a_receipt_without_the_token(self, stage: Stage) -> None:
        before = len(stage.receipts)

        stage.put_contact(ContactDocument("KC-1", "Receipt Ltd"))

        (receipt,) = stage.receipts[before:]
        assert receipt.status == 200
        assert "Receipt Ltd" in receipt.request_body
        assert stage.access.access_token not in repr(stage.receipts)
