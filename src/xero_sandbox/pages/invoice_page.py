"""One invoice or bill, and what a bookkeeper may do with it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xero_sandbox.books import Books
from xero_sandbox.control.bookkeeper import CannotDo, do
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.documents import (
    OVER,
    contact_link,
    credit_link,
    currency,
    files_table,
    found_by_id,
    history_table,
    lines_table,
    payments_table,
    sums,
    way_back,
)
from xero_sandbox.pages.forms import alert, form_of
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import badge, day, facts, money, number, table
from xero_sandbox.records.invoice import Invoice

DEEDS = {
    "DRAFT": ("approve invoice", "delete invoice"),
    "SUBMITTED": ("approve invoice", "delete invoice"),
    "AUTHORISED": ("pay invoice", "void invoice"),
    "PAID": ("delete payment",),
}


async def show_invoice(request: Request) -> Response:
    books, invoice = found_by_id(request, Books.invoice)
    return _page(books, invoice, "")


async def change_invoice(request: Request) -> Response:
    """Do what the pressed button says, as a person in Xero would."""
    books, invoice = found_by_id(request, Books.invoice)
    asked = await form_of(request)
    try:
        do(
            request.app.state.sandbox,
            {
                "organisation": books.organisation.organisation_id,
                "do": asked.get("do", ""),
                "invoice": invoice.invoice_id,
            },
        )
    except CannotDo as problem:
        return _page(books, invoice, str(problem), 400)
    return RedirectResponse(f"/_sandbox/invoices/{invoice.invoice_id}", 303)


def _page(books: Books, invoice: Invoice, problem: str, status: int = 200) -> Response:
    title = f"{'Invoice' if invoice.type == 'ACCREC' else 'Bill'} {invoice.number or 'without a number'}"
    payments = [books.organisation.payments[one] for one in invoice.payment_ids]
    return page(
        title,
        way_back(books),
        tag("h1", title, " ", badge(invoice.status)),
        alert(problem),
        _about(books, invoice),
        lines_table(invoice.lines, invoice.line_amount_types),
        _sums(invoice),
        payments_table(books, payments),
        _credits(books, invoice),
        files_table(invoice.attachments),
        _deeds(invoice),
        history_table(invoice.history),
        status=status,
    )


def _about(books: Books, invoice: Invoice) -> Markup:
    pairs: list[tuple[str, Child]] = [
        ("To" if invoice.type == "ACCREC" else "From", contact_link(books, invoice.contact_id)),
        ("Reference", invoice.reference),
        ("Date", day(invoice.dated)),
        ("Due", day(invoice.due_date)),
        ("Currency", currency(books, invoice.currency, invoice.currency_rate)),
        ("Link", invoice.url),
        ("Fully paid on", day(invoice.fully_paid_on) if invoice.fully_paid_on else ""),
        ("Sent to the contact", "yes" if invoice.sent_to_contact else ""),
        ("InvoiceID", tag("code", invoice.invoice_id)),
    ]
    return tag("section", facts(pairs), class_="sheet")


def _sums(invoice: Invoice) -> Markup:
    pairs = [("Subtotal", invoice.sub_total), ("Tax", invoice.total_tax)]
    if invoice.rounding_amount:
        pairs.append(("Rounding", invoice.rounding_amount))
    pairs += [("Total", invoice.total), ("Paid", invoice.amount_paid)]
    if invoice.amount_credited:
        pairs.append(("Credited", invoice.amount_credited))
    if invoice.status not in OVER:
        pairs.append(("Due", invoice.amount_due))
    return sums(pairs)


def _credits(books: Books, invoice: Invoice) -> Markup:
    rows: list[list[Child]] = [
        [day(part.dated), credit_link(credit), credit.type, number(f"{money(part.amount)} {credit.currency}")]
        for credit in (books.organisation.credits[one] for one in invoice.credit_ids)
        for part in credit.allocations
        if part.invoice_id == invoice.invoice_id
    ]
    return table("Credits applied", ("Date", "Credit", "Type", "#Amount"), rows) if rows else Markup("")


def _deeds(invoice: Invoice) -> Markup:
    deeds = [one for one in DEEDS.get(invoice.status, ()) if one != "void invoice" or not invoice.amount_paid]
    if not deeds:
        return Markup("")
    buttons = [tag("button", one.capitalize(), name="do", value=one) for one in deeds]
    return tag(
        "section",
        tag("h2", "As the bookkeeper"),
        tag("p", "As if somebody did it in Xero: the app hears of it by a webhook, or when it looks.", class_="quiet"),
        tag(
            "form",
            tag("div", buttons, class_="actions"),
            method="post",
            action=f"/_sandbox/invoices/{invoice.invoice_id}",
        ),
        class_="sheet",
    )
