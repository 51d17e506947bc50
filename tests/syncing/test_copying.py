"""A finalized invoice appears in Xero, once and equal, with its contact and its payments."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_line, an_invoice_draft
from joined import Joined
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.drafts import ClientDetails
from keito_books.invoicing.errors import RevertBlocked
from keito_books.invoicing.models import State
from keito_books.syncing import evidence
from keito_books.syncing.errors import NotCopyable
from keito_books.syncing.models import Attempt, Job, Link
from keito_books.syncing.status import Status
from keito_books.workspaces.errors import NeedsPlan, NotAllowed
from keito_books.workspaces.models import Plan, Role


@pytest.mark.promise("P1", "P4", "P29", "P30", "P31", "P32", "P33", "P34", "P35", "P36", "P46", "P67")
def test_an_invoice_arrives_with_every_figure(joined: Joined) -> None:
    client = joined.client("Blue Fern Ltd", email="ledger@bluefern.example")
    lines = [
        a_line("Design workshop", quantity="7.5", unit_price="120", taxed=True),
        a_line("Travel, not taxed", quantity="3", unit_price="33.3333"),
    ]
    draft = an_invoice_draft(client, lines=lines, number="INV-2026-0107", tax_percent="20")
    invoice = joined.invoice(draft=draft)

    joined.copy(invoice)
    assert joined.status(invoice).status is Status.PENDING
    joined.work()

    # By hand: 7.5 x 120 = 900.00, 20 % of it 180.00; 3 x 33.3333 = 99.9999, so 100.00; in all 1,180.00.
    [there] = joined.invoices_there("INV-2026-0107")
    assert joined.status(invoice).status is Status.SUCCESS
    assert (there["Type"], there["Status"], there["CurrencyCode"]) == ("ACCREC", "AUTHORISED", "GBP")
    assert there["Contact"]["Name"] == "Blue Fern Ltd"
    assert (there["SubTotal"], there["TotalTax"], there["Total"]) == (Decimal(1000), Decimal(180), Decimal(1180))
    assert there["DateString"][:10] == "2026-03-02"
    assert there["DueDateString"][:10] == "2026-04-01"
    assert [line["Description"] for line in there["LineItems"]] == ["Design workshop", "Travel, not taxed"]
    assert [line["Quantity"] for line in there["LineItems"]] == [Decimal("7.5"), Decimal(3)]
    assert [line["LineAmount"] for line in there["LineItems"]] == [Decimal(900), Decimal(100)]
    assert [line["TaxType"] for line in there["LineItems"]] == ["OUTPUT2", "NONE"]
    assert {line["AccountCode"] for line in there["LineItems"]} == {"200"}
    assert Link.objects.get(invoice=invoice).remote_id == there["InvoiceID"]
    assert str(invoice.pk) in there["Url"]


@pytest.mark.promise("P5", "P38", "P39", "P40", "P41", "P42", "P37")
def test_a_new_contact_is_made_once_and_used_again_after_a_rename(joined: Joined) -> None:
    details = ClientDetails(
        name="Blue Fern Ltd",
        street="3 Quay Street",
        city="Bristol",
        postal_code="BS1 4DJ",
        country="United Kingdom",
        phone="+44 117 496 0000",
        email="ledger@bluefern.example",
        tax_number="GB 123",
        payment_term="net_15",
    )
    client = invoicing.create_client(details, by=joined.by, now=joined.clock())
    first, second = joined.invoice(client=client), joined.invoice(client=client)

    joined.copy(first)
    joined.work()
    renamed = ClientDetails(name="Blue Fern International", email="ledger@bluefern.example")
    invoicing.update_client(client, renamed, by=joined.by, now=joined.clock())
    joined.copy(second)
    joined.work()

    contact_id = Link.objects.get(client=client).remote_id
    contact = joined.there(f"Contacts/{contact_id}")["Contacts"][0]
    assert {joined.status(each).status for each in (first, second)} == {Status.SUCCESS}
    assert joined.asked("PUT", "/Contacts") == 1
    assert contact["Name"] == "Blue Fern Ltd"
    assert contact["EmailAddress"] == "ledger@bluefern.example"
    assert contact["TaxNumber"] == "GB 123"
    assert contact["PaymentTerms"]["Sales"] == {"Day": 15, "Type": "DAYSAFTERBILLDATE"}
    street = next(each for each in contact["Addresses"] if each["AddressType"] == "STREET")
    assert (street["AddressLine1"], street["City"], street["PostalCode"]) == ("3 Quay Street", "Bristol", "BS1 4DJ")
    [there] = joined.invoices_there(second.number)
    assert there["Contact"]["ContactID"] == contact_id


@pytest.mark.promise("P38")
def test_a_contact_that_exists_is_used_and_not_changed(joined: Joined) -> None:
    existing = joined.there("Contacts", page="1")["Contacts"][0]
    invoice = joined.invoice(client=joined.client(existing["Name"].upper(), email="other@example.com"))

    joined.copy(invoice)
    joined.work()

    after = joined.there(f"Contacts/{existing['ContactID']}")["Contacts"][0]
    assert Link.objects.get(client=invoice.client).remote_id == existing["ContactID"]
    assert after["Name"] == existing["Name"]
    assert after.get("EmailAddress") == existing.get("EmailAddress")
    assert joined.asked("PUT", "/Contacts") == 0


@pytest.mark.promise("P8", "P27", "P43", "P44")
def test_only_finalized_invoices_are_copied(joined: Joined) -> None:
    draft, closed = joined.invoice(state=State.DRAFT), joined.invoice(state=State.CLOSED)

    with pytest.raises(NotCopyable, match="is a draft"):
        joined.copy(draft)
    with pytest.raises(NotCopyable, match="is closed"):
        joined.copy(closed)

    assert joined.status(draft).status is Status.NOT_SYNCED
    assert not Job.objects.exists()


@pytest.mark.promise("P66", "P68")
def test_a_second_copy_of_a_success_sends_nothing(joined: Joined) -> None:
    invoice = joined.invoice()
    first = joined.copy(invoice)
    joined.work()
    calls = Attempt.objects.count()

    second = joined.copy(invoice)
    joined.work()

    assert first.pk == second.pk
    assert Attempt.objects.count() == calls
    assert len(joined.invoices_there(invoice.number)) == 1


@pytest.mark.promise("P9", "P11")
def test_rights_and_plan_are_asked_in_the_action(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.by.role, joined.by.may_send_invoices = Role.MANAGER, False

    with pytest.raises(NotAllowed, match="Send/edit invoices"):
        joined.copy(invoice)
    joined.by.role, joined.workspace.plan = Role.ADMINISTRATOR, Plan.PRO
    with pytest.raises(NeedsPlan, match="Business plan"):
        joined.copy(invoice)


def test_a_workspace_that_loses_its_plan_pauses_and_goes_on_later(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    type(joined.workspace).objects.update(plan=Plan.PRO)

    joined.work()
    paused = joined.status(invoice)
    type(joined.workspace).objects.update(plan=Plan.BUSINESS)
    joined.clock.advance(minutes=6)
    joined.work()

    assert paused.status is Status.PENDING
    assert "Business plan" in paused.text
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F128", "F130")
@pytest.mark.promise("P25", "P34")
@pytest.mark.parametrize(
    ("prices", "discount", "total"),
    [
        # 25.06 + 25.61 + 25.63 = 76.30; 20 % once is 15.26; per line 5.01 + 5.12 + 5.13 = 15.26: equal as it is.
        (["25.06", "25.61", "25.63"], "0", "91.56"),
        # 0.02 + 0.02 + 0.02 = 0.06; once 0.012, so 0.01; per line 3 x 0.004, so 0.00: Xero would be a cent short.
        (["0.02", "0.02", "0.02"], "0", "0.07"),
        # 33.33 x 3 = 99.99; less 10 % (10.00) 89.99; tax on 89.991 is 17.9982, so 18.00; in all 107.99.
        (["33.33", "33.33", "33.33"], "10", "107.99"),
    ],
)
def test_totals_are_equal_even_where_xero_would_round_otherwise(
    joined: Joined, prices: list[str], discount: str, total: str
) -> None:
    lines = [a_line(f"Part {price}", unit_price=price, taxed=True) for price in prices]
    draft = an_invoice_draft(joined.client(), lines=lines, tax_percent="20", discount_percent=discount)
    invoice = joined.invoice(draft=draft)

    joined.copy(invoice)
    joined.work()

    [there] = joined.invoices_there(invoice.number)
    assert joined.status(invoice).status is Status.SUCCESS
    assert invoice.amount == Decimal(total)
    assert there["Total"] == Decimal(total)


@pytest.mark.fault("F96")
@pytest.mark.promise("P66")
def test_an_invoice_in_xero_or_on_its_way_cannot_be_reverted(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)

    with pytest.raises(RevertBlocked, match="is being copied"):
        invoicing.revert_to_draft(invoice, by=joined.by, now=joined.clock())
    joined.work()
    with pytest.raises(RevertBlocked, match="has been copied"):
        invoicing.revert_to_draft(invoice, by=joined.by, now=joined.clock())


def test_every_call_leaves_evidence_without_secrets(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()

    kept = list(Attempt.objects.order_by("sequence"))
    text = "".join(f"{each.path}{each.request_body}{each.response_body}{each.problem}" for each in kept)
    assert evidence.first_break(joined.connection) is None
    assert [each.purpose for each in kept if each.method == "PUT"] == ["send", "send"]
    assert all(each.correlation_id for each in kept)
    assert joined.token not in text
    assert "Bearer" not in text
    Attempt.objects.filter(pk=kept[1].pk).update(status=201)
    assert evidence.first_break(joined.connection) == 2
