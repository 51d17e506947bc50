"""Make rows for tests; each builder says only what matters and invents the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from keito_books.invoicing import actions
from keito_books.invoicing.drafts import ClientDetails, InvoiceDraft, Letter, LineDraft
from keito_books.invoicing.models import (
    Client,
    Invoice,
    ItemCategory,
    MessageKind,
    Payment,
    PaymentTerm,
    Project,
    State,
)
from keito_books.workspaces.models import Membership, Person, Plan, Role, Workspace

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = NOW.date()

_numbers = count(1)


def a_person(name: str = "Ada Winter", *, email: str = "", password: str | None = None) -> Person:
    address = email or f"person{next(_numbers)}@example.com"
    return Person.objects.create_user(email=address, name=name, password=password)


def a_workspace(name: str = "Fernhill Studio", *, plan: Plan = Plan.BUSINESS, currency: str = "GBP") -> Workspace:
    slug = f"workspace-{next(_numbers)}"
    workspace = Workspace.objects.create(name=name, slug=slug, plan=plan, currency=currency, created_at=NOW)
    actions.open_books(workspace)
    return workspace


def a_membership(
    workspace: Workspace | None = None,
    *,
    person: Person | None = None,
    role: Role = Role.ADMINISTRATOR,
    may_draft_invoices: bool = False,
    may_send_invoices: bool = False,
) -> Membership:
    return Membership.objects.create(
        person=person or a_person(),
        workspace=workspace or a_workspace(),
        role=role,
        may_draft_invoices=may_draft_invoices,
        may_send_invoices=may_send_invoices,
    )


def an_administrator(workspace: Workspace | None = None) -> Membership:
    return a_membership(workspace)


def a_client(
    by: Membership,
    name: str = "Harbour & Sons",
    *,
    currency: str = "",
    email: str = "accounts@harbour.example",
    tax_number: str = "",
) -> Client:
    details = ClientDetails(name=name, currency=currency, email=email, tax_number=tax_number)
    return actions.create_client(details, by=by, now=NOW)


def a_project(by: Membership, client: Client, name: str = "Website") -> Project:
    return actions.create_project(client, name=name, by=by, now=NOW)


def a_category(by: Membership, name: str = "Consulting") -> ItemCategory:
    return actions.add_category(name, by=by, now=NOW)


def a_line(
    description: str = "Design",
    *,
    quantity: str = "1",
    unit_price: str = "100",
    taxed: bool = False,
    taxed2: bool = False,
    category: ItemCategory | None = None,
    project: Project | None = None,
) -> LineDraft:
    return LineDraft(
        description=description,
        quantity=Decimal(quantity),
        unit_price=Decimal(unit_price),
        taxed=taxed,
        taxed2=taxed2,
        category=category,
        project=project,
    )


def an_invoice_draft(
    client: Client,
    *,
    lines: Sequence[LineDraft] | None = None,
    number: str = "",
    issue_date: date = TODAY,
    due_date: date | None = None,
    tax_percent: str | None = None,
    tax2_percent: str | None = None,
    discount_percent: str = "0",
) -> InvoiceDraft:
    """Type an invoice, Net 30, with one line of 100 unless told otherwise."""
    return InvoiceDraft(
        client=client,
        issue_date=issue_date,
        lines=tuple([a_line()] if lines is None else lines),
        number=number,
        payment_term=PaymentTerm.NET_30,
        due_date=due_date,
        tax_label="VAT" if tax_percent else "",
        tax_percent=Decimal(tax_percent) if tax_percent else None,
        tax2_label="Eco levy" if tax2_percent else "",
        tax2_percent=Decimal(tax2_percent) if tax2_percent else None,
        discount_percent=Decimal(discount_percent),
    )


def an_invoice(
    by: Membership,
    draft: InvoiceDraft | None = None,
    *,
    client: Client | None = None,
    lines: Sequence[LineDraft] | None = None,
    state: State = State.OPEN,
    paid: str = "",
) -> Invoice:
    """Make an invoice and bring it to a state; `paid` records one payment of that amount."""
    typed = draft or an_invoice_draft(client or a_client(by), lines=lines)
    invoice = actions.create_draft(typed, by=by, now=NOW)
    if state == State.DRAFT:
        return invoice
    invoice = send(invoice, by)
    if paid or state == State.PAID:
        amount = Decimal(paid) if paid else invoice.due_amount
        invoice = a_payment(invoice, by, str(amount)).invoice
    if state == State.CLOSED:
        invoice = actions.close_invoice(invoice, by=by, now=NOW)
    return invoice


def a_letter(*recipients: str) -> Letter:
    return Letter(recipients=recipients or ("accounts@harbour.example",), subject="Your invoice", body="Dear client")


def send(invoice: Invoice, by: Membership, kind: MessageKind = MessageKind.SEND) -> Invoice:
    return actions.send_invoice(invoice, a_letter(), by=by, now=NOW, kind=kind)


def a_payment(
    invoice: Invoice, by: Membership, amount: str = "10", *, paid_on: date = TODAY, transaction_id: str = ""
) -> Payment:
    return actions.record_payment(
        invoice, amount=Decimal(amount), paid_on=paid_on, by=by, now=NOW, transaction_id=transaction_id
    )
