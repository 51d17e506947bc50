"""The organisations, and one of them with its books."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xero_sandbox.books import Books
from xero_sandbox.control.bookkeeper import CannotDo, do
from xero_sandbox.html import Child, Markup, tag
from xero_sandbox.identity.connections import live_connections
from xero_sandbox.pages.documents import (
    EACH_MAX,
    OVER,
    contact_link,
    credit_link,
    invoice_link,
    payments_table,
)
from xero_sandbox.pages.forms import alert, form_of, search_form
from xero_sandbox.pages.layout import page
from xero_sandbox.pages.limits import gauges_of
from xero_sandbox.pages.matching import Search
from xero_sandbox.pages.parts import badge, day, facts, link, money, number, table
from xero_sandbox.problems import not_found
from xero_sandbox.records.bank_transaction import BankTransaction
from xero_sandbox.records.batch_payment import BatchPayment
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.accounts import account_class
from xero_sandbox.rules.amounts import effective_rate
from xero_sandbox.sandbox import Sandbox

Record = TypeVar("Record", Invoice, Contact, Credit, Payment, BankTransaction, BatchPayment)


async def show_organisations(request: Request) -> Response:
    """Show all of them, or what fits a search in any."""
    sandbox: Sandbox = request.app.state.sandbox
    asked = request.query_params.get("q", "").strip()
    cards = [_card(sandbox, one) for one in sandbox.world.organisations.values()]
    intro = tag(
        "p",
        "What an app writes through the API appears here at once. These books exist in this process only.",
        class_="quiet",
    )
    listed = tag("ul", cards, class_="cards") if cards else tag("p", "There are no organisations: reset to the demo.")
    return page(
        "Organisations",
        tag("h1", "Organisations"),
        search_form(asked, "Search all organisations: numbers, names, references, amounts, ids"),
        tag("div", _found(sandbox, asked)) if asked else tag("div", intro, listed),
        here="/_sandbox/",
    )


def _found(sandbox: Sandbox, asked: str) -> Child:
    search = Search(asked)
    found = [
        (sandbox.world.organisations[one], _books(sandbox.books(one), search)) for one in sandbox.world.organisations
    ]
    return [
        (tag("h2", link(f"/_sandbox/organisations/{one.organisation_id}", one.name)), tables)
        for one, tables in found
        if tables
    ] or _nothing(asked)


def _nothing(asked: str) -> Markup:
    return tag("p", f"Nothing holds all the words of “{asked}”.", class_="quiet")


async def show_organisation(request: Request) -> Response:
    return _shown(request, "")


async def change_organisation(request: Request) -> Response:
    """Do what the pressed button says, as a person in Xero would."""
    asked = await form_of(request)
    deed: dict[str, object] = {"organisation": request.path_params["id"], "do": asked.get("do", "")}
    if deed["do"] == "set lock date":
        deed |= {"date": asked.get("date") or None, "for": asked.get("for", "everyone")}
    try:
        do(request.app.state.sandbox, deed)
    except CannotDo as problem:
        return _shown(request, str(problem), 400)
    return RedirectResponse(f"/_sandbox/organisations/{request.path_params['id']}", 303)


def _shown(request: Request, problem: str, status: int = 200) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    organisation = sandbox.world.organisations.get(request.path_params["id"])
    if organisation is None:
        raise not_found()
    books = sandbox.books(organisation.organisation_id)
    asked = request.query_params.get("q", "").strip()
    return page(
        organisation.name,
        tag("p", link("/_sandbox/", "← Organisations")),
        tag("h1", organisation.name),
        alert(problem),
        tag("section", _about(organisation), gauges_of(sandbox, organisation.organisation_id), class_="sheet"),
        search_form(asked, "Search invoices, contacts, credits and payments"),
        tag("div", _books(books, Search(asked)) or _nothing(asked)),
        tag("div", _bank(books), _deeds(organisation), _settings(organisation)) if not asked else Markup(""),
        status=status,
    )


def _deeds(one: Organisation) -> Markup:
    turn = "come online" if one.offline else "go offline"
    locks = [tag("option", text) for text in ("everyone", "all but advisers")]
    return tag(
        "section",
        tag("h2", "As the bookkeeper"),
        tag(
            "form",
            tag("div", tag("label", "Lock date", for_="date"), tag("input", type="date", name="date", id="date")),
            tag("div", tag("label", "For", for_="for"), tag("select", locks, name="for", id="for")),
            tag(
                "div",
                tag("button", "Set lock date", name="do", value="set lock date"),
                tag("button", turn.capitalize(), name="do", value=turn),
                tag("button", "Disconnect all apps", name="do", value="disconnect app"),
                class_="actions",
            ),
            tag("p", "Without a date the lock is lifted.", class_="quiet hint"),
            method="post",
            action=f"/_sandbox/organisations/{one.organisation_id}",
        ),
        class_="sheet",
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


def _books(books: Books, search: Search) -> list[Markup]:
    """Return the tables of what fits; those without a row only when nothing is looked for."""
    one = books.organisation
    invoices = [row for row in one.invoices.values() if search.invoice(books, row)]
    contacts = [row for row in one.contacts.values() if search.contact(row)]
    credits_ = [row for row in one.credits.values() if search.credit(books, row)]
    payments = [row for row in one.payments.values() if search.payment(books, row)]
    tables = (
        _invoices(books, invoices) if invoices or search.is_empty else None,
        _contacts(contacts) if contacts or search.is_empty else None,
        _credits(books, credits_) if credits_ or search.is_empty else None,
        _payments(books, payments) if payments or search.is_empty else None,
    )
    return [table_ for table_ in tables if table_ is not None]


def _counted(name: str, found: Sequence[object]) -> str:
    shown = f", the newest {EACH_MAX}" if len(found) > EACH_MAX else ""
    return f"{name} ({len(found):,}{shown})" if found else name


def _newest(found: list[Record]) -> list[Record]:
    return sorted(found, key=lambda one: one.updated, reverse=True)[:EACH_MAX]


def _invoices(books: Books, found: list[Invoice]) -> Markup:
    rows: list[list[Child]] = [
        [
            invoice_link(one),
            "Sale" if one.type == "ACCREC" else "Bill",
            contact_link(books, one.contact_id),
            one.reference,
            day(one.dated),
            day(one.due_date),
            badge(one.status),
            number(f"{money(one.total)} {one.currency}"),
            number("–" if one.status in OVER else money(one.amount_due)),
        ]
        for one in _newest(found)
    ]
    heads = ("Number", "Type", "Contact", "Reference", "Date", "Due", "Status", "#Total", "#Due now")
    return table(_counted("Invoices and bills", found), heads, rows)


def _contacts(found: list[Contact]) -> Markup:
    rows: list[list[Child]] = [
        [
            link(f"/_sandbox/contacts/{one.contact_id}", one.name),
            one.email,
            one.contact_number,
            " and ".join(word for word, so in (("customer", one.is_customer), ("supplier", one.is_supplier)) if so),
            badge(one.status),
        ]
        for one in sorted(_newest(found), key=lambda one: one.name.casefold())
    ]
    return table(_counted("Contacts", found), ("Name", "E-mail", "Contact number", "Is", "Status"), rows)


def _credits(books: Books, found: list[Credit]) -> Markup:
    rows: list[list[Child]] = [
        [
            credit_link(one),
            one.type,
            contact_link(books, one.contact_id),
            one.reference,
            day(one.dated),
            badge(one.status),
            number(f"{money(one.total)} {one.currency}"),
            number("–" if one.status in OVER else money(one.remaining)),
        ]
        for one in _newest(found)
    ]
    heads = ("Number", "Type", "Contact", "Reference", "Date", "Status", "#Total", "#Left")
    return table(_counted("Credit notes, overpayments and prepayments", found), heads, rows)


def _payments(books: Books, found: list[Payment]) -> Markup:
    return payments_table(books, _newest(found), _counted("Payments", found))


def _bank(books: Books) -> Child:
    """Return what few organisations have: nothing without a row."""
    one = books.organisation
    transactions: list[list[Child]] = [
        [
            link(f"/_sandbox/bank-transactions/{row.transaction_id}", row.type),
            contact_link(books, row.contact_id) if row.contact_id else "",
            one.accounts[row.account_id].name,
            row.reference,
            day(row.dated),
            badge(row.status),
            number(f"{money(row.total)} {row.currency}"),
        ]
        for row in _newest(list(one.bank_transactions.values()))
    ]
    batches: list[list[Child]] = [
        [
            row.type,
            one.accounts[row.account_id].name,
            row.reference,
            day(row.dated),
            badge(row.status),
            number(str(len(row.payment_ids))),
        ]
        for row in _newest(list(one.batch_payments.values()))
    ]
    transaction_heads = ("Type", "Contact", "Account", "Reference", "Date", "Status", "#Total")
    batch_heads = ("Type", "Account", "Reference", "Date", "Status", "#Payments")
    return (
        table("Bank transactions", transaction_heads, transactions) if transactions else None,
        table("Batches of payments", batch_heads, batches) if batches else None,
    )


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
