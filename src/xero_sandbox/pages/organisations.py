"""The organisations, and one of them with its books."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.books import Books
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.identity.connections import live_connections
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.limits import gauges_of
from xero_sandbox.pages.parts import badge, day, facts, link, money, number, table
from xero_sandbox.problems import not_found
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.accounts import account_class
from xero_sandbox.rules.amounts import effective_rate
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.wire.texts import plain_text

SHOWN = 200


async def show_organisations(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    cards = [_card(sandbox, one) for one in sandbox.world.organisations.values()]
    intro = tag(
        "p",
        "What an app writes through the API appears here at once. These books exist in this process only.",
        class_="quiet",
    )
    body = tag("ul", cards, class_="cards") if cards else tag("p", "There are no organisations: reset to the demo.")
    return page("Organisations", tag("h1", "Organisations"), intro, body, here="/_sandbox/")


async def show_organisation(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    organisation = sandbox.world.organisations.get(request.path_params["id"])
    if organisation is None:
        raise not_found()
    books = sandbox.books(organisation.organisation_id)
    asked = request.query_params.get("q", "").strip()
    return page(
        organisation.name,
        tag("h1", organisation.name),
        _about(organisation),
        gauges_of(sandbox, organisation.organisation_id),
        _search(asked),
        _invoices(books, asked),
        _contacts(books, asked),
        _credits(books, asked),
        _payments(books, asked),
        _settings(organisation),
    )


def _card(sandbox: Sandbox, one: Organisation) -> Markup:
    connected = [
        app.name
        for app in sandbox.world.identity.apps.values()
        if any(
            known.tenant_id == one.organisation_id
            for known in live_connections(sandbox.world.identity, client_id=app.client_id)
        )
    ]
    return tag(
        "li",
        tag("h2", link(f"/_sandbox/organisations/{one.organisation_id}", one.name)),
        facts(
            [
                ("Country", f"{one.country}, {one.base_currency}"),
                ("Invoices", str(len(one.invoices))),
                ("Contacts", str(len(one.contacts))),
                ("Payments", str(len(one.payments))),
                ("Connected apps", ", ".join(connected) or "none"),
            ]
        ),
        class_="sheet",
    )


def _about(one: Organisation) -> Markup:
    return facts(
        [
            ("Legal name", one.legal_name),
            ("Country", f"{one.country}, {one.base_currency}, {one.zone}"),
            ("Currencies", ", ".join(one.currencies)),
            ("Tax number", one.tax_number),
            ("Tenant ID", tag("code", one.organisation_id)),
            ("Locked for all", day(one.end_of_year_lock_date) if one.end_of_year_lock_date else ""),
            ("Locked but for advisers", day(one.period_lock_date) if one.period_lock_date else ""),
            ("State", "offline for maintenance" if one.offline else ""),
        ]
    )


def _search(asked: str) -> Markup:
    return tag(
        "form",
        tag("label", "Search invoices, contacts and payments", for_="q"),
        tag("input", type="search", name="q", id="q", value=asked),
        tag("div", tag("button", "Search"), class_="actions"),
        method="get",
        role="search",
    )


def _matches(asked: str, *texts: str) -> bool:
    wanted = plain_text(asked)
    return not wanted or any(wanted in plain_text(text) for text in texts if text)


def _invoices(books: Books, asked: str) -> Markup:
    contacts = books.organisation.contacts
    found = [
        one
        for one in books.organisation.invoices.values()
        if _matches(asked, one.number, one.reference, contacts[one.contact_id].name, one.status)
    ]
    newest = sorted(found, key=lambda one: (one.updated, one.number), reverse=True)[:SHOWN]
    rows = [_invoice_row(books, one) for one in newest]
    heads = ("Number", "Type", "Contact", "Reference", "Date", "Due", "Status", "#Total", "#Due now")
    return table(f"Invoices and bills ({len(found):,})", heads, rows)


def _invoice_row(books: Books, one: Invoice) -> list[Child]:
    settled = one.status in ("VOIDED", "DELETED")
    return [
        link(f"/_sandbox/invoices/{one.invoice_id}", one.number or "without a number"),
        "Sale" if one.type == "ACCREC" else "Bill",
        books.organisation.contacts[one.contact_id].name,
        one.reference,
        tag("span", day(one.dated), class_="nowrap"),
        tag("span", day(one.due_date), class_="nowrap"),
        badge(one.status),
        number(f"{money(one.total)} {one.currency}"),
        number("–" if settled else money(one.amount_due)),
    ]


def _contacts(books: Books, asked: str) -> Markup:
    found = [
        one
        for one in books.organisation.contacts.values()
        if _matches(asked, one.name, one.email, one.contact_number, one.account_number)
    ]
    rows: list[list[Child]] = [
        [
            link(f"/_sandbox/contacts/{one.contact_id}", one.name),
            one.email,
            one.contact_number,
            " and ".join(word for word, so in (("customer", one.is_customer), ("supplier", one.is_supplier)) if so),
            badge(one.status),
        ]
        for one in sorted(found, key=lambda one: one.name.casefold())[:SHOWN]
    ]
    return table(f"Contacts ({len(found):,})", ("Name", "E-mail", "Contact number", "Is", "Status"), rows)


def _credits(books: Books, asked: str) -> Markup:
    contacts = books.organisation.contacts
    found = [
        one
        for one in books.organisation.credits.values()
        if _matches(asked, one.number, one.reference, contacts[one.contact_id].name, one.type)
    ]
    rows: list[list[Child]] = [
        [
            one.number or "without a number",
            one.type,
            contacts[one.contact_id].name,
            one.reference,
            tag("span", day(one.dated), class_="nowrap"),
            badge(one.status),
            number(f"{money(one.total)} {one.currency}"),
            number("–" if one.status in ("VOIDED", "DELETED") else money(one.remaining)),
        ]
        for one in sorted(found, key=lambda one: (one.updated, one.number), reverse=True)[:SHOWN]
    ]
    heads = ("Number", "Type", "Contact", "Reference", "Date", "Status", "#Total", "#Left")
    return table(f"Credit notes, overpayments and prepayments ({len(found):,})", heads, rows)


def _payments(books: Books, asked: str) -> Markup:
    found = [
        one
        for one in books.organisation.payments.values()
        if _matches(asked, one.reference, books.document_of(one).number)
    ]
    rows = [_payment_row(books, one) for one in sorted(found, key=lambda one: one.updated, reverse=True)[:SHOWN]]
    heads = ("Date", "Document", "Account", "Reference", "Status", "Bank", "#Amount")
    return table(f"Payments ({len(found):,})", heads, rows)


def _payment_row(books: Books, one: Payment) -> list[Child]:
    document = books.document_of(one)
    name = document.number or document.type
    return [
        tag("span", day(one.paid_on), class_="nowrap"),
        link(f"/_sandbox/invoices/{one.invoice_id}", name) if one.invoice_id else name,
        books.organisation.accounts[one.account_id].name,
        one.reference,
        badge("DELETED" if one.status == "DELETED" else "PAID"),
        "reconciled" if one.is_reconciled else "",
        number(f"{money(one.amount)} {document.currency}"),
    ]


def _settings(one: Organisation) -> Markup:
    accounts: list[list[Child]] = [
        [row.code, row.name, row.type, account_class(row.type), row.tax_type, _notes(row), badge(row.status)]
        for row in one.accounts.values()
    ]
    rates: list[list[Child]] = [
        [row.tax_type, row.name, number(f"{effective_rate(row.components).normalize() + 0:f} %"), badge(row.status)]
        for row in one.tax_rates.values()
    ]
    tracking: list[list[Child]] = [
        [row.name, ", ".join(part.name for part in row.options if part.status == "ACTIVE"), badge(row.status)]
        for row in one.tracking
    ]
    return tag(
        "details",
        tag("summary", "Chart of accounts, tax rates, tracking"),
        table("Accounts", ("Code", "Name", "Type", "Class", "Tax", "Notes", "Status"), accounts),
        table("Tax rates", ("Code", "Name", "#Rate", "Status"), rates),
        table("Tracking", ("Category", "Options", "Status"), tracking),
    )


def _notes(one: Account) -> str:
    notes = ["takes payments"] if one.enable_payments else []
    return ", ".join([*notes, *([f"system: {one.system_account.lower()}"] if one.system_account else [])])
