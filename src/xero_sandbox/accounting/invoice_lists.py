"""Invoices: look-ups and lists (xero-api reference 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, answer_list, chosen, ids_asked
from xero_sandbox.accounting.printing import PDF, pdf_reply
from xero_sandbox.accounting.replies import Json, success
from xero_sandbox.books import Books
from xero_sandbox.problems import not_found
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.shapes.invoices import (
    invoice_json,
    invoice_light_json,
    invoice_summary_json,
    paged_invoice_json,
)
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import looks_like_guid
from xero_sandbox.wire.texts import plain_text


def found_invoice(call: Call) -> Invoice:
    """Return the invoice whose id or number is in the path."""
    asked = call.parts["id"]
    if looks_like_guid(asked):
        found = call.books.invoice(asked)
    else:
        found = next(iter(call.books.invoices_numbered(asked)), None)
    if found is None:
        raise not_found()
    return found


def show_invoice(call: Call) -> Reply:
    """Return the invoice, or its PDF where the caller accepts that and no JSON [INV]."""
    invoice = found_invoice(call)
    if PDF in call.accept and "application/json" not in call.accept:
        return pdf_reply(invoice, call.books)
    return success(call, "Invoices", [invoice_json(invoice, call.books, call.price_step)])


def list_invoices(call: Call) -> Reply:
    summary_only = call.query.flag("summaryOnly")
    statuses = call.query.listed("Statuses")
    page = chosen(
        call,
        invoice_table(call.books),
        lambda equal: _candidates(call, equal),
        _keep(call, statuses),
        paged_anyway=summary_only or statuses is not None,
    )
    shown = [_shape(call, one, summary_only=summary_only, paged=page.pagination is not None) for one in page.records]
    return answer_list(call, "Invoices", shown, page.pagination)


def _shape(call: Call, one: Invoice, *, summary_only: bool, paged: bool) -> Json:
    if summary_only:
        return invoice_light_json(one, call.books)
    if paged:
        return paged_invoice_json(one, call.books, call.price_step)
    return invoice_summary_json(one, call.books)


def _keep(call: Call, statuses: list[str] | None) -> Callable[[Invoice], bool]:
    """Return the test of the list parameters. Deleted drafts stay in the list, as voided ones do (assumed)."""
    contacts = ids_asked(call, "ContactIDs")
    term = plain_text(call.query.text("searchTerm") or "")
    mine = call.access.client_id if call.query.flag("createdByMyApp") else None
    wanted = None if statuses is None else {one.upper() for one in statuses}

    def keep(one: Invoice) -> bool:
        return (
            (wanted is None or one.status in wanted)
            and (contacts is None or one.contact_id in contacts)
            and (mine is None or one.created_by == mine)
            and (not term or term in plain_text(one.number) or term in plain_text(one.reference))
        )

    return keep


def _candidates(call: Call, equal: Mapping[str, str]) -> Iterable[Invoice]:
    """Return what can match at all, from an index where one answers."""
    books = call.books
    ids = ids_asked(call, "IDs") or _one(equal, "invoiceid")
    if ids is not None:
        return [found for one in ids if (found := books.invoice(one))]
    numbers = call.query.listed("InvoiceNumbers") or _one(equal, "invoicenumber")
    if numbers is not None:
        return {one.invoice_id: one for number in numbers for one in books.invoices_numbered(number)}.values()
    contacts = ids_asked(call, "ContactIDs") or _one(equal, "contact.contactid")
    if contacts is not None:
        return [one for contact_id in contacts for one in books.invoices_of_contact(contact_id)]
    return books.organisation.invoices.values()


def _one(equal: Mapping[str, str], name: str) -> set[str] | None:
    """Return the one value that a filter asks for; no number has letters beyond ASCII, so an index finds all."""
    return {equal[name]} if name in equal else None


def invoice_table(books: Books) -> Table[Invoice]:
    contacts = books.organisation.contacts
    return Table(
        "Invoices",
        {
            "invoiceid": Field(Kind.TEXT, lambda one: one.invoice_id),
            "invoicenumber": Field(Kind.TEXT, lambda one: one.number),
            "reference": Field(Kind.TEXT, lambda one: one.reference),
            "type": Field(Kind.TEXT, lambda one: one.type),
            "status": Field(Kind.TEXT, lambda one: one.status),
            "currencycode": Field(Kind.TEXT, lambda one: one.currency),
            "url": Field(Kind.TEXT, lambda one: one.url),
            "contact.contactid": Field(Kind.TEXT, lambda one: one.contact_id),
            "contact.name": Field(Kind.TEXT, lambda one: contacts[one.contact_id].name),
            "contact.contactnumber": Field(Kind.TEXT, lambda one: contacts[one.contact_id].contact_number),
            "date": Field(Kind.DATE, lambda one: one.dated),
            "duedate": Field(Kind.DATE, lambda one: one.due_date),
            "fullypaidondate": Field(Kind.DATE, lambda one: one.fully_paid_on),
            "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
            "amountdue": Field(Kind.NUMBER, lambda one: one.amount_due),
            "amountpaid": Field(Kind.NUMBER, lambda one: one.amount_paid),
            "amountcredited": Field(Kind.NUMBER, lambda one: one.amount_credited),
            "subtotal": Field(Kind.NUMBER, lambda one: one.sub_total),
            "totaltax": Field(Kind.NUMBER, lambda one: one.total_tax),
            "total": Field(Kind.NUMBER, lambda one: one.total),
            "senttocontact": Field(Kind.FLAG, lambda one: one.sent_to_contact),
        },
        id_of=lambda one: one.invoice_id,
        updated_of=lambda one: one.updated,
    )
