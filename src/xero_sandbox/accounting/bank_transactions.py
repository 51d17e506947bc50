"""Bank transactions: receiving and spending money, overpayments and prepayments among it (xero-api reference 9)."""

from __future__ import annotations

from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.document_contact import find_contact
from xero_sandbox.accounting.listing import Table, answer_list, chosen
from xero_sandbox.accounting.recording import is_adviser, posting_of, writing_of
from xero_sandbox.accounting.replies import Outcome, success
from xero_sandbox.books import Books
from xero_sandbox.problems import not_found
from xero_sandbox.records.attached import HistoryEntry
from xero_sandbox.records.bank_transaction import BankTransaction
from xero_sandbox.rules.bank_transactions import (
    TYPES,
    copy_of_transaction,
    credit_noun,
    credit_of,
    drafted_transaction,
    edit_problems,
)
from xero_sandbox.rules.credits import copy_of_credit
from xero_sandbox.shapes.bank_transactions import paged_transaction_json, transaction_json, transaction_summary_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import NO_GUID, Fields, read_guid

PLURAL = "BankTransactions"
NO_FLAG = None  # they do not say whether they have errors [OAS]


def list_transactions(call: Call) -> Reply:
    page = chosen(call, _table(call.books), lambda _: call.organisation.bank_transactions.values(), lambda _one: True)
    shown = [
        paged_transaction_json(one, call.books, call.price_step)
        if page.pagination
        else transaction_summary_json(one, call.books)
        for one in page.records
    ]
    return answer_list(call, PLURAL, shown, page.pagination)


def show_transaction(call: Call) -> Reply:
    return success(call, PLURAL, [transaction_json(_found(call), call.books, call.price_step)])


def put_transactions(call: Call) -> Reply:
    return write_batch(call, PLURAL, NO_FLAG, _create)


def post_transactions(call: Call) -> Reply:
    return write_batch(call, PLURAL, NO_FLAG, _create_or_update)


def post_transaction(call: Call) -> Reply:
    target = _found(call)
    return write_batch(call, PLURAL, NO_FLAG, lambda call_, asked: _update(call_, asked, target))


def _create(call: Call, asked: Fields) -> Outcome:
    if asked.guid("BankTransactionID"):
        return _refused(asked, [messages.TRANSACTION_ID_ON_CREATE], None)
    kind = (asked.stripped("Type") or "").upper()
    if kind not in TYPES:
        return _refused(asked, [f"{messages.TRANSACTION_TYPE}: {', '.join(TYPES)}"], None)
    return _save(call, asked, None, _blank(call, kind))


def _create_or_update(call: Call, asked: Fields) -> Outcome:
    transaction_id = asked.guid("BankTransactionID")
    if not transaction_id:
        return _create(call, asked)
    target = call.books.bank_transaction(transaction_id)
    if target is None:
        return _refused(asked, [messages.not_found_by_id("Bank Transaction")], None)
    return _update(call, asked, target)


def _update(call: Call, asked: Fields, target: BankTransaction) -> Outcome:
    problems = edit_problems(call.books, target, asked, adviser=is_adviser(call))
    if problems:
        return _refused(asked, problems, target)
    if asked.stripped("Status") == "DELETED":
        return _delete(call, target)
    return _save(call, asked, target, copy_of_transaction(target))


def _save(call: Call, asked: Fields, target: BankTransaction | None, new: BankTransaction) -> Outcome:
    contact, problems = find_contact(call, asked, target.contact_id if target else None)
    if contact is None:
        return _refused(asked, problems, target)
    problems, warnings = drafted_transaction(writing_of(call), asked, target, new, contact)
    if problems:
        return _refused(asked, problems, target)
    noun = credit_noun(new.type)
    if noun and target is None:
        new.credit_id = str(uuid4())
        made = credit_of(new, noun, new.credit_id)
        posting_of(call).save_credit(made, "Created", f"{made.total} {made.currency} for {contact.name}")
    _store(call, new, "Edited" if target else "Created")
    return Outcome(transaction_json(new, call.books, call.price_step), [], warnings)


def _delete(call: Call, target: BankTransaction) -> Outcome:
    """With the transaction goes the overpayment or prepayment that it made: it is voided."""
    deleted = copy_of_transaction(target)
    deleted.status = "DELETED"
    if deleted.credit_id:
        voided = copy_of_credit(call.organisation.credits[deleted.credit_id])
        voided.status = "VOIDED"
        posting_of(call).save_credit(voided, "Voided", "Its bank transaction was deleted")
    _store(call, deleted, "Deleted")
    return Outcome(transaction_json(deleted, call.books, call.price_step))


def _store(call: Call, new: BankTransaction, change: str) -> None:
    new.updated = call.now
    new.history.append(HistoryEntry(call.now, change, f"{new.total} {new.currency}, {new.type}", call.person_name))
    call.books.keep(call.organisation.bank_transactions, new.transaction_id, new)


def _blank(call: Call, kind: str) -> BankTransaction:
    return BankTransaction(
        transaction_id=str(uuid4()),
        type=kind,
        contact_id="",
        account_id="",
        dated=call.today,
        updated=call.now,
        currency=call.organisation.base_currency,
        created_by=call.access.client_id,
    )


def _refused(asked: Fields, problems: list[str], target: BankTransaction | None) -> Outcome:
    return Outcome({**dict(asked.values), "BankTransactionID": target.transaction_id if target else NO_GUID}, problems)


def _found(call: Call) -> BankTransaction:
    found = call.books.bank_transaction(read_guid(call.parts["id"]))
    if found is None:
        raise not_found()
    return found


def _table(books: Books) -> Table[BankTransaction]:
    contacts, accounts = books.organisation.contacts, books.organisation.accounts
    return Table(
        PLURAL,
        {
            "banktransactionid": Field(Kind.TEXT, lambda one: one.transaction_id),
            "type": Field(Kind.TEXT, lambda one: one.type),
            "status": Field(Kind.TEXT, lambda one: one.status),
            "reference": Field(Kind.TEXT, lambda one: one.reference),
            "contact.contactid": Field(Kind.TEXT, lambda one: one.contact_id),
            "contact.name": Field(Kind.TEXT, lambda one: contacts[one.contact_id].name),
            "bankaccount.accountid": Field(Kind.TEXT, lambda one: one.account_id),
            "bankaccount.code": Field(Kind.TEXT, lambda one: accounts[one.account_id].code),
            "date": Field(Kind.DATE, lambda one: one.dated),
            "total": Field(Kind.NUMBER, lambda one: one.total),
            "isreconciled": Field(Kind.FLAG, lambda one: one.is_reconciled),
            "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
        },
        id_of=lambda one: one.transaction_id,
        updated_of=lambda one: one.updated,
    )
