"""What Xero refuses although nothing here had foreseen it is counted; what was known beforehand is not."""

from __future__ import annotations

from joined import Joined
from keito_books.mapping.models import BooksCopy
from keito_books.syncing.models import Job, Surprise
from keito_books.syncing.status import Status


def test_a_refusal_that_the_lists_did_not_tell_is_counted_by_its_message(joined: Joined) -> None:
    client = joined.client()
    first, second = joined.invoice(client=client), joined.invoice(client=client)
    joined.sandbox.bookkeeper("Harbour & Finch Ltd", "archive account", account="200")

    for invoice in (first, second):
        joined.copy(invoice)
        joined.work()

    counted = Surprise.objects.get()
    assert joined.status(first).status is Status.FAILED
    assert (counted.code, counted.times) == ("account_archived", 2)
    assert counted.message.startswith("Account code")
    assert counted.last_job == Job.objects.get(invoice=second)


def test_what_was_known_before_sending_is_no_surprise(joined: Joined) -> None:
    BooksCopy.objects.update(content={**BooksCopy.objects.get().content, "accounts": []})
    invoice = joined.invoice()

    joined.copy(invoice)
    joined.work()

    assert joined.status(invoice).code == "no_revenue_account"
    assert not Surprise.objects.exists()


def test_a_number_that_only_xero_could_know_is_no_missing_rule(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.there("Invoices", "PUT", {**_stranger(), "InvoiceNumber": invoice.number})

    joined.copy(invoice)
    joined.work()

    assert joined.status(invoice).code == "number_taken"
    assert not Surprise.objects.exists()


def _stranger() -> dict[str, object]:
    return {
        "Type": "ACCREC",
        "Contact": {"Name": "Somebody else"},
        "Date": "2026-03-01",
        "DueDate": "2026-03-31",
        "LineItems": [{"Description": "Work", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}],
        "Status": "AUTHORISED",
    }
