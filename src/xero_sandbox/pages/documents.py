"""One invoice with its lines, payments and history; one contact."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.books import Books
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import badge, day, facts, link, moment, money, number, table
from xero_sandbox.problems import not_found
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.invoice import Invoice, LineItem
from xero_sandbox.rules.amounts import QUANTITY_STEP
from xero_sandbox.sandbox import Sandbox

INCLUDING = {"Exclusive": "Amounts are without tax", "Inclusive": "Amounts hold their tax", "NoTax": "No tax"}


async def show_invoice(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    for organisation_id in sandbox.world.organisations:
        books = sandbox.books(organisation_id)
        invoice = books.invoice(request.path_params["id"])
        if invoice is not None:
            return _invoice_page(books, invoice)
    raise not_found()


async def show_contact(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    for organisation_id in sandbox.world.organisations:
        books = sandbox.books(organisation_id)
        contact = books.contact(request.path_params["id"])
        if contact is not None:
            return _contact_page(books, contact)
    raise not_found()


def _invoice_page(books: Books, invoice: Invoice) -> Response:
    contact = books.organisation.contacts[invoice.contact_id]
    kind = "Invoice" if invoice.type == "ACCREC" else "Bill"
    title = f"{kind} {invoice.number or 'without a number'}"
    return page(
        title,
        _way_back(books),
        tag("h1", title, " ", badge(invoice.status)),
        tag(
            "section",
            facts(
                [
                    (
                        "To" if invoice.type == "ACCREC" else "From",
                        link(f"/_sandbox/contacts/{contact.contact_id}", contact.name),
                    ),
                    ("Reference", invoice.reference),
                    ("Date", day(invoice.dated)),
                    ("Due", day(invoice.due_date)),
                    ("Currency", _currency(books, invoice)),
                    ("Link", invoice.url),
                    ("Fully paid on", day(invoice.fully_paid_on) if invoice.fully_paid_on else ""),
                    ("Sent to the contact", "yes" if invoice.sent_to_contact else ""),
                    ("InvoiceID", tag("code", invoice.invoice_id)),
                ]
            ),
            class_="sheet",
        ),
        _lines(invoice),
        _payments(books, invoice),
        _history(invoice),
    )


def _way_back(books: Books) -> Markup:
    one = books.organisation
    return tag("p", link(f"/_sandbox/organisations/{one.organisation_id}", f"← {one.name}"))


def _currency(books: Books, invoice: Invoice) -> str:
    if invoice.currency == books.organisation.base_currency:
        return invoice.currency
    return f"{invoice.currency}, {invoice.currency_rate} for 1 {books.organisation.base_currency}"


def _lines(invoice: Invoice) -> Markup:
    heads = ("Description", "#Quantity", "#Price", "#Discount", "Account", "Tax", "Tracking", "#Tax amount", "#Amount")
    sums = [("Subtotal", invoice.sub_total), ("Tax", invoice.total_tax)]
    if invoice.rounding_amount:
        sums.append(("Rounding", invoice.rounding_amount))
    sums += [("Total", invoice.total), ("Paid", invoice.amount_paid)]
    if invoice.status not in ("VOIDED", "DELETED"):
        sums.append(("Due", invoice.amount_due))
    foot = [
        tag("tr", tag("th", name, colspan=len(heads) - 1, scope="row"), number(money(amount))) for name, amount in sums
    ]
    caption = f"Lines. {INCLUDING.get(invoice.line_amount_types, '')}."
    return table(caption, heads, [_line_row(line) for line in invoice.lines], foot)


def _line_row(line: LineItem) -> list[Child]:
    discount = ""
    if line.discount_rate is not None:
        discount = f"{line.discount_rate.normalize() + 0:f} %"
    elif line.discount_amount is not None:
        discount = money(line.discount_amount)
    quantity = "" if line.quantity is None else f"{line.quantity.quantize(QUANTITY_STEP).normalize() + 0:f}"
    return [
        line.description,
        number(quantity),
        number("" if line.unit_amount is None else f"{line.unit_amount:,}"),
        number(discount),
        line.account_code,
        line.tax_type,
        ", ".join(f"{one.category}: {one.option}" for one in line.tracking),
        number(money(line.tax_amount)),
        number(money(line.line_amount)),
    ]


def _payments(books: Books, invoice: Invoice) -> Markup:
    rows: list[list[Child]] = []
    for payment_id in invoice.payment_ids:
        one = books.organisation.payments[payment_id]
        rows.append(
            [
                day(one.paid_on),
                books.organisation.accounts[one.account_id].name,
                one.reference,
                badge("DELETED" if one.status == "DELETED" else "PAID"),
                tag("code", one.payment_id),
                number(money(one.amount)),
            ]
        )
    return table("Payments", ("Date", "Account", "Reference", "Status", "PaymentID", "#Amount"), rows)


def _history(invoice: Invoice) -> Markup:
    rows: list[list[Child]] = [
        [moment(one.at), one.changes, one.user, one.details] for one in reversed(invoice.history)
    ]
    return table("History", ("When", "What", "Who", "Details"), rows)


def _contact_page(books: Books, contact: Contact) -> Response:
    address = contact.addresses.get("STREET") or contact.addresses.get("POBOX")
    lines = [*address.lines, address.city, address.region, address.postal_code, address.country] if address else []
    invoices: list[list[Child]] = [
        [
            link(f"/_sandbox/invoices/{one.invoice_id}", one.number),
            day(one.dated),
            badge(one.status),
            number(f"{money(one.total)} {one.currency}"),
        ]
        for one in books.invoices_of_contact(contact.contact_id)[-200:]
    ]
    return page(
        contact.name,
        _way_back(books),
        tag("h1", contact.name, " ", badge(contact.status)),
        tag(
            "section",
            facts(
                [
                    ("Person", f"{contact.first_name} {contact.last_name}".strip()),
                    ("E-mail", contact.email),
                    ("Address", ", ".join(line for line in lines if line)),
                    ("Phones", ", ".join(one.number for one in contact.phones.values() if one.number)),
                    ("Contact number", contact.contact_number),
                    ("Account number", contact.account_number),
                    ("Tax number", contact.tax_number),
                    ("Terms", f"{contact.sales_terms.day} {contact.sales_terms.type}" if contact.sales_terms else ""),
                    ("Merged into", _merged(books, contact)),
                    ("ContactID", tag("code", contact.contact_id)),
                ]
            ),
            class_="sheet",
        ),
        table("Invoices and bills", ("Number", "Date", "Status", "#Total"), invoices),
    )


def _merged(books: Books, contact: Contact) -> Child:
    other = books.contact(contact.merged_to) if contact.merged_to else None
    return link(f"/_sandbox/contacts/{other.contact_id}", other.name) if other else ""
