"""What people find: visibility, filters, sums and histories."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from builders import (
    NOW,
    TODAY,
    a_client,
    a_line,
    a_membership,
    a_payment,
    a_workspace,
    an_administrator,
    an_invoice,
    an_invoice_draft,
)
from keito_books.invoicing import actions, queries, trail
from keito_books.invoicing.models import Invoice, State
from keito_books.invoicing.queries import InvoiceFilter, Receivable
from keito_books.workspaces.models import AuditEntry, Membership, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Membership:
    return an_administrator()


def _found(by: Membership, wanted: InvoiceFilter, today: date = TODAY) -> list[Invoice]:
    return list(queries.newest_first(queries.matching(queries.invoices_visible_to(by), wanted, today=today)))


@pytest.mark.parametrize(("role", "seen"), [(Role.ADMINISTRATOR, 1), (Role.MANAGER, 1), (Role.MEMBER, 0)])
def test_administrators_and_managers_see_invoices_and_members_do_not(by: Membership, role: Role, seen: int) -> None:
    a_payment(an_invoice(by), by)
    member = a_membership(by.workspace, role=role)

    assert queries.invoices_visible_to(member).count() == seen
    assert queries.payments_visible_to(member).count() == seen
    assert queries.clients_visible_to(member).count() == seen


def test_nobody_sees_anything_of_another_workspace(by: Membership) -> None:
    a_payment(an_invoice(by), by)
    stranger = an_administrator(a_workspace("Elsewhere"))

    assert not queries.invoices_visible_to(stranger).exists()
    assert not queries.payments_visible_to(stranger).exists()
    assert not queries.clients_visible_to(stranger).exists()
    assert not queries.projects_visible_to(stranger).exists()


def test_each_filter_narrows_the_list(by: Membership) -> None:
    harbour, lantern = a_client(by), a_client(by, "Lantern Hospice")
    old = an_invoice(by, an_invoice_draft(harbour, issue_date=date(2026, 1, 5)))
    new = an_invoice(by, an_invoice_draft(lantern, lines=[a_line("Donation pages")]), state=State.PAID)

    assert _found(by, InvoiceFilter()) == [new, old]
    assert _found(by, InvoiceFilter(state=State.PAID)) == [new]
    assert _found(by, InvoiceFilter(client_id=harbour.id)) == [old]
    assert _found(by, InvoiceFilter(issued_from=TODAY)) == [new]
    assert _found(by, InvoiceFilter(issued_to=date(2026, 1, 5))) == [old]
    assert _found(by, InvoiceFilter(overdue=True)) == [old]  # due on 4 February
    assert _found(by, InvoiceFilter(text="lantern DONATION")) == [new]
    assert _found(by, InvoiceFilter(text="2026-0001")) == [old]
    assert _found(by, InvoiceFilter(text="lantern harbour")) == []
    assert _found(by, InvoiceFilter(text="a\0b")) != [None]


def test_an_invoice_is_overdue_the_day_after_its_due_date(by: Membership) -> None:
    invoice = an_invoice(by)

    assert not invoice.is_overdue(invoice.due_date)
    assert invoice.is_overdue(invoice.due_date + timedelta(days=1))


def test_receivables_are_added_up_by_currency_with_what_is_late(by: Membership) -> None:
    old = an_invoice_draft(a_client(by), lines=[a_line(unit_price="100")], issue_date=date(2026, 1, 5))
    an_invoice(by, old, paid="30")
    an_invoice(by, lines=[a_line(unit_price="50")])
    an_invoice(by, an_invoice_draft(a_client(by, currency="EUR"), lines=[a_line(unit_price="7.50")]))
    an_invoice(by, state=State.DRAFT)
    an_invoice(by, state=State.PAID)

    assert queries.receivables(queries.invoices_visible_to(by), today=TODAY) == [
        Receivable("EUR", Decimal("7.50"), Decimal(0)),
        Receivable("GBP", Decimal(120), Decimal(70)),
    ]


def test_the_history_says_in_words_who_did_what(by: Membership) -> None:
    payment = a_payment(an_invoice(by), by, "30")
    actions.delete_payment(payment, by=by, now=NOW)

    entries = queries.history(payment.invoice)

    assert [trail.describe(entry) for entry in entries] == [
        f"deleted the payment of GBP 30.00 ({payment.marker})",
        f"recorded a payment of GBP 30.00 ({payment.marker})",
        "sent the invoice to accounts@harbour.example",
        "created the draft",
    ]
    assert {entry.person for entry in entries} == {by.person}


def test_an_entry_of_another_room_is_left_to_it_and_one_without_details_still_reads() -> None:
    foreign = AuditEntry(action="xero.copied", details={})
    sparse = AuditEntry(action="payment.recorded", details={})

    assert trail.describe(foreign) is None
    assert trail.describe(sparse) == "recorded a payment of … (…)"


def test_every_action_of_the_books_has_words() -> None:
    sources = Path(actions.__file__).parent.glob("*.py")
    word = re.compile(r'"((?:invoice|payment|client|contact|project|category|settings)\.[a-z_]+)"')
    used = {action for source in sources for action in word.findall(source.read_text())}

    assert len(used) > 25
    assert all(trail.describe(AuditEntry(action=action, details={})) for action in used)
