"""One contact, with its documents."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xero_sandbox.books import Books
from xero_sandbox.control.bookkeeper import CannotDo, do
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.pages.documents import (
    EACH_MAX,
    credit_link,
    files_table,
    found_by_id,
    history_table,
    invoice_link,
    way_back,
)
from xero_sandbox.pages.forms import alert, form_of
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.parts import badge, day, facts, link, money, number, table
from xero_sandbox.records.contact import Contact


async def show_contact(request: Request) -> Response:
    books, contact = found_by_id(request, Books.contact)
    return _page(books, contact, "")


async def change_contact(request: Request) -> Response:
    books, contact = found_by_id(request, Books.contact)
    asked = await form_of(request)
    deed = {"organisation": books.organisation.organisation_id, "contact": contact.contact_id}
    try:
        do(request.app.state.sandbox, deed | {"do": asked.get("do", ""), "name": asked.get("name", "")})
    except CannotDo as problem:
        return _page(books, contact, str(problem), 400)
    return RedirectResponse(f"/_sandbox/contacts/{contact.contact_id}", 303)


def _page(books: Books, contact: Contact, problem: str, status: int = 200) -> Response:
    return page(
        contact.name,
        way_back(books),
        tag("h1", contact.name, " ", badge(contact.status)),
        alert(problem),
        tag("section", facts(_about(books, contact)), class_="sheet"),
        _invoices(books, contact),
        _credits(books, contact),
        files_table(contact.attachments),
        _deeds(contact),
        history_table(contact.history),
        status=status,
    )


def _about(books: Books, contact: Contact) -> list[tuple[str, Child]]:
    address = contact.addresses.get("STREET") or contact.addresses.get("POBOX")
    lines = [*address.lines, address.city, address.region, address.postal_code, address.country] if address else []
    groups = [one.name for one in books.organisation.groups.values() if contact.contact_id in one.contact_ids]
    persons = [f"{one.first_name} {one.last_name} {one.email}".strip() for one in contact.persons]
    return [
        ("Person", f"{contact.first_name} {contact.last_name}".strip()),
        ("Further persons", ", ".join(persons)),
        ("E-mail", contact.email),
        ("Address", ", ".join(line for line in lines if line)),
        ("Phones", ", ".join(one.number for one in contact.phones.values() if one.number)),
        ("Contact number", contact.contact_number),
        ("Account number", contact.account_number),
        ("Tax number", contact.tax_number),
        ("Terms", f"{contact.sales_terms.day} {contact.sales_terms.type}" if contact.sales_terms else ""),
        ("Groups", ", ".join(groups)),
        ("Merged into", _merged(books, contact)),
        ("ContactID", tag("code", contact.contact_id)),
    ]


def _merged(books: Books, contact: Contact) -> Child:
    other = books.contact(contact.merged_to) if contact.merged_to else None
    return link(f"/_sandbox/contacts/{other.contact_id}", other.name) if other else ""


def _invoices(books: Books, contact: Contact) -> Markup:
    rows: list[list[Child]] = [
        [
            invoice_link(one),
            "Sale" if one.type == "ACCREC" else "Bill",
            day(one.dated),
            badge(one.status),
            number(f"{money(one.total)} {one.currency}"),
        ]
        for one in reversed(books.invoices_of_contact(contact.contact_id)[-EACH_MAX:])
    ]
    return table("Invoices and bills", ("Number", "Type", "Date", "Status", "#Total"), rows)


def _credits(books: Books, contact: Contact) -> Markup:
    rows: list[list[Child]] = [
        [credit_link(one), one.type, day(one.dated), badge(one.status), number(f"{money(one.total)} {one.currency}")]
        for one in reversed(books.credits.of_contact(contact.contact_id)[-EACH_MAX:])
    ]
    return table("Credits", ("Number", "Type", "Date", "Status", "#Total"), rows) if rows else Markup("")


def _deeds(contact: Contact) -> Markup:
    is_active = contact.status == "ACTIVE"
    turn = "archive contact" if is_active else "restore contact"
    return tag(
        "section",
        tag("h2", "As the bookkeeper"),
        tag(
            "form",
            tag("label", "Name", for_="name"),
            tag("input", type="text", name="name", id="name", value=contact.name, maxlength=255),
            tag(
                "div",
                tag("button", "Rename contact", name="do", value="rename contact"),
                tag("button", turn.capitalize(), name="do", value=turn),
                class_="actions",
            ),
            method="post",
            action=f"/_sandbox/contacts/{contact.contact_id}",
        ),
        class_="sheet",
    )
