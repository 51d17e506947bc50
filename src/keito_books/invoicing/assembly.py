"""Turn an invoice as typed into the rows that are kept: checked, with dates and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keito_books.invoicing import checks
from keito_books.invoicing.drafts import InvoiceDraft, LineDraft
from keito_books.invoicing.errors import InvalidValue
from keito_books.invoicing.models import Client, Invoice, InvoiceLine, PaymentTerm
from keito_books.invoicing.models.terms import due_on
from keito_books.invoicing.totals import Item, Totals, add_up
from keito_books.invoicing.words import money_in_words

_LABEL_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Dates:
    issue_date: date
    due_date: date
    payment_term: str
    payment_days: int | None
    period_start: date | None
    period_end: date | None


def fill_invoice(invoice: Invoice, draft: InvoiceDraft) -> list[InvoiceLine]:
    """Check a draft, write everything but number and state into the unsaved invoice, and return its lines, unsaved."""
    dates = check_dates(draft)
    for name in Dates.__dataclass_fields__:
        setattr(invoice, name, getattr(dates, name))
    invoice.client = draft.client
    invoice.currency = checks.currency(draft.currency or draft.client.currency)
    invoice.subject = checks.line_of_text(draft.subject, "The subject", field="subject")
    invoice.purchase_order = checks.line_of_text(draft.purchase_order, "The PO number", field="purchase_order")
    invoice.notes = checks.text(draft.notes, "The notes", field="notes")
    _fill_taxes(invoice, draft)
    lines = [_line(invoice, position, line) for position, line in enumerate(_limited(draft.lines), start=1)]
    _fill_totals(invoice, lines)
    return lines


def check_dates(draft: InvoiceDraft) -> Dates:
    """Return the dates that belong together; a due date that the term does not give makes it a custom term."""
    issued = checks.day(draft.issue_date, "The issue date", field="issue_date")
    term, days = draft.payment_term, draft.payment_days
    if draft.due_date is None:
        term, days = checks.term(term, days)
        due = checks.day(due_on(issued, term, days), "The due date", field="due_date")
    else:
        due = checks.day(draft.due_date, "The due date", field="due_date")
        checks.not_before(due, issued, "The due date", "the issue date", field="due_date")
        if term not in PaymentTerm.values or due != due_on(issued, term, days):
            term, days = checks.term(PaymentTerm.CUSTOM, (due - issued).days)
        else:
            term, days = checks.term(term, days)
    return Dates(issued, due, term, days, *_period(draft))


def _period(draft: InvoiceDraft) -> tuple[date | None, date | None]:
    start, end = draft.period_start, draft.period_end
    if start is not None:
        checks.day(start, "The start of the period", field="period_start")
    if end is not None:
        checks.day(end, "The end of the period", field="period_end")
    if start is not None and end is not None:
        checks.not_before(end, start, "The end of the period", "its start", field="period_end")
    return start, end


def _fill_taxes(invoice: Invoice, draft: InvoiceDraft) -> None:
    invoice.tax_percent = checks.optional_percent(draft.tax_percent, "Tax 1", field="tax_percent")
    invoice.tax2_percent = checks.optional_percent(draft.tax2_percent, "Tax 2", field="tax2_percent")
    invoice.tax_label = checks.line_of_text(
        draft.tax_label, "The label of Tax 1", field="tax_label", limit=_LABEL_LENGTH
    )
    invoice.tax2_label = checks.line_of_text(
        draft.tax2_label, "The label of Tax 2", field="tax2_label", limit=_LABEL_LENGTH
    )
    invoice.discount_percent = checks.percent(draft.discount_percent, "The discount", field="discount_percent")


def _limited(lines: Sequence[LineDraft]) -> Sequence[LineDraft]:
    if len(lines) > checks.LINES_MAX:
        raise InvalidValue(
            f"The invoice has {len(lines)} lines; at most {checks.LINES_MAX} are possible. "
            "Put some of them together or make two invoices.",
            field="lines",
        )
    return lines


def _line(invoice: Invoice, position: int, draft: LineDraft) -> InvoiceLine:
    where = f"lines.{position - 1}"
    which = f"of line {position}"
    _check_project(draft, invoice.client, field=f"{where}.project")
    return InvoiceLine(
        workspace_id=invoice.workspace_id,
        invoice=invoice,
        position=position,
        category=draft.category,
        project=draft.project,
        description=checks.text(
            draft.description,
            f"The description {which}",
            field=f"{where}.description",
            limit=checks.DESCRIPTION_LENGTH,
            required=True,
        ),
        quantity=checks.factor(draft.quantity, f"The quantity {which}", field=f"{where}.quantity"),
        unit_price=checks.factor(
            draft.unit_price, f"The unit price {which}", field=f"{where}.unit_price", may_be_negative=True
        ),
        # A flag for a tax that is not charged would only puzzle whoever maps it later.
        taxed=draft.taxed and invoice.tax_percent is not None,
        taxed2=draft.taxed2 and invoice.tax2_percent is not None,
    )


def _check_project(draft: LineDraft, client: Client, *, field: str) -> None:
    if draft.project is not None and draft.project.client_id != client.pk:
        raise InvalidValue(
            f"The project “{draft.project.name}” belongs to another client. Choose a project of {client.name} or none.",
            field=field,
        )


def _fill_totals(invoice: Invoice, lines: list[InvoiceLine]) -> None:
    totals = add_up(
        [Item(line.quantity, line.unit_price, line.taxed, line.taxed2) for line in lines],
        currency=invoice.currency,
        discount_percent=invoice.discount_percent,
        tax_percent=invoice.tax_percent,
        tax2_percent=invoice.tax2_percent,
    )
    _check_totals(totals, invoice.currency)
    for line, amount in zip(lines, totals.line_amounts, strict=True):
        line.amount = amount
    invoice.subtotal = totals.subtotal
    invoice.discount_amount = totals.discount_amount
    invoice.tax_amount = totals.tax_amount
    invoice.tax2_amount = totals.tax2_amount
    invoice.amount = invoice.due_amount = totals.amount


def _check_totals(totals: Totals, currency: str) -> None:
    limit = checks.MONEY_LIMIT
    for index, amount in enumerate(totals.line_amounts):
        if abs(amount) >= limit:
            raise InvalidValue(
                f"Line {index + 1} comes to {money_in_words(amount, currency)}; "
                f"amounts must be below {money_in_words(limit, currency)}.",
                field=f"lines.{index}.unit_price",
            )
    if totals.subtotal < 0 or totals.amount < Decimal(0):
        raise InvalidValue(
            f"The invoice comes to {money_in_words(totals.amount, currency)}. An invoice can't be negative; "
            "reduce the lines with negative prices.",
            field="lines",
        )
    if totals.subtotal >= limit or totals.amount >= limit:
        raise InvalidValue(
            f"The invoice comes to {money_in_words(totals.amount, currency)}; "
            f"it must be below {money_in_words(limit, currency)}.",
            field="lines",
        )
