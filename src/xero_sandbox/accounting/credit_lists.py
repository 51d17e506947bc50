"""Credit notes, overpayments and prepayments: look-ups and lists (xero-api reference 5 and 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, answer_list, chosen, ids_asked
from xero_sandbox.accounting.replies import Json, success
from xero_sandbox.books import Books
from xero_sandbox.problems import not_found
from xero_sandbox.records.credit import Credit, CreditNoun
from xero_sandbox.shapes.credits import credit_json, credit_light_json, credit_summary_json, paged_credit_json
from xero_sandbox.shapes.embedded import PLURALS
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import looks_like_guid
from xero_sandbox.wire.texts import plain_text


def found_credit_note(call: Call) -> Credit:
    """Return the credit note whose id or number is in the path."""
    asked = call.parts["id"]
    if looks_like_guid(asked):
        return found_credit(call, CreditNoun.CREDIT_NOTE)
    numbered = call.books.credits.numbered(asked)
    if not numbered:
        raise not_found()
    return numbered[0]


def found_credit(call: Call, noun: CreditNoun) -> Credit:
    found = call.books.credits.get(noun, call.parts["id"])
    if found is None:
        raise not_found()
    return found


def show_credit_note(call: Call) -> Reply:
    return success(call, "CreditNotes", [credit_json(found_credit_note(call), call.books, call.price_step)])


def show_overpayment(call: Call) -> Reply:
    return _show(call, CreditNoun.OVERPAYMENT)


def show_prepayment(call: Call) -> Reply:
    return _show(call, CreditNoun.PREPAYMENT)


def list_credit_notes(call: Call) -> Reply:
    return _list(call, CreditNoun.CREDIT_NOTE)


def list_overpayments(call: Call) -> Reply:
    return _list(call, CreditNoun.OVERPAYMENT, call.query.listed("References"))


def list_prepayments(call: Call) -> Reply:
    return _list(call, CreditNoun.PREPAYMENT, call.query.listed("InvoiceNumbers"))


def _show(call: Call, noun: CreditNoun) -> Reply:
    return success(call, PLURALS[noun], [credit_json(found_credit(call, noun), call.books, call.price_step)])


def _list(call: Call, noun: CreditNoun, references: list[str] | None = None) -> Reply:
    """`references` narrows to credits with one of these references: a prepayment's number is its reference."""
    summary_only = call.query.flag("summaryOnly")
    ids = ids_asked(call, "IDs")
    wanted = None if references is None else {plain_text(one) for one in references}
    page = chosen(
        call,
        credit_table(call.books, noun),
        lambda equal: _candidates(call, noun, equal),
        lambda one: (ids is None or one.credit_id in ids) and (wanted is None or plain_text(one.reference) in wanted),
        paged_anyway=summary_only,
    )
    shown = [_shape(call, one, summary_only=summary_only, paged=page.pagination is not None) for one in page.records]
    return answer_list(call, PLURALS[noun], shown, page.pagination)


def _shape(call: Call, one: Credit, *, summary_only: bool, paged: bool) -> Json:
    if summary_only:
        return credit_light_json(one, call.books)
    if paged:
        return paged_credit_json(one, call.books, call.price_step)
    return credit_summary_json(one, call.books)


def _candidates(call: Call, noun: CreditNoun, equal: Mapping[str, str]) -> Iterable[Credit]:
    """Return what can match at all, from an index where one answers."""
    if "contact.contactid" in equal:
        return [one for one in call.books.credits.of_contact(equal["contact.contactid"]) if one.noun is noun]
    if "creditnotenumber" in equal and noun is CreditNoun.CREDIT_NOTE:
        return call.books.credits.numbered(equal["creditnotenumber"])
    return call.books.credits.all(noun)


def credit_table(books: Books, noun: CreditNoun) -> Table[Credit]:
    contacts = books.organisation.contacts
    fields: dict[str, Field[Credit]] = {
        f"{noun.lower()}id": Field(Kind.TEXT, lambda one: one.credit_id),
        "reference": Field(Kind.TEXT, lambda one: one.reference),
        "type": Field(Kind.TEXT, lambda one: one.type),
        "status": Field(Kind.TEXT, lambda one: one.status),
        "currencycode": Field(Kind.TEXT, lambda one: one.currency),
        "contact.contactid": Field(Kind.TEXT, lambda one: one.contact_id),
        "contact.name": Field(Kind.TEXT, lambda one: contacts[one.contact_id].name),
        "contact.contactnumber": Field(Kind.TEXT, lambda one: contacts[one.contact_id].contact_number),
        "date": Field(Kind.DATE, lambda one: one.dated),
        "duedate": Field(Kind.DATE, lambda one: one.due_date),
        "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
        "remainingcredit": Field(Kind.NUMBER, lambda one: one.remaining),
        "subtotal": Field(Kind.NUMBER, lambda one: one.sub_total),
        "totaltax": Field(Kind.NUMBER, lambda one: one.total_tax),
        "total": Field(Kind.NUMBER, lambda one: one.total),
    }
    if noun is CreditNoun.CREDIT_NOTE:
        fields["creditnotenumber"] = Field(Kind.TEXT, lambda one: one.number)
    return Table(PLURALS[noun], fields, id_of=lambda one: one.credit_id, updated_of=lambda one: one.updated)
